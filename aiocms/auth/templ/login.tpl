{#
auth:login: the login page.

Variables
  form   LoginForm: username, password, next and carried (hidden: a form that waits for the login);
         form.form_errors says what was wrong

Blocks: title, head, content, below, scripts (see core:gate)
#}
{% extends "core:gate" %}
{% import "core:forms" as forms with context %}
{% block title %}{{ _("Log in") }}{% endblock %}
{% block content %}
<h1>{{ _("Log in") }}</h1>
<form method="post" action="{{ url_for('auth:login') }}" class="a-form">
  {{ csrf_input() }}
  {{ forms.form_errors(form) }}
  {{ form.next() }}
  {% if form.carried.data %}{{ form.carried() }}
  <p>{{ _("Your login has ended. What you typed is kept: log in and go on.") }}</p>{% endif %}
  {{ forms.field(form.username) }}
  {{ forms.field(form.password) }}
  <button class="btn btn-primary w-100">{{ _("Log in") }}</button>
</form>
{% endblock %}

{#
auth:resume: after a login that a form had to wait for: the way back to the form, with everything typed.

Variables
  carried   path, fields: pairs of name and value; files: pairs of the field's and the file's name that must be chosen
            again

Blocks: title, head, content, below, scripts (see core:gate)
#}
{% extends "core:gate" %}
{% block title %}{{ _("Welcome back") }}{% endblock %}
{% block content %}
<h1>{{ _("Welcome back") }}</h1>
<p>{{ _("What you typed before the login ended is still here. It is shown to you once more; then save it.") }}</p>
{% if carried.files %}
<div class="alert alert-warning" role="alert">
  <p>{{ _("Files cannot be kept that long. Choose them again in the form:") }}</p>
  <ul class="mb-0">{% for name, file in carried.files %}<li><b>{{ file }}</b> ({{ name }})</li>{% endfor %}</ul>
</div>
{% endif %}
<form method="post" action="{{ carried.path }}" class="a-form">
  {% for name, value in carried.fields %}{% if "\n" in value or "\r" in value %}<textarea hidden name="{{ name }}">
{{ value }}</textarea>{% else %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endif %}
  {% endfor %}
  <button class="btn btn-primary w-100" autofocus>{{ _("Back to the form") }}</button>
</form>
{% endblock %}

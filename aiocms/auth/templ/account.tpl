{#
auth:account: one's own page.

Variables
  profile    ProfileForm: display_name, language, time_zone, theme
  password   PasswordForm: current, new, repeat
  user       whose account it is

Blocks: title, head, content, scripts (see core:layout)
#}
{% extends "core:layout" %}
{% import "core:forms" as forms with context %}
{% block title %}{{ _("Your account") }} · {{ super() }}{% endblock %}
{% block content %}
<h1>{{ _("Your account") }}</h1>
<p>{{ _("Logged in as %(name)s", name=user.username) }}{% if user.email %} · {{ user.email }}{% endif %}</p>

<section class="a-setting" aria-labelledby="account-profile">
  <h2 id="account-profile">{{ _("Your choices") }}</h2>
  <form method="post" action="{{ url_for('auth:account') }}" class="a-form">
    {{ forms.form(profile) }}
    <button class="btn btn-primary">{{ _("Save") }}</button>
  </form>
</section>

<section class="a-setting" aria-labelledby="account-password">
  <h2 id="account-password">{{ _("Password") }}</h2>
  <form method="post" action="{{ url_for('auth:password') }}" class="a-form">
    <input type="text" name="username" value="{{ user.username }}" autocomplete="username" hidden readonly>
    {{ forms.form(password) }}
    <button class="btn btn-quiet">{{ _("Change password") }}</button>
  </form>
</section>

<section class="a-setting" aria-labelledby="account-sessions">
  <h2 id="account-sessions">{{ _("Other devices") }}</h2>
  <p>{{ _("Log out everywhere but here.") }}</p>
  <form method="post" action="{{ url_for('auth:end_sessions') }}">
    {{ csrf_input() }}
    <button class="btn btn-quiet">{{ _("Log out other devices") }}</button>
  </form>
</section>
{% endblock %}

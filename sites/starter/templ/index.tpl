{# The home page. Variables: latest (the newest entries of the app notes). #}
{% extends "core:layout" %}

{% block title %}{{ settings.title }}{% endblock %}

{% block head %}
  {{ super() }}
  <link rel="stylesheet" href="{{ static("site.css") }}">
{% endblock %}

{% block content %}
  <section class="welcome">
    <h1>{{ settings.title }}</h1>
    <p>It works. Here is where to go on.</p>
    <p class="a-row">
      <a class="btn btn-primary" href="{{ url_for("notes:index") }}">Notes</a>
      {% if "admin" in request.plan.namespaces %}
        <a class="btn btn-quiet" href="{{ url_for("admin:index") }}">Admin</a>
      {% endif %}
    </p>
  </section>

  {% if latest %}
    <h2>Latest notes</h2>
    <ul>
      {% for entry in latest %}
        <li><a href="{{ url_for("notes:detail", slug=entry.slug) }}">{{ entry.title }}</a></li>
      {% endfor %}
    </ul>
  {% endif %}

  <ul class="steps">
    <li>{{ icon("pencil") }}<h2>Change this page</h2><p>It is <code>templ/index.tpl</code>; its view is in <code>views.py</code>, its colours and logo in <code>settings.py</code>.</p></li>
    <li>{{ icon("journal-text") }}<h2>Look at an app</h2><p><code>apps/notes</code> has pages, a collection and a screen of the admin. <code>aiocms startapp NAME</code> makes another.</p></li>
    <li>{{ icon("person-gear") }}<h2>Enter the admin</h2><p><code>aiocms createuser --superuser</code> makes the account to log in with.</p></li>
  </ul>
{% endblock %}

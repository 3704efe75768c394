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
    <p>It works. This page is <code>templ/index.tpl</code>; its view is in <code>views.py</code>.</p>
    <p>
      <a class="btn btn-primary" href="{{ url_for("notes:index") }}">Notes</a>
      {% if "admin" in request.plan.namespaces %}
        <a class="btn btn-outline-secondary" href="{{ url_for("admin:index") }}">Admin</a>
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
{% endblock %}

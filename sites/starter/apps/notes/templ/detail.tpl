{# One entry. Variables: entry. #}
{% extends "core:layout" %}

{% block title %}{{ entry.title }}{% endblock %}

{% block head %}
  {{ super() }}
  <link rel="stylesheet" href="{{ static("notes:notes.css") }}">
{% endblock %}

{% block content %}
  <article>
    <h1>{{ entry.title }}</h1>
    <p class="text-body-secondary">{{ entry.written | date }}</p>
    <div class="entry-text">{{ entry.text }}</div>
  </article>
  <p><a href="{{ url_for("notes:index") }}">All notes</a></p>
{% endblock %}

{# The list of entries. Variables: entries. #}
{% extends "core:layout" %}

{% block title %}Notes{% endblock %}

{% block content %}
  <h1>Notes</h1>
  {% for entry in entries %}
    <article>
      <h2><a href="{{ url_for("notes:detail", slug=entry.slug) }}">{{ entry.title }}</a></h2>
      <p class="text-body-secondary">{{ entry.written | date }}</p>
    </article>
  {% else %}
    <p>Nothing here yet.</p>
    {% if "admin" in request.plan.namespaces %}
      <p><a href="{{ url_for("admin:create", ns="notes", screen="entries") }}">Write the first one.</a></p>
    {% endif %}
  {% endfor %}
{% endblock %}

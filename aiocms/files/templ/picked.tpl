{#
files:picked: what the drawer reads when a file of the library was chosen.

Variables
  record   the file: id, name, type, size
#}
{% extends "admin:layout" %}
{% block content %}
<p class="a-pad" data-picked data-id="{{ record.id }}" data-label="{{ record.name }}"><a href="{{ url_for('files:file', id=record.id) }}">{{ record.name }}</a></p>
{% endblock %}

{#
files:admin/files/list: the library: the list of files, with a button that leads to the page of uploads.

Variables: see admin:list.
#}
{% extends "admin:list" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('files:files.css') }}">{% endblock %}
{% block actions %}
{{ super() }}
{% if user.can("files.files.add") %}<a class="btn btn-primary" href="{{ url_for('files:upload') }}">{{ icon("upload") }}{{ _("Upload") }}</a>{% endif %}
{% endblock %}

{#
files:admin/files/edit: a file of the library, with its picture or a link to its content.

Variables: see admin:edit; document_id is the file's id.
#}
{% extends "admin:edit" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('files:files.css') }}">{% endblock %}
{% block aside %}
{% set stored = opened.document.python() %}
<section>
  <h2>{{ _("Content") }}</h2>
  {% if stored.width %}<a href="{{ url_for('files:file', id=document_id) }}" target="_blank" rel="noopener"><img class="f-fact-image" src="{{ url_for('files:thumb', id=document_id, size='card') }}" alt="{{ stored.name }}"></a>
  {% else %}<p><a class="btn btn-quiet" href="{{ url_for('files:file', id=document_id) }}">{{ icon("download") }}{{ _("Download") }}</a></p>{% endif %}
</section>
{{ super() }}
{% endblock %}

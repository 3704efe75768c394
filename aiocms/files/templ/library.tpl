{#
files:library: the files to choose one from, in the drawer of an edit page.

Variables
  files      id, name, type, size, width, height, is_image
  only       "images" or "files"; text: what is looked for
  next_url   the next page, or ""
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% import "files:grid" as grid with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('files:files.css') }}">{% endblock %}
{% block content %}
<div class="a-pad f-library">
<form class="a-row" role="search" action="{{ url_for('files:library') }}">
  <input type="hidden" name="only" value="{{ only }}">
  <label class="a-input-icon">{{ icon("search") }}<span class="a-sr">{{ _("Search") }}</span>
    <input class="form-control" type="search" name="q" value="{{ text }}" maxlength="100" placeholder="{{ _('Name of a file') }}"></label>
  <button class="btn btn-quiet">{{ _("Search") }}</button>
</form>
{% if files %}
<ul class="f-grid">
{% for file in files %}
  <li><form action="{{ url_for('files:pick', id=file.id) }}"><button class="f-card" title="{{ file.name }}">{{ grid.face(file) }}</button></form></li>
{% endfor %}
</ul>
{% if next_url %}<p><a class="btn btn-quiet" href="{{ next_url }}">{{ _("More") }}</a></p>{% endif %}
{% else %}
{% call m.empty("images", _("No file here"), _("Files that were uploaded will be offered here.")) %}{% endcall %}
{% endif %}
</div>
{% endblock %}

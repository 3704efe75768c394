{#
admin:cell: the form of one cell of a list, as a page; cells.js puts its form into the table.
Fallback names as admin:edit.

Blocks besides those of admin:layout: form (the field)

Variables
  screen, opened   the screen; what is opened
  cell             url, spot (label, path, column), messages, conflicts (see admin:conflict), is_closed: there is nothing to
                   edit, edit_url: the document's page
  editor, node     the editor; node: the part (admin:field) of an inferred form, none of a declared one
  declared         whether editor.field is a field of the screen's own form
  token, names, part_names, list_url, reason   as in admin:edit
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% import part_names.field as parts with context %}
{% import part_names.declared as declared_parts with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:edit.css') }}"><link rel="stylesheet" href="{{ static('admin:cells.css') }}">{% endblock %}
{% block content %}
<form class="a-cell-form" method="post" action="{{ cell.url }}" autocomplete="off" novalidate data-cell>
{{ csrf_input() }}
<input type="hidden" name="_base" value="{{ token }}">
{% if not cell.is_closed %}<button class="a-sr" tabindex="-1" aria-hidden="true">{{ _("Save") }}</button>{% endif %}
{{ parts.glyphs() }}
{% for message in cell.messages %}{% call m.note("bad", "exclamation-triangle") %}<p>{{ message }}</p>{% endcall %}{% endfor %}
{% if cell.conflicts %}
{% call m.note("warn", "people") %}<p>{{ _("Somebody else changed this value while you were editing. Choose which stays.") }}</p>{% endcall %}
<input type="hidden" name="_resolve" value="1">
{% for row in cell.conflicts %}
<fieldset class="a-conflict-row">
  <legend class="a-path">{{ row.path }}</legend>
  <div class="a-versions">
    <div class="a-version is-base"><span class="a-version-name">{{ _("Before") }}</span>{{ version(row.base) }}</div>
    <label class="a-version"><span class="a-version-name"><input class="form-check-input" type="radio" name="{{ row.input }}" value="theirs" required> {{ _("Theirs") }}</span>{{ version(row.theirs) }}</label>
    <label class="a-version"><span class="a-version-name"><input class="form-check-input" type="radio" name="{{ row.input }}" value="mine" required> {{ _("Yours") }}</span>{{ version(row.mine) }}</label>
  </div>
  <input type="hidden" name="_seen~{{ row.path }}" value="{{ row.seen }}">
</fieldset>
{% endfor %}
{% endif %}
{% if not cell.is_closed %}
<div class="a-cell-field">
{% block form %}
{% if declared %}{{ declared_parts.part(editor.field) }}
{% elif node %}
  {% if node.removed or node.stub is not none or node.kind == "array" %}{{ parts.part(node) }}
  {% elif node.kind == "object" %}<div class="a-label">{{ cell.spot.label }}</div>{{ parts.errors(node) }}{{ parts.object(node, true) }}
  {% else %}<div class="a-label-row"><label class="a-name" for="{{ node.name }}">{{ cell.spot.label }}</label>{{ parts.type(node) }}</div>{{ parts.scalar(node, true) }}
  {% endif %}
{% endif %}
{% endblock %}
</div>
{% endif %}
<div class="a-cell-buttons">
  <a class="btn btn-ghost btn-sm" href="{{ list_url }}" data-cell-cancel>{{ _("Cancel") }}</a>
  {% if cell.is_closed %}<a class="btn btn-quiet btn-sm" href="{{ cell.edit_url }}">{{ _("Open the document") }}</a>
  {% else %}<button class="btn btn-primary btn-sm">{{ _("Save") }}</button>{% endif %}
</div>
<input type="hidden" name="_end" value="1">
</form>
{% endblock %}
{% macro version(one) %}
{% if one is none %}<span class="a-null">{{ _("not there") }}</span>{% else %}<span class="a-type">{{ one.kind }}</span><div class="a-version-text">{{ one.text }}</div>{% endif %}
{% endmacro %}

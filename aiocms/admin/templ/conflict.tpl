{#
admin:conflict: somebody else changed the same fields. Fallback names as admin:edit.
Variables: screen, opened, rows (path, base, theirs, mine: kind and text, or None; input, seen), token,
typed (inputs that travel on), list_url, undo (a record, when a change is taken back)
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:edit.css') }}">{% endblock %}
{% block content %}
<form class="a-pad a-conflict" method="post" data-conflict{% if undo is defined %} action="{{ opened.url('edit') }}"{% endif %}>
  {{ csrf_input() }}
  {% if undo is defined %}
  {% call m.note("warn", "exclamation-triangle") %}<p>{{ _("This change cannot be taken back: the same fields were changed since. Nothing was written.") }}</p>{% endcall %}
  {% else %}
  {% call m.note("warn", "people") %}<p>{{ _("Somebody else changed the same fields while you were editing. Choose for each which value stays; everything else you typed is saved too.") }}</p>{% endcall %}
  {% endif %}
  {% for row in rows %}
  <fieldset class="a-conflict-row">
    <legend class="a-path">{{ row.path }}</legend>
    <div class="a-versions">
      <div class="a-version is-base"><span class="a-version-name">{{ _("Before") }}</span>{{ value(row.base) }}</div>
      <label class="a-version"><span class="a-version-name"><input class="form-check-input" type="radio" name="{{ row.input }}" value="theirs" required{% if undo is defined %} disabled{% endif %}> {{ _("Theirs") }}</span>{{ value(row.theirs) }}</label>
      <label class="a-version"><span class="a-version-name"><input class="form-check-input" type="radio" name="{{ row.input }}" value="mine" required{% if undo is defined %} disabled{% endif %}> {{ _("Yours") }}</span>{{ value(row.mine) }}</label>
    </div>
    <input type="hidden" name="_seen~{{ row.path }}" value="{{ row.seen }}">
  </fieldset>
  {% endfor %}
  {% if undo is defined %}
  <div class="a-savebar"><a class="btn btn-primary" href="{{ opened.url('edit') }}">{{ _("Open the document") }}</a></div>
  {% else %}
  <input type="hidden" name="_base" value="{{ token }}">
  {% for name, text in typed %}{% if "\n" in text %}<textarea hidden name="{{ name }}">
{{ text }}</textarea>{% else %}<input type="hidden" name="{{ name }}" value="{{ text }}">{% endif %}
  {% endfor %}
  <input type="hidden" name="_resolve" value="1">
  <div class="a-savebar">
    <button class="btn btn-ghost" name="_op" value="back" formnovalidate>{{ _("Back to the form") }}</button>
    <button class="btn btn-primary">{{ _("Save") }}</button>
  </div>
  <input type="hidden" name="_end" value="1">
  {% endif %}
</form>
{% endblock %}
{% macro value(one) %}
{% if one is none %}<span class="a-null">{{ _("not there") }}</span>{% else %}<span class="a-type">{{ one.kind }}</span><div class="a-version-text">{{ one.text }}</div>{% endif %}
{% endmacro %}

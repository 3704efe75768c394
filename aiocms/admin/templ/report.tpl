{#
admin:report: an aggregation as a read-only list. Special names win: <ns>:admin/<report>/report, <ns>:admin/report.

Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).

Variables
  report         the Report; title: its name; about: what it is, or ""; address: its address without query
  refused        why it may not run; then only the above are there
  columns        label, path, is_number, sorted, url (sort by it) or ""
  rows           each: cells (html, label, is_number), url (the list of the documents behind it) or ""
  state, chips   what the address says; active filters: label, operator, text, without
  problems       parts of the address that were not understood: (text, key);  fault: why there are no rows
  count, noun    number of rows ("10,000+"), "row" or "rows"
  previous, next addresses of pages or None;  is_cut: pages end here although there are more rows
  offered, operators, kept   for the filter form: (path, label, operators), name to text, hidden inputs
  edit_url       where its pipeline is changed, or ""
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:list.css') }}"><link rel="stylesheet" href="{{ static('admin:reports.css') }}">{% endblock %}
{% block main_class %}a-fit{% endblock %}
{% block actions %}{{ super() }}{% if edit_url %}<a class="btn btn-quiet" href="{{ edit_url }}">{{ icon("pencil") }}{{ _("Pipeline") }}</a>{% endif %}{% endblock %}
{% block content %}
{% if refused %}
{% call m.empty("shield-lock", _("This report cannot be shown"), refused) %}<a class="btn btn-quiet" href="{{ url_for('admin:index') }}">{{ _("Overview") }}</a>{% endcall %}
{% else %}
<div class="a-results" id="list">
<div class="a-toolbar">
  <form class="a-search" role="search" action="{{ address }}">
    {% for key, text in kept.q %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
    <label class="a-input-icon">{{ icon("search") }}<span class="a-sr">{{ _("Search") }}</span>
      <input class="form-control" type="search" name="q" value="{{ state.search }}" maxlength="200" placeholder="{{ _('Search') }}" autocomplete="off"></label>
  </form>
  <details class="a-menu">
    <summary class="btn btn-quiet">{{ icon("funnel") }}{{ _("Filter") }}</summary>
    <div class="a-menu-list a-panel">
      <form class="a-fields" action="{{ address }}">
        {% for key, text in kept.filter %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
        <label class="a-field"><span class="a-label">{{ _("Field") }}</span>
          <select class="form-select" name="add">{% for path, label, names in offered %}<option value="{{ path }}">{{ label }}</option>{% endfor %}</select></label>
        <label class="a-field"><span class="a-label">{{ _("Condition") }}</span>
          <select class="form-select" name="op">{% for name, text in operators.items() %}<option value="{{ name }}">{{ text }}</option>{% endfor %}</select></label>
        <label class="a-field"><span class="a-label">{{ _("Value") }}</span><input class="form-control" name="value" maxlength="1000" autocomplete="off"></label>
        <button class="btn btn-primary">{{ _("Add filter") }}</button>
      </form>
    </div>
  </details>
  {% if about %}<span class="a-muted a-push a-wide-only">{{ about }}</span>{% endif %}
</div>
<div class="a-line" role="status">
  <span>{% if count %}<b class="a-total">{{ count }}</b> {{ noun }}{% endif %}</span>
  {% for chip in chips %}<span class="a-chip"><b>{{ chip.label }}</b> <span>{{ chip.operator }} {{ chip.text }}</span><a href="{{ chip.without }}" aria-label="{{ _('Remove the filter %(name)s', name=chip.label) }}">{{ icon("x") }}</a></span>{% endfor %}
</div>
{% for text, key in problems %}<div class="a-note is-bad a-problem" role="alert">{{ icon("exclamation-octagon") }}<div>{% if key %}<b class="a-mono">{{ key }}</b> {% endif %}{{ text }}</div></div>{% endfor %}
{% if fault %}
{% call m.empty("exclamation-triangle", _("The report could not be read"), fault) %}<a class="btn btn-quiet" href="{{ address }}">{{ _("Start again") }}</a>{% endcall %}
{% elif rows %}
<div class="a-scroll" tabindex="0" role="region" aria-label="{{ title }}">
<table class="a-table a-list a-report">
<thead><tr>{% for head in columns %}<th scope="col" class="{{ 'a-label' if loop.first else 'a-num' if head.is_number }}"{% if head.sorted %} aria-sort="{{ head.sorted }}"{% endif %} title="{{ head.path }}">{% if head.url %}<a href="{{ head.url }}"><bdi>{{ head.label }}</bdi>{% if head.sorted %}{{ icon("arrow-up" if head.sorted == "ascending" else "arrow-down") }}{% endif %}</a>{% else %}{{ head.label }}{% endif %}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}<tr>{% for cell in row.cells %}{% if loop.first %}<th scope="row" class="a-label">{% if row.url %}<a href="{{ row.url }}">{{ cell.html }}</a>{% else %}{{ cell.html }}{% endif %}</th>{% else %}<td{% if cell.is_number %} class="a-num"{% endif %} data-label="{{ cell.label }}">{{ cell.html }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
<div class="a-bar">{{ m.pager(none, previous, next, none) }}{% if is_cut %}<span>{{ _("A report shows so many rows at most: narrow it to see others.") }}</span>{% endif %}</div>
{% elif not problems %}
{% call m.empty("search", _("Nothing matches")) %}<a class="btn btn-quiet" href="{{ address }}">{{ _("Remove all filters") }}</a>{% endcall %}
{% endif %}
</div>
{% endif %}
{% endblock %}

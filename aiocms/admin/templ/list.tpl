{#
admin:list: the list of a screen. Special names win: <ns>:admin/<screen>/list, <ns>:admin/list, admin:list;
the same for its parts: list/results, list/views, list/filters, list/line, list/table, list/row, list/paging.
htmx asks for list/results alone. The panels of the tools are admin:list/panel and its bodies.

Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).

Variables
  screen          the Screen; title: its name
  rows            id, url, label, cells (HTML or text, one for each of heads), html (the cells with their tags), peek (a link
                  to the page to read, for browsers that run no script)
  heads           for each column: column (path, label, is_number, sortable, reference), sorted ("ascending",
                  "descending" or ""), url (sort by it), add_url (sort by it too); label_head: the same of the label
  state           what the address says: search, tree, sort, size, columns, place, scan
  chips           active filters: label, operator, text, without (address without it), joined ("and", "or")
  problems        parts of the address that were not understood: key, text, message
  count, total    number of rows ("10,000+", "" when it is not known), size of the whole collection
  noun            "document" or "documents", as the count wants it
  sorted_by       list of (label, is descending);  cost: indexes, scans, sorts;  search: way, paths
  announced       True: the list needs a long scan and was not read; scan_url reads it. fault: why it failed; reason: the
                  database's own words; sound_url: the list without its problems
  since           the time of the database before the rows were read, for the marks of a live list
  paging          first, previous, next, last: addresses or None
  size, sizes     rows on a page; list of (size, is current), posted as `size` with `query` to size_url
  views           saved views: name, url, is_current, is_shared, shared_by, is_first; all_url: the list without view
  current_view    the saved view that is shown, or None; view_changed: the list was changed since; may_change_view
  can_save_view   whether the list says something that a view would keep
  panels          addresses of the panels: filter, sort, columns, view, cost
  jump            label, input ("date", "number", "text"), or None; GET form to jump_url with jump_kept and `to:`
  kept            hidden inputs of the search form: kept.q
  actions         name, label, danger, icon;  action_url: where they are posted;  query_text: this list's query
  create_url      address of the empty form or "";  list_address, clear_url: the list without query, without filters
  label_edit      path by which the label is edited in place, or ""
  charts          what admin:charts/panel above the list needs, or None
  parts           names of the parts
#}
{% extends "admin:layout" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:list.css') }}"><link rel="stylesheet" href="{{ static('admin:charts.css') }}"><link rel="stylesheet" href="{{ static('admin:live.css') }}"><link rel="stylesheet" href="{{ static('admin:list_tools.css') }}"><link rel="stylesheet" href="{{ static('admin:cells.css') }}">{% endblock %}
{% block main_class %}a-fit{% endblock %}
{% block actions %}
{{ super() }}
{% if create_url %}<a class="btn btn-primary" href="{{ create_url }}">{{ icon("plus-lg") }}{{ _("New") }}</a>{% endif %}
{% endblock %}
{% block content %}{% include 'admin:charts/panel' %}{% include parts.results %}{% include 'admin:list/live' %}{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('admin:list.js') }}"></script><script type="module" src="{{ static('admin:list_tools.js') }}"></script><script type="module" src="{{ static('admin:charts.js') }}"></script><script type="module" src="{{ static('admin:live.js') }}"></script><script type="module" src="{{ static('admin:cells.js') }}"></script>{% endblock %}

{#
admin:list: the list of a screen. Special names win: <ns>:admin/<screen>/list, <ns>:admin/list, admin:list;
the same for its parts: list/results, list/line, list/filters, list/table, list/row, list/paging.
htmx asks for list/results alone.

Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).

Variables
  screen          the Screen; title: its name
  rows            id, url, label, cells (HTML or text, one for each of heads), html (the cells with their tags)
  heads           for each column: column (path, label, is_number, sortable, reference), sorted ("ascending",
                  "descending" or ""), url (sort by it), add_url (sort by it too); label_head: the same of the label
  state           what the address says: search, tree, sort, size, columns, place, scan
  chips           active filters: label, operator, text, without (address without it), joined ("and", "or")
  problems        parts of the address that were not understood: key, text, message
  count, total    number of rows ("10,000+", "" when it is not known), size of the whole collection
  noun            "document" or "documents", as the count wants it
  sorted_by       list of (label, is descending);  cost: indexes, scans, sorts;  search: way, paths
  announced       True: the list needs a long scan and was not read; scan_url reads it. fault: why it failed
  paging          first, previous, next, last: addresses or None;  sizes: list of (size, is current, address)
  offered         fields to filter by: (path, label, operators, choices); operators: name to text
  offered_columns list of (path, label); shown_paths: those shown
  kept            hidden inputs of the GET forms, by form: q, filter, cols
  actions         name, label, danger, icon;  action_url: where they are posted;  query_text: this list's query
  create_url      address of the empty form or "";  list_address, clear_url: the list without query, without filters
  parts           names of the parts
#}
{% extends "admin:layout" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:list.css') }}">{% endblock %}
{% block main_class %}a-fit{% endblock %}
{% block actions %}
{{ super() }}
{% if create_url %}<a class="btn btn-primary" href="{{ create_url }}">{{ icon("plus-lg") }}{{ _("New") }}</a>{% endif %}
{% endblock %}
{% block content %}{% include parts.results %}{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('admin:list.js') }}"></script>{% endblock %}

{#
admin:charts/page: the numbers and charts of a screen by themselves, over what its list shows. Special names win:
<ns>:admin/<screen>/charts/page, <ns>:admin/charts/page; the same for charts/figures, which htmx asks for alone.

Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).

Variables
  screen     the Screen; title: its name; list_url: the list that is counted
  numbers    each: title, text, more (amounts in other currencies), url or "", note (why there is nothing), asks
  charts     each: title, kind ("bars", "line", "rows"), points (name, short, number, text, url), text (one sentence),
             shape (the drawing, see chart_shapes.py), axis (texts of its ticks), head, measure, rest (what is not shown), note, asks
  place      "list" or "dashboard";  uid: makes ids of the page unique
  scan_url   the charts with everything counted, however long it takes
#}
{% extends "admin:layout" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:charts.css') }}">{% endblock %}
{% block actions %}{{ super() }}<a class="btn btn-quiet" href="{{ list_url }}">{{ icon("table") }}{{ _("List") }}</a>{% endblock %}
{% block content %}<div class="a-pad a-charts-page">{% include "admin:charts/figures" %}</div>{% endblock %}

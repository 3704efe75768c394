{# The charts above a list: closed or open as this browser last had them, fetched after the list is there.
   Variables: charts: None, or url (over what the list shows), base (without query, where the form posts), query (the
   list's, for that form), open. #}
{% if charts %}
<div class="a-charts-box">
<details class="a-charts" data-charts data-base="{{ charts.base }}"{% if "aiocms_charts" in request.cookies %} data-kept="yes"{% endif %}{% if charts.open %} open{% endif %}>
  <summary>{{ icon("bar-chart") }}<span>{{ _("Charts") }}</span></summary>
  <div class="a-charts-body" hx-get="{{ charts.url }}" hx-trigger="{{ 'load' if charts.open else 'charts-open' }}" data-charts-body><a href="{{ charts.url }}">{{ _("Show the charts") }}</a></div>
</details>
<form class="a-charts-hide" method="post" action="{{ charts.base }}">{{ csrf_input() }}<input type="hidden" name="query" value="{{ charts.query }}"><button class="btn btn-sm btn-ghost" name="do:" value="hide" title="{{ _('Hide for this list') }}">{{ icon("x-lg") }}<span class="a-sr">{{ _("Hide the charts of this list") }}</span></button></form>
</div>
{% endif %}

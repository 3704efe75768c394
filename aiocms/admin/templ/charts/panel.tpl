{# The charts above a list: closed or open as this browser last had them, fetched after the list is there.
   Variables: charts: None, or url (over what the list shows), base (without query), open. #}
{% if charts %}
<details class="a-charts" data-charts data-base="{{ charts.base }}"{% if "aiocms_charts" in request.cookies %} data-kept="yes"{% endif %}{% if charts.open %} open{% endif %}>
  <summary>{{ icon("bar-chart") }}<span>{{ _("Charts") }}</span></summary>
  <div class="a-charts-body" hx-get="{{ charts.url }}" hx-trigger="{{ 'load' if charts.open else 'charts-open' }}" data-charts-body><a href="{{ charts.url }}">{{ _("Show the charts") }}</a></div>
</details>
{% endif %}

{# Macros of numbers and charts, imported with context: number(one), chart(one, id). Their variables: see admin:charts/page. #}
{% macro number(one) %}
<div class="a-number">
  <span class="a-number-name">{% if one.url %}<a href="{{ one.url }}">{{ one.title }}</a>{% else %}{{ one.title }}{% endif %}</span>
  {% if one.note %}{{ _note(one) }}{% else %}<b>{{ one.text }}</b>{% for text in one.more %}<span class="a-muted">{{ text }}</span>{% endfor %}{% endif %}
</div>
{% endmacro %}

{% macro chart(one, id) %}
<figure class="a-chart">
  <figcaption>{{ one.title }}</figcaption>
  {% if one.note %}{{ _note(one) }}{% else %}
  <div class="a-chart-draw">
    {{ _rows(one, id) if one.kind == "rows" else _columns(one, id) }}
    {{ _hits(one) }}
  </div>
  <details class="a-chart-data">
    <summary>{{ one.rest or _("Numbers") }}<span class="a-sr">: {{ one.title }}</span></summary>
    <div class="a-chart-table" tabindex="0" role="region" aria-label="{{ one.title }}">
    <table class="a-table"><thead><tr><th scope="col">{{ one.head }}</th><th scope="col" class="a-num">{{ one.measure }}</th></tr></thead>
    <tbody>{% for point in one.points %}<tr><th scope="row">{% if point.url %}<a href="{{ point.url }}">{{ point.name }}</a>{% else %}{{ point.name }}{% endif %}</th><td class="a-num">{{ point.text }}</td></tr>{% endfor %}</tbody></table>
    </div>
  </details>
  {% endif %}
</figure>
{% endmacro %}

{% macro _note(one) %}
<p class="a-chart-note">{{ one.note }}{% if one.asks %} <a href="{{ scan_url }}" hx-get="{{ scan_url }}" hx-target="closest [data-figures]" hx-swap="outerHTML">{{ _("Show anyway") }}</a>{% endif %}</p>
{% endmacro %}

{% macro _open(one, id) %}<svg class="a-chart-svg" viewBox="0 0 {{ one.shape.width }} {{ one.shape.height }}" role="img" aria-labelledby="{{ id }}-title {{ id }}-desc" focusable="false"><title id="{{ id }}-title">{{ one.title }}</title><desc id="{{ id }}-desc">{{ one.text }}</desc>{% endmacro %}

{% macro _columns(one, id) %}
{% set shape = one.shape %}{% set side = 6 if text_direction == "rtl" else -6 %}
{{ _open(one, id) }}
{% for tick in shape.ticks %}<line class="a-chart-grid{% if tick.at == shape.zero %} is-zero{% endif %}" x1="{{ shape.start }}" x2="{{ shape.end }}" y1="{{ tick.at }}" y2="{{ tick.at }}"/><text class="a-chart-tick" x="{{ shape.start + side }}" y="{{ tick.at + 3.5 }}">{{ one.axis[loop.index0] }}</text>{% endfor %}
{% if shape.area %}<path class="a-chart-area" d="{{ shape.area }}"/><path class="a-chart-line" d="{{ shape.line }}"/>{% endif %}
{% for bar in shape.bars %}{% if bar.height %}<rect class="a-chart-bar" x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" height="{{ bar.height }}" rx="1.5"/>{% endif %}{% endfor %}
{% for x, y in shape.dots %}<circle class="a-chart-dot" cx="{{ x }}" cy="{{ y }}" r="2"/>{% endfor %}
{% for name in shape.names %}{% set short = one.points[name.value | int].short %}{% set half = short | length * 3.4 %}<text class="a-chart-name{% if name.at + half > shape.width %} is-last{% endif %}" x="{{ shape.width if name.at + half > shape.width else [name.at, half] | max }}" y="{{ shape.height - 5 }}">{{ short }}</text>{% endfor %}
</svg>
{% endmacro %}

{% macro _rows(one, id) %}
{% set shape = one.shape %}
{{ _open(one, id) }}
{% for bar in shape.bars %}{% set point = one.points[bar.index] %}<text class="a-chart-row" x="{{ shape.start }}" y="{{ bar.y - 5 }}">{{ point.short }}</text><text class="a-chart-value" x="{{ shape.end }}" y="{{ bar.y - 5 }}">{{ point.text }}</text><rect class="a-chart-track" x="0" y="{{ bar.y }}" width="{{ shape.width }}" height="{{ bar.height }}" rx="3"/><rect class="a-chart-bar" x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" height="{{ bar.height }}" rx="3"/>{% endfor %}
</svg>
{% endmacro %}

{# What is pointed at lies over the drawing, which is one picture for a screen reader; by keyboard the table has the same links. #}
{% macro _hits(one) %}
<svg class="a-chart-hits" viewBox="0 0 {{ one.shape.width }} {{ one.shape.height }}" aria-hidden="true" focusable="false">
{% for hit in one.shape.hits %}{% set point = one.points[hit.index] %}{% if point.url %}<a href="{{ point.url }}" tabindex="-1">{% endif %}<rect class="a-chart-hit" x="{{ hit.x }}" y="{{ hit.y }}" width="{{ hit.width }}" height="{{ hit.height }}"><title>{{ point.name }}: {{ point.text }}</title></rect>{% if point.url %}</a>{% endif %}{% endfor %}
</svg>
{% endmacro %}

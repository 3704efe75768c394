{#
Macros of admin pages: {% import "admin:macros" as m with context %}

empty(symbol, title, text)          an empty state; in a call block its buttons
note(level, symbol)                 a message in the page, its text in a call block; level: good, bad, warn, info
pill(text, level, dot)              a soft pill
pager(first, previous, next, last)  addresses or None; what is None is shown as not available
facts(pairs)                        small facts: list of (name, value)
segment(name, label, items, value)  a few choices as one control: items are (value, text)
#}

{% macro empty(symbol, title, text="") %}
<div class="a-empty">
  {{ icon(symbol) }}
  <h2>{{ title }}</h2>
  {% if text %}<p>{{ text }}</p>{% endif %}
  {% if caller is defined %}<div class="a-row">{{ caller() }}</div>{% endif %}
</div>
{% endmacro %}

{% macro note(level="info", symbol="info-circle") %}
<div class="a-note is-{{ level }}"{% if level == "bad" %} role="alert"{% endif %}>{{ icon(symbol) }}<div>{{ caller() }}</div></div>
{% endmacro %}

{% macro pill(text, level="", dot=false) %}
<span class="a-pill{% if level %} is-{{ level }}{% endif %}">{% if dot %}<i class="a-dot"></i>{% endif %}{{ text }}</span>
{%- endmacro %}

{% macro pager(first=none, previous=none, next=none, last=none) %}
<nav class="a-pager" aria-label="{{ _('Pages') }}">
  {{ _step(first, _("First page"), "chevron-bar-left") }}
  {{ _step(previous, _("Previous page"), "chevron-left", _("Previous"), "before") }}
  {{ _step(next, _("Next page"), "chevron-right", _("Next"), "after") }}
  {{ _step(last, _("Last page"), "chevron-bar-right") }}
</nav>
{% endmacro %}

{% macro _step(address, label, symbol, text="", side="") %}
{% set look = "btn-quiet" if text else "btn-ghost btn-icon" %}
{% if address %}
<a class="btn btn-sm {{ look }}" href="{{ address }}" aria-label="{{ label }}"
  {%- if side %} rel="{{ 'prev' if side == 'before' else 'next' }}"{% endif %}>
  {%- if side != "after" %}{{ icon(symbol, "a-flip") }}{% endif %}{{ text }}{% if side == "after" %}{{ icon(symbol, "a-flip") }}{% endif %}</a>
{% else %}
<span class="btn btn-sm {{ look }} disabled" aria-hidden="true">
  {%- if side != "after" %}{{ icon(symbol, "a-flip") }}{% endif %}{{ text }}{% if side == "after" %}{{ icon(symbol, "a-flip") }}{% endif %}</span>
{% endif %}
{% endmacro %}

{% macro facts(pairs) %}
<dl class="a-facts">
{% for name, value in pairs %}
  <dt>{{ name }}</dt><dd>{{ value }}</dd>
{% endfor %}
</dl>
{% endmacro %}

{% macro segment(name, label, items, value="") %}
<fieldset class="a-seg"><legend class="a-sr">{{ label }}</legend>
{% for one, text in items %}
  <label><input class="a-sr" type="radio" name="{{ name }}" value="{{ one }}"{% if one == value %} checked{% endif %}><span>{{ text }}</span></label>
{% endfor %}
</fieldset>
{% endmacro %}

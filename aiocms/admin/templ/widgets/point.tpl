{#
admin:widgets/point: a GeoJSON point as longitude and latitude, with its place on the globe's net.

input(name, text, node, attrs)   `text` has the two numbers, each on a line of its own
#}

{% macro input(name, text, node, attrs) %}
{% set numbers = (text ~ "\n").split("\n") %}
{% set x, y = numbers[0]|float(999), numbers[1]|float(999) %}
{% set fine = x|abs <= 180 and y|abs <= 90 %}
<div class="a-point" role="group" data-point{% if not node.in_list %} aria-label="{{ named(node) }}"{% endif %}>
  <svg class="a-point-net" viewBox="-180 -90 360 180" aria-hidden="true">
    <path class="a-point-lines" d="{% for at in range(-150, 180, 30) %}M{{ at }} -90V90{% endfor %}{% for at in (-60, -30, 30, 60) %}M-180 {{ at }}H180{% endfor %}"/>
    <path class="a-point-axes" d="M-180 0H180M0 -90V90"/>
    <circle data-dot r="6" cx="{{ x if fine else 0 }}" cy="{{ -y if fine else 0 }}"{% if not fine %} hidden{% endif %}/>
  </svg>
  <label class="a-point-part"><span>{{ _("Longitude") }}</span><input class="form-control a-number" id="{{ name }}" name="{{ name }}" value="{{ numbers[0] }}" inputmode="decimal" autocomplete="off" spellcheck="false"{{ attrs }}></label>
  <label class="a-point-part"><span>{{ _("Latitude") }}</span><input class="form-control a-number" name="{{ name }}" value="{{ numbers[1] }}" inputmode="decimal" autocomplete="off" spellcheck="false"{% if node.errors %} aria-invalid="true"{% endif %}></label>
  {% if fine and not node.is_new %}<a class="a-target" href="https://www.openstreetmap.org/?mlat={{ y }}&amp;mlon={{ x }}#map=12/{{ y }}/{{ x }}" rel="noopener noreferrer" target="_blank">{{ icon("geo-alt") }}<span>{{ _("Show on a map") }}</span></a>{% endif %}
</div>
{% endmacro %}

{% macro named(node) %}{{ names.name_of(node) }}{% endmacro %}

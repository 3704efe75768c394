{#
admin:widgets/select: one of the choices that the screen's `filters` declare for the path.

input(name, text, node, attrs)   a value that is none of the choices stays one of the options

Variables
  names   names.choices_of(node): pairs of value and text
#}

{% macro input(name, text, node, attrs) %}
{% set choices = names.choices_of(node) %}
<select class="form-select" id="{{ name }}" name="{{ name }}"{{ attrs }}>
  {% if not text or text not in choices|map("first")|list %}<option value="{{ text }}" selected>{{ text }}</option>{% endif %}
  {% for value, shown in choices %}<option value="{{ value }}"{% if value == text %} selected{% endif %}>{{ shown }}</option>{% endfor %}
</select>
{% endmacro %}

{#
admin:widgets/day: a day without a time, for dates that are midnight in UTC.

input(name, text, node, attrs)   `text` is 2026-05-31
#}

{% macro input(name, text, node, attrs) %}
<input class="form-control" type="date" id="{{ name }}" name="{{ name }}" value="{{ text }}"{{ attrs }}>
{% endmacro %}

{#
files:widget: a part of an inferred form with the widget "file" or "image".

input(name, text, node, attrs)   see files:input
#}
{% import "files:input" as inputs with context %}
{% macro input(name, text, node, attrs) %}{{ inputs.box(name, text, node.widget.show(request, name, text), attrs) }}{% endmacro %}

{#
admin:widgets/richtext: a text of blocks, written with Editor.js.

input(name, text, node, attrs)   the same input as that of `RichTextField`: core:fields/richtext
#}
{% import "core:fields/richtext" as richtext with context %}
{% macro input(name, text, node, attrs) %}{{ richtext.input(name, text, attrs, "form-control") }}{% endmacro %}

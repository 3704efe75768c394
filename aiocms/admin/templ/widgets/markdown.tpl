{#
admin:widgets/markdown: a text in Markdown with buttons and a preview.

input(name, text, node, attrs)   the same input as that of `MarkdownField`: core:fields/markdown
#}
{% import "core:fields/markdown" as markdown with context %}
{% macro input(name, text, node, attrs) %}{{ markdown.input(name, text, attrs, "form-control") }}{% endmacro %}

{#
admin:widgets/textarea: a text of several lines, however short it is now.

input(name, text, node, attrs)   `attrs` are the marks of errors and labels, to be put on the input
#}

{% macro input(name, text, node, attrs) %}
<textarea class="form-control" id="{{ name }}" name="{{ name }}" rows="{{ [[text|wordcount // 12, text.count('\n')]|max + 4, 20]|min }}"{{ attrs }}>
{{ text }}</textarea>
{% endmacro %}

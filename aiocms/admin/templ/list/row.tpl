{# Macros of a row, imported once for a page.
   row(row, heads, ticks): a table row; on a phone the style sheet makes a card of it. #}
{% macro row(row, heads, ticks) -%}
<tr>{% if ticks %}<td class="a-tick"><label><input class="form-check-input" type="checkbox" name="rows" value="{{ row.id }}"><span class="a-sr">{{ row.label }}</span></label></td>{% endif -%}
<th scope="row" class="a-label"><a href="{{ row.url }}">{{ row.label }}</a></th>
{%- for cell in row.cells %}{% set column = heads[loop.index0].column %}<td{% if column.is_number %} class="a-num"{% endif %} data-label="{{ column.label }}">{{ cell }}</td>{% endfor -%}
</tr>
{% endmacro %}

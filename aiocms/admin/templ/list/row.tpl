{# Macros of the rows, imported once for a page.
   rows(rows, heads, ticks): the table's rows; on a phone the style sheet makes cards of them. A head's column.cell
   is the opening tag of its cells: <td class="a-num" data-label="Price">. #}
{% macro rows(rows, heads, ticks) -%}
{%- set opens = heads | map(attribute="column.cell") | list -%}
{%- for row in rows -%}
<tr>{% if ticks %}<td class="a-tick"><label><input class="form-check-input" type="checkbox" name="rows" value="{{ row.id }}"><span class="a-sr">{{ row.label }}</span></label></td>{% endif -%}
<th scope="row" class="a-label"><a href="{{ row.url }}">{{ row.label }}</a></th>
{%- for cell in row.cells %}{{ opens[loop.index0] }}{{ cell }}</td>{% endfor -%}
</tr>
{% endfor -%}
{%- endmacro %}

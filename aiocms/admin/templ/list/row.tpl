{# Macros of the rows, imported once for a page.
   rows(rows, heads, ticks): the table's rows; on a phone the style sheet makes cards of them. row.html is the cells
   behind the label, ready; to write them otherwise, loop over row.cells: heads[loop.index0].column says of which column.
   A cell with data-edit="path" can be edited in place. row.peek is a link for browsers that run no
   script: with one the drawer shows the document. A row of a view may have no _id: id, url and peek are then empty. #}
{% macro rows(rows, heads, ticks) -%}
{%- for row in rows -%}
<tr data-id="{{ row.id }}">{% if ticks %}<td class="a-tick"><label><input class="form-check-input" type="checkbox" name="rows" value="{{ row.id }}"><span class="a-sr">{{ row.label }}</span></label></td>{% endif -%}
<th scope="row" class="a-label">{% if row.url %}<a href="{{ row.url }}" dir="auto">{{ row.label }}</a>{% else %}{{ row.label }}{% endif %}{{ row.peek }}</th>
{{- row.html -}}
</tr>
{% endfor -%}
{%- endmacro %}

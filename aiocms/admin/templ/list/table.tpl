{# The table, the bar of actions on ticked rows, and the foot with the pages. #}
{% import parts.row as one %}
{% macro head_link(head) %}
{%- if head.url %}<a href="{{ head.url }}" data-add="{{ head.add_url }}"><bdi>{{ head.column.label }}</bdi>{% if head.sorted %}{{ icon("arrow-up" if head.sorted == "ascending" else "arrow-down") }}{% endif %}</a>{% else %}{{ head.column.label }}{% endif -%}
{% endmacro %}
<form class="a-list-form" method="post" action="{{ action_url }}" hx-boost="false">
{{ csrf_input() }}<input type="hidden" name="query" value="{{ query_text }}">
<div class="a-scroll" tabindex="0" role="region" aria-label="{{ title }}">
<table class="a-table a-list"{% if label_edit %} data-label-edit="{{ label_edit }}"{% endif %}>
<thead hx-boost="true"><tr>
  {% if actions %}<th class="a-tick" scope="col"><label class="a-js"><input class="form-check-input" type="checkbox" data-tick-all><span class="a-sr">{{ _("Tick all rows of this page") }}</span></label><span class="a-sr">{{ _("Tick") }}</span></th>{% endif %}
  <th class="a-label" scope="col"{% if label_head.sorted %} aria-sort="{{ label_head.sorted }}"{% endif %}>{{ head_link(label_head) }}</th>
  {% for head in heads %}<th scope="col"{% if head.column.is_number %} class="a-num"{% endif %}{% if head.sorted %} aria-sort="{{ head.sorted }}"{% endif %} title="{{ head.column.path }}" data-path="{{ head.column.path }}">{{ head_link(head) }}</th>{% endfor %}
</tr></thead>
<tbody>
{{ one.rows(rows, heads, actions) }}
</tbody>
</table>
<template data-row-tools>
  <span class="a-row-tools"><button type="button" class="btn btn-quiet btn-icon btn-sm" data-preview aria-label="{{ _('Preview') }}" title="{{ _('Preview') }}">{{ icon("layout-sidebar-reverse", "a-flip") }}</button></span>
  <button type="button" class="btn btn-quiet btn-icon btn-sm a-pencil" tabindex="-1" data-pencil aria-label="{{ _('Edit this value') }}" title="{{ _('Edit this value') }}">{{ icon("pencil") }}</button>
</template>
</div>
{% if actions %}
<div class="a-bulk" role="group" aria-label="{{ _('Actions on ticked rows') }}">
  <b data-ticked-count data-text="{{ _('ticked') }}">{{ _("Ticked rows") }}</b>
  {% for action in actions %}
  <button class="btn btn-sm {{ 'btn-danger' if action.danger else 'btn-quiet' }}" name="action" value="{{ action.name }}">{% if action.icon %}{{ icon(action.icon) }}{% endif %}{{ action.label }}</button>
  {% endfor %}
  <label class="a-check a-push"><input class="form-check-input" type="checkbox" name="all" value="yes"><span>{{ _("all that match: %(count)s", count=count or _("many")) }}</span></label>
</div>
{% endif %}
</form>
{% include parts.paging %}

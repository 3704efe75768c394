{#
admin:cell_saved: what the list's script gets for a saved cell: the row as it is now, and the messages.
Variables: screen, rows (the row; none when it is out of sight now), heads, actions, row_part (the template of rows).
#}
{% import row_part as one %}
<table><tbody data-cell-saved>{{ one.rows(rows, heads, actions) }}</tbody></table>
{% include "core:parts/flashes" %}

{# What a live list needs beside its rows: the address of its events, the texts, the pill of what is new, and what is
   said to a screen reader. Without script, and where the database has no change streams, nothing of it is seen. #}
{% if settings.admin_live %}
<div class="a-live-bar" data-live="{{ url_for('admin:live', ns=screen.namespace, screen=screen.name) }}"
  data-new="{{ _('{num} new') }}" data-many="{{ _('Much has changed: show it') }}" data-old="{{ _('May be out of date: show it') }}" data-changed="{{ _('changed') }}" data-by="{{ _('changed by {name}') }}"
  data-deleted="{{ _('deleted') }}" data-left="{{ _('no longer in this list') }}"
  data-say-changed="{{ _('Rows changed by others: {num}') }}" data-say-gone="{{ _('Rows gone: {num}') }}" data-say-new="{{ _('New rows: {num}') }}">
  <button class="btn btn-primary btn-sm" type="button" hidden data-live-pill>{{ icon("arrow-clockwise") }}<span></span></button>
  <span class="a-sr" role="status" data-live-said></span>
</div>
{% endif %}

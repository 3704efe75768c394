{#
files:admin/files/list/table: the files as cards; the chosen columns are the facts below each picture.

Variables: see admin:list.
#}
<form class="a-list-form" method="post" action="{{ action_url }}" hx-boost="false">
{{ csrf_input() }}<input type="hidden" name="query" value="{{ query_text }}">
<div class="a-scroll f-grid-pad" tabindex="0" role="region" aria-label="{{ title }}">
<ul class="f-grid">
{% for row in rows %}
  <li data-id="{{ row.id }}">
    <a class="f-card" href="{{ row.url }}" title="{{ row.label }}">
      {% for cell in row.cells %}{% if heads[loop.index0].column.path == "preview" %}<span class="f-face">{{ cell if "<img" in cell else icon("file-earmark") }}</span>{% endif %}{% endfor %}
      <span class="f-name a-clip">{{ row.label }}</span>
      <span class="f-facts a-faint">
      {%- for cell in row.cells %}{% if heads[loop.index0].column.path != "preview" and cell|striptags != "–" %}<span class="f-fact" title="{{ heads[loop.index0].column.label }}">{{ cell }}</span>{% endif %}{% endfor -%}
      </span>
    </a>
    {% if actions %}<label class="f-tick"><input class="form-check-input" type="checkbox" name="rows" value="{{ row.id }}"><span class="a-sr">{{ row.label }}</span></label>{% endif %}
  </li>
{% endfor %}
</ul>
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

{# The foot of the list: pages, the jump to a value of the first sort key, rows per page. #}
{% import "admin:macros" as m with context %}
<div class="a-bar">
  {{ m.pager(paging.first, paging.previous, paging.next, paging.last) }}
  {% if jump and (paging.next or paging.previous) %}
  <details class="a-menu a-menu-up" data-menu>
    <summary class="btn btn-sm btn-ghost">{{ icon("signpost-split") }}{{ _("Jump to") }}</summary>
    <div class="a-menu-list a-panel a-jump">
      <form action="{{ jump_url }}" hx-boost="false">
        {% for key, text in jump_kept %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
        <label class="a-field"><span class="a-label">{{ jump.label }}</span>
          <input class="form-control" name="to:" type="{{ jump.input }}"{% if jump.input == "number" %} step="any"{% else %} maxlength="200"{% endif %} required autocomplete="off"></label>
        <button class="btn btn-primary" name="do:" value="jump">{{ _("Go") }}</button>
      </form>
    </div>
  </details>
  {% endif %}
  <details class="a-menu a-menu-up a-menu-end a-push" data-menu>
    <summary class="btn btn-sm btn-ghost">{{ _("%(size)s a page", size=size) }}</summary>
    <div class="a-menu-list">
      <form method="post" action="{{ size_url }}" hx-boost="false">
        {{ csrf_input() }}<input type="hidden" name="query" value="{{ query_text }}">
        {% for one, current in sizes %}<button name="size" value="{{ one }}"{% if current %} aria-pressed="true"{% endif %}>{{ one }}</button>{% endfor %}
      </form>
    </div>
  </details>
</div>

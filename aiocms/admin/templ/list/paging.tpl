{# The foot of the list: pages and rows per page. #}
{% import "admin:macros" as m with context %}
<div class="a-bar">
  {{ m.pager(paging.first, paging.previous, paging.next, paging.last) }}
  <details class="a-menu a-menu-up a-menu-end a-push" data-menu>
    <summary class="btn btn-sm btn-ghost">{{ _("%(size)s a page", size=state.size or screen.page_size) }}</summary>
    <div class="a-menu-list">
      {% for size, current, url in sizes %}<a href="{{ url }}"{% if current %} aria-current="true"{% endif %}>{{ size }}</a>{% endfor %}
    </div>
  </details>
</div>

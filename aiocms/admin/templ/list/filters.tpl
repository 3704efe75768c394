{# The row of tools above the list: search, and the buttons of the panels. Each is a plain link or GET form; with script a panel opens beside its button. #}
<div class="a-toolbar">
  <form class="a-search" role="search" action="{{ list_address }}">
    {% for key, text in kept.q %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
    <label class="a-input-icon">{{ icon("search") }}<span class="a-sr">{{ _("Search") }}</span>
      <input class="form-control" type="search" name="q" value="{{ state.search }}" maxlength="200" placeholder="{{ _('Search') }}" autocomplete="off" data-list-search><kbd class="a-js">/</kbd></label>
  </form>
  {% set many = chips | length - (1 if state.search else 0) %}
  <div class="a-tool"><a class="btn btn-quiet" href="{{ panels.filter }}" hx-boost="false" data-panel>{{ icon("funnel") }}{{ _("Filter") }}{% if many %}<span class="a-count">{{ many }}</span>{% endif %}</a></div>
  <div class="a-tool"><a class="btn btn-quiet" href="{{ panels.sort }}" hx-boost="false" data-panel>{{ icon("sort-down") }}{{ _("Sort") }}{% if state.sort | length > 1 %}<span class="a-count">{{ state.sort | length }}</span>{% endif %}</a></div>
  {% if can_save_view %}<div class="a-tool"><a class="btn btn-ghost" href="{{ panels.view }}" hx-boost="false" data-panel>{{ icon("bookmark-plus") }}{{ _("Save view") }}</a></div>{% endif %}
  <div class="a-tool a-push"><a class="btn btn-ghost" href="{{ panels.columns }}" hx-boost="false" data-panel="end">{{ icon("layout-three-columns") }}{{ _("Columns") }}</a></div>
</div>

{# The row of tools above the list: search, filter form, order (phone), columns. Each is a plain GET form or link. #}
<div class="a-toolbar">
  <form class="a-search" role="search" action="{{ list_address }}">
    {% for key, text in kept.q %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
    <label class="a-input-icon">{{ icon("search") }}<span class="a-sr">{{ _("Search") }}</span>
      <input class="form-control" type="search" name="q" value="{{ state.search }}" maxlength="200" placeholder="{{ _('Search') }}" autocomplete="off" data-list-search><kbd class="a-js">/</kbd></label>
  </form>
  <details class="a-menu" data-menu>
    <summary class="btn btn-quiet">{{ icon("funnel") }}{{ _("Filter") }}</summary>
    <div class="a-menu-list a-panel">
      <form class="a-fields" action="{{ list_address }}">
        {% for key, text in kept.filter %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
        <label class="a-field"><span class="a-label">{{ _("Field") }}</span>
          <select class="form-select" name="add" data-filter-field>
          {% for path, label, names, choices in offered %}<option value="{{ path }}" data-operators="{{ names | join(' ') }}"{% if choices %} data-choices="{{ choices | join('\n') }}"{% endif %}>{{ label }}</option>{% endfor %}
          </select></label>
        <label class="a-field"><span class="a-label">{{ _("Condition") }}</span>
          <select class="form-select" name="op" data-filter-operator>
          {% for name, text in operators.items() %}<option value="{{ name }}">{{ text }}</option>{% endfor %}
          </select></label>
        <label class="a-field"><span class="a-label">{{ _("Value") }}</span>
          <input class="form-control" name="value" maxlength="1000" autocomplete="off" aria-describedby="filter-help" list="filter-choices" data-filter-value></label>
        <datalist id="filter-choices"></datalist>
        <p class="a-help" id="filter-help">{{ _("Several values: a,b · from and to: 10..20 · dates: 2024, 2024-05, 2024-05-31") }}</p>
        <button class="btn btn-primary">{{ _("Add filter") }}</button>
      </form>
    </div>
  </details>
  <details class="a-menu a-sort-menu" data-menu>
    <summary class="btn btn-quiet">{{ icon("sort-down") }}{{ _("Sort") }}</summary>
    <div class="a-menu-list">
      {% for head in [label_head] + heads if head.url %}
      <a href="{{ head.url }}"{% if head.sorted %} aria-current="true"{% endif %}>{{ head.column.label }}{% if head.sorted %}{{ icon("arrow-up" if head.sorted == "ascending" else "arrow-down") }}{% endif %}</a>
      {% endfor %}
    </div>
  </details>
  <details class="a-menu a-menu-end a-push a-wide-only" data-menu>
    <summary class="btn btn-ghost">{{ icon("layout-three-columns") }}{{ _("Columns") }}</summary>
    <div class="a-menu-list a-panel">
      <form action="{{ list_address }}">
        {% for key, text in kept.cols %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
        <input type="hidden" name="columns" value="">
        <div class="a-checks">
        {% for path, label in offered_columns %}
          <label class="a-check"><input class="form-check-input" type="checkbox" name="columns" value="{{ path }}"{% if path in shown_paths %} checked{% endif %}><span class="a-clip">{{ label }}</span></label>
        {% endfor %}
        </div>
        <div class="a-row"><button class="btn btn-primary btn-sm">{{ _("Show these") }}</button></div>
      </form>
    </div>
  </details>
</div>

{# One line that says everything about the list: count, filters, order, cost; faults of the address below it. #}
<div class="a-line" role="status">
  <span>{% if count %}<b class="a-total">{{ count }}</b>{% if state.is_narrowed %} {{ _("of %(total)s", total=total) }}{% else %} {{ noun }}{% endif %}
  {%- elif state.is_narrowed and not problems %}{{ _("some of %(total)s", total=total) }}{% endif %}</span>
  {% for chip in chips %}
  {% if chip.joined == "or" and not loop.first and chips[loop.index0 - 1].joined == "or" %}<span class="a-faint">{{ _("or") }}</span>{% endif %}
  <span class="a-chip"><b>{{ chip.label }}</b> <span>{{ chip.operator }} {{ chip.text }}</span><a href="{{ chip.without }}" aria-label="{{ _('Remove the filter %(name)s', name=chip.label) }}">{{ icon("x") }}</a></span>
  {% endfor %}
  {% if chips | length > 1 %}<a href="{{ clear_url }}">{{ _("Remove all") }}</a>{% endif %}
  {% if sorted_by and not (problems and not rows) %}
  <span class="a-sort">{{ _("by") }} {% for label, descending in sorted_by %}<b>{{ label }}</b>{{ icon("arrow-down" if descending else "arrow-up") }}<span class="a-sr">{{ _("descending") if descending else _("ascending") }}</span>{% if not loop.last %}, {% endif %}{% endfor %}</span>
  {% endif %}
  {% if not problems and not fault %}
  <span class="a-cost{% if announced or ((cost.scans or cost.sorts) and state.scan) %} is-slow{% elif cost.scans or cost.sorts %} is-scan{% endif %}">
    {%- if search and search.way == "text" %}{{ _("whole words, by the text index") }} <a href="{{ scan_url }}">{{ _("search everywhere") }}</a>
    {%- elif search and search.way == "prefix" %}{{ _("beginnings of %(names)s", names=search.paths | join(", ")) }} <a href="{{ scan_url }}">{{ _("search everywhere") }}</a>{% endif %}
    <span class="a-tool"><a href="{{ panels.cost }}" hx-boost="false" data-panel title="{{ _('What this list costs') }}">
    {%- if cost.scans %}{{ _("no index for the filter") }}
    {%- elif cost.sorts %}{{ _("no index for the order") }}
    {%- elif cost.indexes %}{{ _("index %(names)s", names=cost.indexes | join(", ")) }}
    {%- else %}{{ _("cost") }}{% endif %}</a></span></span>
  {% endif %}
</div>
{% for one in problems %}
<div class="a-note is-bad a-problem" role="alert">{{ icon("exclamation-octagon") }}<div>{% if one.key %}<b class="a-mono">{{ one.key }}{% if one.text %}={{ one.text | truncate(80) }}{% endif %}</b> {% endif %}{{ one.message }}</div></div>
{% endfor %}

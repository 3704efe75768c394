{#
admin:list/columns: which columns a list shows and in what order, for this user. Variables besides those of admin:list/panel:
shown, others: path, label; is_own: whether the user has columns of their own; address; charts_address: where the charts
that the user has hidden are brought back, or "".
Posted: query, col in the order of the rows, do: = keep, once, default, up:path, down:path; to charts_address do: = show.
#}
{% macro row(one, shown) %}
<li class="a-col" data-order-row data-find="{{ one.label | lower }} {{ one.path | lower }}">
  {% if shown %}<span class="a-grip a-js" data-order-grip title="{{ _('Drag to reorder') }}">{{ icon("grip-vertical") }}</span>{% endif %}
  <label class="a-check"><input class="form-check-input" type="checkbox" name="col" value="{{ one.path }}"{% if shown %} checked{% endif %}><span class="a-clip">{{ one.label }}</span>{% if one.path != one.label %}<code class="a-col-path a-clip">{{ one.path }}</code>{% endif %}</label>
  {% if shown %}
  <button class="btn btn-ghost btn-icon" name="do:" value="up:{{ one.path }}" data-order="up" aria-label="{{ _('Move %(name)s up', name=one.label) }}">{{ icon("arrow-up") }}</button>
  <button class="btn btn-ghost btn-icon" name="do:" value="down:{{ one.path }}" data-order="down" aria-label="{{ _('Move %(name)s down', name=one.label) }}">{{ icon("arrow-down") }}</button>
  {% endif %}
</li>
{% endmacro %}
<form class="a-tool-form a-tool-columns" method="post" action="{{ address }}" data-panel-form>
  <button class="a-sr" name="do:" value="keep" tabindex="-1" aria-hidden="true">{{ _("Show these") }}</button>
  {{ csrf_input() }}<input type="hidden" name="query" value="{{ query_text }}">
  {% if shown | length + others | length > 8 %}
  <label class="a-input-icon a-js a-col-find">{{ icon("search") }}<span class="a-sr">{{ _("Find a column") }}</span><input class="form-control" type="search" placeholder="{{ _('Find a column') }}" autocomplete="off" data-col-find></label>
  {% endif %}
  <div class="a-tool-body">
    <h2 class="a-tool-head">{{ _("Shown") }}</h2>
    <ol class="a-order" data-order-list>{% for one in shown %}{{ row(one, true) }}{% endfor %}</ol>
    {% if others %}
    <h2 class="a-tool-head">{{ _("Not shown") }}</h2>
    <ul class="a-cols-off">{% for one in others %}{{ row(one, false) }}{% endfor %}</ul>
    {% endif %}
    <p class="a-muted a-col-none" hidden>{{ _("No column is named like this.") }}</p>
  </div>
  <div class="a-tool-foot">
    <button class="btn btn-primary" name="do:" value="keep">{{ _("Show these") }}</button>
    <button class="btn btn-quiet" name="do:" value="once" title="{{ _('They stand in the address then, to be passed on') }}">{{ _("Only this time") }}</button>
    {% if is_own %}<button class="btn btn-ghost a-push" name="do:" value="default">{{ _("Back to default") }}</button>
    {% else %}<a class="btn btn-ghost a-push" href="{{ back }}" data-panel-close>{{ _("Cancel") }}</a>{% endif %}
  </div>
</form>
{% if charts_address %}
<form class="a-tool-form a-tool-charts" method="post" hx-boost="false" action="{{ charts_address }}">
  {{ csrf_input() }}<input type="hidden" name="query" value="{{ query_text }}">
  <button class="btn btn-quiet" name="do:" value="show">{{ icon("bar-chart") }}{{ _("Show the charts above the list again") }}</button>
</form>
{% endif %}

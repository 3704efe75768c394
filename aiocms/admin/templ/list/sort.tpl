{#
admin:list/sort: the order of a list by several fields, a GET form. Variables besides those of admin:list/panel: sort: keys (path,
descending); has_blank: one more may be chosen; offered: list of (path, label); kept: hidden inputs; default_url; address.
Rows are sent in their order as by: and dir:; each button sends do:=verb:row.
#}
{% macro row(at, path, descending, last) %}
<li class="a-sort-row" data-order-row>
  <span class="a-grip a-js" data-order-grip title="{{ _('Drag to reorder') }}">{{ icon("grip-vertical") }}</span>
  <span class="a-muted a-sort-word">{{ _("by") if at == 0 else _("then by") }}</span>
  <select class="form-select" name="by:" aria-label="{{ _('Field') }}"{% if not path %} data-refit{% endif %}>
    {% if not path %}<option value="">{{ _("Choose a field…") }}</option>{% endif %}
    {% for one, label in offered %}<option value="{{ one }}"{% if one == path %} selected{% endif %}>{{ label }}</option>{% endfor %}
  </select>
  <select class="form-select a-sort-way" name="dir:" aria-label="{{ _('Direction') }}">
    <option value="up"{% if not descending %} selected{% endif %}>{{ _("ascending") }}</option>
    <option value="down"{% if descending %} selected{% endif %}>{{ _("descending") }}</option>
  </select>
  {% if path %}
  <button class="btn btn-ghost btn-icon" name="do:" value="up:{{ at }}" data-order="up" aria-label="{{ _('Move up') }}">{{ icon("arrow-up") }}</button>
  <button class="btn btn-ghost btn-icon" name="do:" value="down:{{ at }}" data-order="down" aria-label="{{ _('Move down') }}">{{ icon("arrow-down") }}</button>
  <button class="btn btn-ghost btn-icon" name="do:" value="remove:{{ at }}" aria-label="{{ _('Remove') }}">{{ icon("x-lg") }}</button>
  {% endif %}
</li>
{% endmacro %}
<form class="a-tool-form" action="{{ address }}" data-panel-form>
  <button class="a-sr" name="do:" value="show" tabindex="-1" aria-hidden="true">{{ _("Apply") }}</button>
  {% for key, text in kept %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
  <div class="a-tool-body">
    <ol class="a-order" data-order-list>
    {% for key in sort %}{{ row(loop.index0, key.path, key.descending, loop.last) }}{% endfor %}
    {% if has_blank %}{{ row(sort | length, "", false, true) }}{% endif %}
    </ol>
  </div>
  <div class="a-tool-foot">
    <button class="btn btn-primary" name="do:" value="show">{{ _("Apply") }}</button>
    <a class="btn btn-quiet" href="{{ back }}" data-panel-close>{{ _("Cancel") }}</a>
    <button class="btn btn-quiet a-nojs" name="do:" value="fit">{{ _("One more") }}</button>
    <a class="btn btn-ghost a-push" href="{{ default_url }}" data-panel-leave>{{ _("Back to default") }}</a>
  </div>
</form>

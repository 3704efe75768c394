{#
admin:list/filter: the filter builder, a GET form. Variables besides those of admin:list/panel: root: the group (kind, value,
path, item, outer, children, key, may_hold_groups); lines: by key: path, operator, operators, input (kind, values, options) or
None, error, offered; offered: list of (path, label); lists_of(item): the lists of objects there, (path, label); types: BSON
types; kept: hidden inputs; is_branch(child); is_full; clear_url; address.
Each button sends the form with do:=verb:key; `show` applies it.
#}
{% macro choice(id, label, name, options, value, blank=false) %}
<select class="form-select" name="{{ name }}" aria-label="{{ label }}">
{% if blank %}<option value=""></option>{% endif %}
{% for one, text in options %}<option value="{{ one }}"{% if one == value %} selected{% endif %}>{{ text }}</option>{% endfor %}
</select>
{% endmacro %}
{% macro one_input(name, label, kind, value) %}
<input class="form-control" name="{{ name }}" aria-label="{{ label }}" value="{{ value }}" autocomplete="off"
  {%- if kind == "number" %} type="number" step="any"{% elif kind == "date" %} type="date"{% elif kind == "datetime" %} type="datetime-local" step="1"{% else %} type="text" maxlength="1000"{% endif %}>
{% endmacro %}
{% macro value(line) %}
{% set name = "v:" ~ line.key %}
{% set input = line.input %}
{% if input.kind == "yesno" %}{{ choice(line.key, _("Value"), name, [("yes", _("Yes")), ("no", _("No"))], "no" if input.values[0] | lower in ("no", "false", "0", "off") else "yes") }}
{% elif input.kind == "type" %}
<select class="form-select" name="{{ name }}" aria-label="{{ _('Value') }}">
  {% if input.options %}<optgroup label="{{ _('Seen here') }}">{% for one in input.options %}<option{% if one == input.values[0] %} selected{% endif %}>{{ one }}</option>{% endfor %}</optgroup>{% endif %}
  <optgroup label="{{ _('Others') }}">{% for one in types if one not in input.options %}<option{% if one == input.values[0] %} selected{% endif %}>{{ one }}</option>{% endfor %}</optgroup>
</select>
{% elif input.kind == "select" %}
<select class="form-select" name="{{ name }}" aria-label="{{ _('Value') }}"><option value=""></option>{% for one in input.options %}<option value="{{ one }}"{% if one == input.values[0] %} selected{% endif %}>{{ _(one) }}</option>{% endfor %}</select>
{% elif input.kind == "ticks" %}
<fieldset class="a-ticks"><legend class="a-sr">{{ _("Values") }}</legend>{% for one in input.options %}<label class="a-check"><input class="form-check-input" type="checkbox" name="{{ name }}" value="{{ one }}"{% if one in input.values %} checked{% endif %}><span>{{ _(one) }}</span></label>{% endfor %}</fieldset>
{% elif input.kind == "lines" %}
<textarea class="form-control" name="{{ name }}" rows="3" aria-label="{{ _('Values, one in a line') }}" placeholder="{{ _('One value in a line') }}">{{ input.values[0] }}</textarea>
{% elif input.values | length > 1 %}
<span class="a-between">{{ one_input(name, _("From"), input.kind, input.values[0]) }}<span class="a-muted">{{ _("and") }}</span>{{ one_input(name, _("To"), input.kind, input.values[1]) }}</span>
{% else %}{{ one_input(name, _("Value"), input.kind, input.values[0]) }}{% endif %}
{% endmacro %}
{% macro row(line) %}
<li class="a-build-row{% if line.error %} is-invalid{% endif %}">
  <select class="form-select" name="path:{{ line.key }}" aria-label="{{ _('Field') }}" data-refit>
    {% if not line.path %}<option value="">{{ _("Choose a field…") }}</option>{% endif %}
    {% for path, label in line.offered %}<option value="{{ path }}"{% if path == line.path %} selected{% endif %}>{{ label }}</option>{% endfor %}
  </select>
  {% if line.input %}
  <select class="form-select" name="op:{{ line.key }}" aria-label="{{ _('Condition') }}" data-refit>
    {% for name, text in line.operators.items() %}<option value="{{ name }}"{% if name == line.operator %} selected{% endif %}>{{ text }}</option>{% endfor %}
  </select>
  <div class="a-build-value">{{ value(line) }}</div>
  {% else %}<button class="btn btn-quiet a-nojs" name="do:" value="fit">{{ _("Next") }}</button>{% endif %}
  <button class="btn btn-ghost btn-icon" name="do:" value="remove:{{ line.key }}" aria-label="{{ _('Remove this condition') }}">{{ icon("x-lg") }}</button>
  {% if line.error %}<p class="a-error" role="alert">{{ line.error }}</p>{% endif %}
</li>
{% endmacro %}
{% macro branch(group) %}
<fieldset class="a-build{% if group.key %} is-inner{% endif %}">
  <legend class="a-sr">{{ _("Group of conditions") }}</legend>
  <div class="a-build-head">
    {% if group.children | length > 1 or group.key %}
    <label><span class="a-sr">{{ _("How these are combined") }}</span><select class="form-select" name="kind:{{ group.key }}" data-refit>
      <option value="and"{% if group.kind == "and" %} selected{% endif %}>{{ _("All of these") }}</option>
      <option value="or"{% if group.kind == "or" %} selected{% endif %}>{{ _("Any of these") }}</option>
      {% for path, label in lists_of(group.outer) if group.key %}<option value="one:{{ path }}"{% if path == group.path %} selected{% endif %}>{{ _("One item of “%(list)s” meets all of these", list=label) }}</option>{% endfor %}
    </select></label>
    {% else %}<input type="hidden" name="kind:{{ group.key }}" value="{{ group.value }}">{% endif %}
    {% if group.key %}<button class="btn btn-ghost btn-icon" name="do:" value="remove:{{ group.key }}" aria-label="{{ _('Remove this group') }}">{{ icon("x-lg") }}</button>{% endif %}
  </div>
  <ul class="a-build-rows">
  {% for child in group.children %}
    {% if is_branch(child) %}<li>{{ branch(child) }}</li>{% else %}{{ row(lines[child.key]) }}{% endif %}
  {% endfor %}
  </ul>
  {% if not is_full %}
  <div class="a-row a-build-more">
    <button class="btn btn-sm btn-ghost" name="do:" value="add:{{ group.key }}">{{ icon("plus-lg") }}{{ _("Condition") }}</button>
    {% if group.may_hold_groups %}<button class="btn btn-sm btn-ghost" name="do:" value="group:{{ group.key }}">{{ icon("plus-square-dotted") }}{{ _("Group") }}</button>
    {% if lists_of(group.item) %}<button class="btn btn-sm btn-ghost" name="do:" value="one:{{ group.key }}" title="{{ _('Conditions that one and the same item of a list meets') }}">{{ icon("plus-square-dotted") }}{{ _("One item of a list") }}</button>{% endif %}{% endif %}
  </div>
  {% endif %}
</fieldset>
{% endmacro %}
<form class="a-tool-form a-tool-wide" action="{{ address }}" data-panel-form>
  {# The first button is what Enter presses: it must be the one that applies. #}
  <button class="a-sr" name="do:" value="show" tabindex="-1" aria-hidden="true">{{ _("Apply") }}</button>
  {% for key, text in kept %}<input type="hidden" name="{{ key }}" value="{{ text }}">{% endfor %}
  <div class="a-tool-body">
  {{ branch(root) }}
  </div>
  <div class="a-tool-foot">
    <button class="btn btn-primary" name="do:" value="show">{{ _("Apply") }}</button>
    <button class="btn btn-quiet a-nojs" name="do:" value="fit">{{ _("Fit the inputs") }}</button>
    <a class="btn btn-quiet" href="{{ back }}" data-panel-close>{{ _("Cancel") }}</a>
    <a class="btn btn-ghost a-push" href="{{ clear_url }}" data-panel-leave>{{ _("Remove all") }}</a>
  </div>
</form>

{#
admin:field: the parts of an inferred form. {% import "admin:field" as parts with context %}

glyphs()     the pictures of the buttons, once on a page
part(node)   a node (aiocms/admin/forms/tree.py) with everything below it: scalar, object, list, kept or masked part
entry(parent, node)   an item of a list, or the part itself: what a button changes in a page with JavaScript
tools(node)  the buttons of a list item

Without JavaScript each button posts the form with _op=verb:name; with it edit.js does the same in the page.
#}

{% set TYPES = {"string": _("text"), "int32": "int32", "int64": "int64", "double": "double", "decimal": "decimal",
  "bool": _("yes/no"), "date": _("date"), "objectId": "id", "object": _("object"), "array": _("list"), "null": "null",
  "binary": _("binary"), "regex": _("regex"), "timestamp": "timestamp", "code": _("code"), "minKey": "minKey", "maxKey": "maxKey"} %}

{# In words and as the database calls it: where a type is chosen. #}
{% set LONG_TYPES = {"string": _("text (string)"), "int32": _("whole number (int32)"), "int64": _("large whole number (int64)"),
  "double": _("number (double)"), "decimal": _("exact decimal number (decimal128)"), "bool": _("yes/no (bool)"),
  "date": _("date and time (date)"), "objectId": _("id (objectId)"), "object": _("object with fields (object)"),
  "array": _("list (array)"), "null": _("nothing (null)"), "binary": _("bytes (binary)"), "regex": _("pattern (regex)"),
  "timestamp": _("internal timestamp (timestamp)"), "code": _("JavaScript (code)"), "minKey": "minKey", "maxKey": "maxKey"} %}

{% macro glyph(name) %}<svg class="a-icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#g-{{ name }}"/></svg>{% endmacro %}

{# The pictures of all buttons, once: a long form has hundreds of them. #}
{% macro glyphs() %}
<svg class="a-glyphs" aria-hidden="true" width="0" height="0"><defs>
{% for name in ("three-dots", "plus-lg", "arrow-up", "arrow-down", "copy", "trash", "arrow-counterclockwise", "box-arrow-in-right", "grip-vertical", "chevron-right") %}<symbol id="g-{{ name }}" viewBox="0 0 16 16">{{ inner(icon(name)) }}</symbol>{% endfor %}
</defs></svg>
{% endmacro %}

{% macro part(node, bare=false) %}
{% if node.removed %}{{ gone(node) }}
{% elif node.stub is not none %}{{ kept(node) }}
{% elif node.widget is not none %}{{ scalar(node, bare) }}
{% elif node.kind == "object" %}{{ object(node, bare) }}
{% elif node.kind == "array" %}{{ list(node) }}
{% else %}{{ scalar(node, bare) }}
{% endif %}
{% endmacro %}

{% macro scalar(node, bare=false) %}{{ scalar_of(node, bare, node.shape) if conditions is defined and node.name in conditions else names.cast(node, bare, scalar_of) }}{% endmacro %}

{# Called once for fields that differ only in name, place and text; so the text is to be shown, not asked: that says `shape`. #}
{% macro scalar_of(node, bare, shape) %}
<div class="a-field{% if node.errors %} is-invalid{% endif %}{% if node.kind == 'string' and '\n' in node.text %} a-wide{% endif %}" data-part="{{ node.name }}" data-kind="{{ node.kind }}"{% if node.is_new %} data-new{% endif %}{{ when(node) }}>
  {% if not bare %}
  <div class="a-label-row">{{ title(node) }}{{ type(node) }}{{ menu(node) }}</div>
  {% endif %}
  {% if node.editable %}{{ input(node, shape) }}{% else %}<output class="a-read" id="{{ node.name }}">{{ node.text }}</output>{% endif %}
  {% set target = none if node.widget is not none and node.widget.name == "reference" else names.target_of(node) %}
  {% if target %}<a class="a-target" href="{{ target.url }}">{{ icon("arrow-return-right", "a-flip") }}<span>{{ target.label }}</span></a>{% endif %}
  {{ help(node) }}
  {{ errors(node) }}
</div>
{% endmacro %}

{# The condition of a part, for showif.js; `data-off`: it does not hold now. #}
{% macro when(node) %}
{%- if conditions is defined and node.name in conditions %}{% set rule = conditions[node.name] %} data-if="{{ rule.tree }}"{% if rule.base %} data-if-base="{{ rule.base }}"{% endif %}{% if rule.off %} data-off{% endif %}{% endif -%}
{% endmacro %}

{% macro help(node) %}{% set text = names.hint_of(node).help %}{% if text %}<p class="a-help" id="{{ node.name }}-help">{{ text }}</p>{% endif %}{% endmacro %}

{% macro needed(node) %}{% if names.hint_of(node).required %}<span class="a-required" aria-hidden="true">*</span>{% endif %}{% endmacro %}

{% macro title(node) %}
{% if node.naming %}
<input class="form-control form-control-sm a-key" name="{{ node.name }}~k" value="{{ node.key }}" placeholder="{{ _('key') }}" aria-label="{{ _('Key') }}" autocomplete="off" spellcheck="false">
{% elif node.is_container or node.stub is not none or node.kind == "null" %}<span class="a-name" title="{{ names.place_of(node) }}">{{ named(node) }}{{ needed(node) }}</span>
{% else %}<label class="a-name" for="{{ node.name }}" title="{{ names.place_of(node) }}">{{ named(node) }}{{ needed(node) }}</label>
{% endif %}
{% endmacro %}

{% macro type(node) %}
{% if node.retyping %}
<input type="hidden" name="{{ node.name }}~w" value="{{ node.kind }}"><select class="form-select form-select-sm a-type-select" name="{{ node.name }}~s" aria-label="{{ _('Type of %(name)s', name=named(node, _('item'))) }}" data-type>
  {% for kind, becomes in names.types_of(node) %}<option value="{{ kind }}"{% if loop.first and not node.is_new or kind == node.kind %} selected{% endif %}>{{ LONG_TYPES[kind] }}{% if becomes %}: {{ becomes }}{% endif %}</option>{% endfor %}
</select>
{% else %}{% if node.is_new %}<input type="hidden" name="{{ node.name }}~t" value="{{ node.kind }}">{% if node.offered %}<input type="hidden" name="{{ node.name }}~o" value="1">{% endif %}{% endif %}<span class="a-type" title="{{ LONG_TYPES[node.kind] }}">{{ TYPES[node.kind] }}</span>
{% endif %}
{% if node.is_retyped %}<span class="a-was">{{ _("was %(type)s", type=TYPES.get(node.base_kind, node.base_kind)) }}</span>{% endif %}
{% endmacro %}

{# Made once, for the parts that are as most are. #}
{% macro menu_of(name, label) %}
<details class="a-menu a-menu-end a-part-menu">
  <summary class="btn btn-ghost btn-icon btn-sm" aria-label="{{ _('More for %(name)s', name=label) }}">{{ glyph("three-dots") }}</summary>
  <div class="a-menu-list"><button name="_op" value="type:{{ name }}" formnovalidate>{{ _("Change type") }}</button><button name="_op" value="rename:{{ name }}" formnovalidate>{{ _("Rename") }}</button><button class="is-danger" name="_op" value="remove:{{ name }}" formnovalidate>{{ _("Remove") }}</button></div>
</details>
{%- endmacro %}
{% set MENU = menu_of("\x01", "\x02") %}

{% macro menu(node) %}
{% if node.editable and not node.in_list and opened is defined and not reason and node.stub is none and not node.retyping and not node.naming %}{{ MENU|replace("\x01", node.name)|replace("\x02", named(node, node.name)) }}
{% elif node.editable and not node.in_list and opened is defined and not reason %}
<details class="a-menu a-menu-end a-part-menu">
  <summary class="btn btn-ghost btn-icon btn-sm" aria-label="{{ _('More for %(name)s', name=named(node, node.name)) }}">{{ glyph("three-dots") }}</summary>
  <div class="a-menu-list">
    {% if not node.retyping and node.stub is none %}
    <button name="_op" value="type:{{ node.name }}" formnovalidate>{{ _("Change type") }}</button>
    {% endif %}
    {% if not node.naming and node.stub is none %}
    <button name="_op" value="rename:{{ node.name }}" formnovalidate>{{ _("Rename") }}</button>
    {% endif %}
    <button class="is-danger" name="_op" value="remove:{{ node.name }}" formnovalidate>{{ _("Remove") }}</button>
  </div>
</details>
{% endif %}
{% endmacro %}

{% macro marks(node, unnamed=false) %}
{%- if unnamed %} aria-label="{{ _("Value of %(name)s", name=node.key) }}"{% elif node.in_list %} aria-label="{{ named(node, _("Item")) }}"{% endif %}
{%- set hint = names.hint_of(node) %}
{%- if node.errors or hint.help %} aria-describedby="{% if node.errors %}{{ node.name }}-errors{% endif %}{% if node.errors and hint.help %} {% endif %}{% if hint.help %}{{ node.name }}-help{% endif %}"{% endif %}
{%- if node.errors %} aria-invalid="true"{% endif %}
{%- if hint.required %} aria-required="true"{% endif %}
{%- if hint.placeholder %} placeholder="{{ hint.placeholder }}"{% endif %}
{%- for name, limit in hint.limits %} {{ name }}="{{ limit }}"{% endfor %}
{%- endmacro %}

{% macro input(node, shape, unnamed=false) %}
{% set marked = marks(node, unnamed) %}
{% if node.widget is not none %}{{ widget_input(node, marked) }}
{% elif shape == "switch" %}
<input type="hidden" name="{{ node.name }}" value="false"><div class="form-check"><input class="form-check-input a-switch" type="checkbox" role="switch" id="{{ node.name }}" name="{{ node.name }}" value="true"{% if node.text == "true" %} checked{% endif %}{{ marked }}></div>
{% elif shape == "nothing" %}
<input type="hidden" name="{{ node.name }}~p" value="1"><span class="a-null">{{ node.kind }}</span>
{% elif shape == "area" %}
<textarea class="form-control{% if node.kind == 'code' %} a-mono{% endif %}" id="{{ node.name }}" name="{{ node.name }}" rows="{{ [[node.text|wordcount // 12, node.text.count('\n')]|max + 2, 14]|min }}"{{ marked }}>
{{ node.text }}</textarea>
{% elif shape in ("moment", "fraction") %}
<input class="form-control" type="datetime-local" step="{{ '0.001' if shape == 'fraction' else '1' }}" id="{{ node.name }}" name="{{ node.name }}" value="{{ node.text }}"{{ marked }}>
{% else %}
<input class="form-control{% if node.kind not in ('string', 'int32', 'int64', 'double', 'decimal', 'date') %} a-mono{% endif %}{% if node.kind in ('int32', 'int64', 'double', 'decimal') %} a-number{% endif %}" type="text" id="{{ node.name }}" name="{{ node.name }}" value="{{ node.text }}"{% if node.kind in ("int32", "int64") %} inputmode="numeric"{% elif node.kind in ("double", "decimal") %} inputmode="decimal"{% endif %}{% if node.kind != "string" %} autocomplete="off" spellcheck="false"{% endif %}{{ marked }}>
{% endif %}
{% endmacro %}

{% macro errors(node) %}
{% if node.errors %}
<div class="a-error" id="{{ node.name }}-errors">{{ icon("exclamation-circle") }}<div>{% for error in node.errors %}<div>{{ _(error.message, **error.values) }}</div>{% endfor %}</div></div>
{% endif %}
{% endmacro %}

{% macro object(node, bare=false) %}
{% if bare %}
{% if node.free %}{{ map(node) }}{% else %}{{ keys(node) }}{% endif %}
{% else %}
<fieldset class="a-group" data-part="{{ node.name }}" data-kind="object"{% if node.is_new %} data-new{% endif %} id="{{ node.name }}"{{ when(node) }}>
  <legend class="a-group-head">{{ title(node) }}{{ type(node) }}{{ menu(node) }}</legend>
  {{ help(node) }}
  {{ errors(node) }}
  {% if node.free %}{{ map(node) }}{% else %}{{ keys(node) }}{% endif %}
</fieldset>
{% endif %}
{% endmacro %}

{% macro keys(node) %}
{% if node.editable and (node.in_list or node.is_new) %}<input type="hidden" name="{{ node.name }}~p" value="1">{% endif %}
<div class="a-cols">
  {% for child in node.children %}
  {% if child.is_container and not child.removed and child.stub is none %}</div>{{ part(child) }}<div class="a-cols">{% else %}{{ part(child) }}{% endif %}
  {% endfor %}
</div>
{% if node.editable and not reason %}{{ add_key(node.name) }}{% endif %}
{% endmacro %}

{# An object whose keys are data: rows of key and value. #}
{% macro map(node) %}
{% if node.editable and (node.in_list or node.is_new) %}<input type="hidden" name="{{ node.name }}~p" value="1">{% endif %}
<div class="a-map" role="group" data-map>
  {% for child in node.children %}
  {% if child.removed %}{{ gone(child) }}
  {% elif child.stub is not none or child.is_container %}{{ part(child) }}
  {% else %}
  <div class="a-map-row a-field{% if child.errors %} is-invalid{% endif %}" data-part="{{ child.name }}" data-kind="{{ child.kind }}"{% if child.is_new %} data-new{% endif %}>
    {{ title(child) }}<div class="a-map-value">{% if child.editable %}{{ input(child, child.shape, true) }}{% else %}<output class="a-read">{{ child.text }}</output>{% endif %}</div>{{ type(child) }}{{ menu(child) }}
    {{ errors(child) }}
  </div>
  {% endif %}
  {% else %}<p class="a-muted">{{ _("No entries yet.") }}</p>
  {% endfor %}
</div>
{% if node.editable and not reason %}<button class="btn btn-ghost btn-sm a-add" name="_op" value="add:{{ node.name }}" formnovalidate>{{ glyph("plus-lg") }}{{ _("Add an entry") }}</button>{% endif %}
{% endmacro %}

{% macro add_key(name) %}
<button class="btn btn-ghost btn-sm a-add" name="_op" value="add:{{ name }}" formnovalidate>{{ glyph("plus-lg") }}{{ _("Add a field") }}</button>
{% endmacro %}

{% macro list(node) %}
{% set objects = node.children|selectattr("is_container")|list or node.children|selectattr("stub")|list %}
{% set kinds = names.kinds_of(node) %}
<fieldset class="a-group a-listing" data-part="{{ node.name }}" data-kind="array"{% if node.is_new %} data-new{% endif %}{% if node.has_light %} data-light{% endif %} id="{{ node.name }}"{{ when(node) }}>
  <legend class="a-group-head">{{ title(node) }}{{ type(node) }}<span class="a-count-of" data-count>{{ node.children|rejectattr("removed")|list|length }}</span>
  {%- if objects and node.children|length > 1 %}<span class="a-folds" data-folds hidden><button type="button" class="btn btn-ghost btn-sm" data-unfold{% if node.has_light %} value="openall:{{ node.name }}"{% endif %}>{{ _("Expand all") }}</button><button type="button" class="btn btn-ghost btn-sm" data-fold-up>{{ _("Collapse all") }}</button></span>{% endif %}{{ menu(node) }}</legend>
  {% if node.editable and (node.in_list or node.is_new) %}<input type="hidden" name="{{ node.name }}~p" value="1">{% endif %}
  {% set order = node.order if node.has_light else "" %}
  {% if order %}<input type="hidden" name="{{ node.name }}~q" value="{{ order }}" data-order>{% endif %}
  {{ help(node) }}
  {{ errors(node) }}
  <ol class="{{ 'a-items' if objects or kinds or not node.children else 'a-scalar' }}" data-items>
    {% if objects %}{% for child in node.children %}{{ item(child, node.children|length > 3, kinds) }}{% endfor %}
    {% else %}{% for child in node.children %}{{ plain_item(child, node) }}{% endfor %}{% endif %}
  </ol>
  {% if node.editable and not reason %}
  <div class="a-row a-list-add">
    {% if kinds %}
    <details class="a-menu a-kinds">
      <summary class="btn btn-quiet btn-sm">{{ glyph("plus-lg") }}{{ _("Add an item") }}</summary>
      <div class="a-menu-list">
        {% for kind in kinds %}<button name="_op" value="add:{{ node.name }}:{{ label_of(kind.name) }}" formnovalidate>{% if kind.icon %}{{ icon(kind.icon) }}{% endif %}{{ _(kind.title) if kind.title else kind.name }}</button>{% endfor %}
      </div>
    </details>
    {% else %}
    <button class="btn btn-quiet btn-sm" name="_op" value="add:{{ node.name }}" formnovalidate>{{ glyph("plus-lg") }}{{ _("Add an item") }}</button>
    {% endif %}
  </div>
  {% endif %}
</fieldset>
{% endmacro %}

{% macro entry(parent, node) %}
{%- if not node.in_list %}{{ part(node) }}
{%- elif node.is_container or node.stub is not none %}{{ item(node, true, names.kinds_of(parent)) }}
{%- else %}{{ plain_item(node, parent) }}
{%- endif %}
{% endmacro %}

{% macro plain_item(node, parent) %}
<li data-item="{{ node.name }}"{% if node.is_new %} data-new{% endif %}>{% if node.removed %}{{ gone(node) }}{% else %}{{ GRIP }}{{ scalar(node, true) }}{% if node.is_new or node.retyping or not parent.is_homogeneous %}{{ type(node) }}{% endif %}{{ tools(node) }}{% endif %}</li>
{% endmacro %}

{# A closed item of a long list has no inputs: its button asks for them. #}
{% macro item(node, folded, kinds=()) %}
{% set kind = names.kind_of(node, kinds) if kinds else none %}
{% if node.light and not node.removed and not node.errors %}
<li class="a-item" data-item="{{ node.name }}" id="{{ node.name }}">{{ GRIP }}<div class="a-item-head"><span class="a-item-no"></span>{% if kind %}{{ kind_mark(kind) }}{% endif %}<button class="a-item-open" name="_op" value="open:{{ node.name }}" formnovalidate aria-expanded="false">{{ names.summary_of(node) or TYPES[node.kind] }}</button></div>{{ tools(node) }}</li>
{% else %}
<li class="a-item{% if node.is_new or node.is_retyped %} is-changed{% endif %}" data-item="{{ node.name }}" id="{{ node.name }}"{% if node.is_new %} data-new{% endif %}>
{% if node.removed %}{{ gone(node) }}
{% elif node.stub is not none or not node.is_container %}
  {{ GRIP }}<div class="a-item-head"><span class="a-item-no"></span><div class="a-item-title">{% if node.stub is not none %}{{ kept(node) }}{% else %}{{ scalar(node, true) }}{% endif %}</div>{% if node.is_new or node.retyping %}{{ type(node) }}{% endif %}{{ tools(node) }}</div>
{% else %}
  {{ GRIP }}
  <details{% if not folded or node.is_new or node.opened or node.has_errors or focus == node.name or focus.startswith(node.name ~ "-") %} open{% endif %}>
    <summary class="a-item-head"><span class="a-item-no"></span>{% if kind %}{{ kind_mark(kind) }}{% endif %}<span class="a-item-title">{{ names.summary_of(node) or TYPES[node.kind] }}</span></summary>
    <div class="a-item-body">
      {% if node.is_new or node.retyping %}{{ type(node) }}{% endif %}
      {% if node.kind == "object" %}{{ errors(node) }}{{ object(node, true) }}{% else %}{{ list(node) }}{% endif %}
    </div>
  </details>
  {{ tools(node) }}
{% endif %}
</li>
{% endif %}
{% endmacro %}

{% macro kind_mark(kind) %}<span class="a-item-kind">{% if kind.icon %}{{ icon(kind.icon) }}{% endif %}{{ _(kind.title) if kind.title else kind.name }}</span>{% endmacro %}

{# Made once: a long list has these hundreds of times. #}
{% macro tools_of(name, copies=true) %}
<span class="a-item-tools">
  <button class="btn btn-ghost btn-icon btn-sm" name="_op" value="up:{{ name }}" formnovalidate aria-label="{{ _('Move up') }}">{{ glyph("arrow-up") }}</button>
  <button class="btn btn-ghost btn-icon btn-sm" name="_op" value="down:{{ name }}" formnovalidate aria-label="{{ _('Move down') }}">{{ glyph("arrow-down") }}</button>
  {% if copies %}<button class="btn btn-ghost btn-icon btn-sm" name="_op" value="dup:{{ name }}" formnovalidate aria-label="{{ _('Duplicate') }}">{{ glyph("copy") }}</button>{% endif %}
  <button class="btn btn-ghost btn-icon btn-sm is-danger" name="_op" value="remove:{{ name }}" formnovalidate aria-label="{{ _('Remove') }}">{{ glyph("trash") }}</button>
</span>
{%- endmacro %}
{% set TOOLS = tools_of("@") %}
{% set FEW_TOOLS = tools_of("@", false) %}
{% set GRIP %}{% if not reason %}<span class="a-grip" data-grip aria-hidden="true">{{ glyph("grip-vertical") }}</span>{% endif %}{% endset %}

{% macro tools(node) %}
{%- if node.editable and not reason %}{{ (TOOLS if node.stub is none else FEW_TOOLS)|replace("@", node.name) }}{% endif -%}
{% endmacro %}

{% macro gone(node) %}
<div class="a-gone" data-part="{{ node.name }}"><input type="hidden" name="{{ node.name }}~x" value="1"><s class="a-muted">{{ named(node, names.summary_of(node) or node.text or _("item")) }}</s> <span class="a-muted">{{ _("is removed when you save") }}</span>
  <button class="btn btn-ghost btn-sm" name="_op" value="restore:{{ node.name }}" formnovalidate>{{ glyph("arrow-counterclockwise") }}{{ _("Keep") }}</button></div>
{% endmacro %}

{% macro kept(node) %}
{% set inside = (at if at is defined and at else "") %}
<div class="a-field a-kept" data-part="{{ node.name }}"{{ when(node) }}>
  {% if node.in_list %}<input type="hidden" name="{{ node.name }}~p" value="1">{% else %}<div class="a-label-row">{{ title(node) }}<span class="a-type">{{ TYPES.get(node.stub.kind, node.stub.kind) }}</span>{% if node.kind != "masked" %}{{ menu(node) }}{% endif %}</div>{% endif %}
  {% if node.kind == "masked" %}<output class="a-read">••••••</output>
  {% else %}
  <div class="a-row"><span class="a-muted">{% if node.stub.count %}{{ ngettext("%(num)s part", "%(num)s parts", node.stub.count) }}, {% endif %}{{ node.stub.size|filesize }}, {{ _("kept as it is") }}</span>
  {% if opened is defined and document_id %}<a class="btn btn-ghost btn-sm" href="{{ opened.url('edit', at=names.place_of(node)) }}">{{ glyph("box-arrow-in-right") }}{{ _("Edit by itself") }}</a>{% endif %}</div>
  {% endif %}
  {{ errors(node) }}
</div>
{% endmacro %}

{# What a part is called, else the other word. #}
{% macro named(node, other="") %}{{ names.name_of(node) or other or _("(empty)") }}{% endmacro %}

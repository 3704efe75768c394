{#
admin:field: the parts of an inferred form. {% import "admin:field" as parts with context %}

glyphs()     the pictures of the buttons, once on a page
part(node)   a node (aiocms/admin/tree.py) with everything below it: scalar, object, list, kept or masked part
tools(node)  the buttons of a list item

Without JavaScript each button posts the form with _op=verb:name; with it edit.js does the same in the page.
#}

{% set TYPES = {"string": _("text"), "int32": "int32", "int64": "int64", "double": "double", "decimal": "decimal",
  "bool": _("yes/no"), "date": _("date"), "objectId": "id", "object": _("object"), "array": _("list"), "null": "null",
  "binary": _("binary"), "regex": _("regex"), "timestamp": "timestamp", "code": _("code"), "minKey": "minKey", "maxKey": "maxKey"} %}

{% macro glyph(name) %}<svg class="a-icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#g-{{ name }}"/></svg>{% endmacro %}

{# The pictures of all buttons, once: a long form has hundreds of them. #}
{% macro glyphs() %}
<svg class="a-glyphs" aria-hidden="true" width="0" height="0"><defs>
{% for name in ("three-dots", "plus-lg", "arrow-up", "arrow-down", "copy", "trash", "arrow-counterclockwise", "box-arrow-in-right") %}<symbol id="g-{{ name }}" viewBox="0 0 16 16">{{ inner(icon(name)) }}</symbol>{% endfor %}
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

{% macro scalar(node, bare=false) %}
<div class="a-field{% if node.errors %} is-invalid{% endif %}{% if node.kind == 'string' and '\n' in node.text %} a-wide{% endif %}" data-part="{{ node.name }}" data-kind="{{ node.kind }}"{% if node.is_new %} data-new{% endif %}>
  {% if not bare %}
  <div class="a-label-row">{{ title(node) }}{{ type(node) }}{{ menu(node) }}</div>
  {% endif %}
  {% if node.editable %}{{ input(node) }}{% else %}<output class="a-read" id="{{ node.name }}">{{ node.text }}</output>{% endif %}
  {% set target = none if node.widget is not none and node.widget.name == "reference" else names.target_of(node) %}
  {% if target %}<a class="a-target" href="{{ target.url }}">{{ icon("arrow-return-right", "a-flip") }}<span>{{ target.label }}</span></a>{% endif %}
  {{ errors(node) }}
</div>
{% endmacro %}

{% macro title(node) %}
{% if node.naming %}
<input class="form-control form-control-sm a-key" name="{{ node.name }}~k" value="{{ node.key }}" placeholder="{{ _('key') }}" aria-label="{{ _('Key') }}" autocomplete="off" spellcheck="false">
{% elif node.is_container or node.stub is not none or node.kind == "null" %}<span class="a-name" title="{{ path_of(node) }}">{{ named(node) }}</span>
{% else %}<label class="a-name" for="{{ node.name }}" title="{{ path_of(node) }}">{{ named(node) }}</label>
{% endif %}
{% endmacro %}

{% macro type(node) %}
{% if node.retyping %}
<select class="form-select form-select-sm a-type-select" name="{{ node.name }}~s" aria-label="{{ _('Type of %(name)s', name=named(node, _('item'))) }}" data-type>
  {% for kind in kinds %}<option value="{{ kind }}"{% if kind == node.kind %} selected{% endif %}>{{ TYPES[kind] }}</option>{% endfor %}
</select>
{% else %}{% if node.is_new %}<input type="hidden" name="{{ node.name }}~t" value="{{ node.kind }}">{% endif %}<span class="a-type">{{ TYPES.get(node.kind, node.kind) }}</span>
{% endif %}
{% endmacro %}

{% macro menu(node) %}
{% if node.editable and not node.in_list and opened is defined and not reason %}
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

{% macro marks(node) %}
{%- if node.in_list %} aria-label="{{ named(node, _("Item")) }}"{% endif %}
{%- if node.errors %} aria-invalid="true" aria-describedby="{{ node.name }}-errors"{% endif %}
{%- endmacro %}

{% macro input(node) %}
{% if node.widget is not none %}{{ widget_input(node, marks(node)) }}
{% elif node.kind == "bool" %}
<input type="hidden" name="{{ node.name }}" value="false"><div class="form-check"><input class="form-check-input a-switch" type="checkbox" role="switch" id="{{ node.name }}" name="{{ node.name }}" value="true"{% if node.text == "true" %} checked{% endif %}{{ marks(node) }}></div>
{% elif node.kind in ("null", "minKey", "maxKey") %}
<input type="hidden" name="{{ node.name }}~p" value="1"><span class="a-null">{{ node.kind }}</span>
{% elif node.kind in ("string", "code") and ("\n" in node.text or "\r" in node.text or node.text|length > 90) %}
<textarea class="form-control{% if node.kind == 'code' %} a-mono{% endif %}" id="{{ node.name }}" name="{{ node.name }}" rows="{{ [[node.text|wordcount // 12, node.text.count('\n')]|max + 2, 14]|min }}"{{ marks(node) }}>
{{ node.text }}</textarea>
{% elif node.kind == "date" and (node.text|length in (16, 19, 23)) and node.text[4] == "-" %}
<input class="form-control" type="datetime-local" step="{{ '0.001' if '.' in node.text else '1' }}" id="{{ node.name }}" name="{{ node.name }}" value="{{ node.text }}"{{ marks(node) }}>
{% elif node.kind == "date" and node.is_new and not node.text %}
<input class="form-control" type="datetime-local" step="1" id="{{ node.name }}" name="{{ node.name }}" value=""{{ marks(node) }}>
{% else %}
<input class="form-control{% if node.kind not in ('string', 'int32', 'int64', 'double', 'decimal', 'date') %} a-mono{% endif %}{% if node.kind in ('int32', 'int64', 'double', 'decimal') %} a-number{% endif %}" type="text" id="{{ node.name }}" name="{{ node.name }}" value="{{ node.text }}"{% if node.kind in ("int32", "int64") %} inputmode="numeric"{% elif node.kind in ("double", "decimal") %} inputmode="decimal"{% endif %}{% if node.kind != "string" %} autocomplete="off" spellcheck="false"{% endif %}{{ marks(node) }}>
{% endif %}
{% endmacro %}

{% macro errors(node) %}
{% if node.errors %}
<div class="a-error" id="{{ node.name }}-errors">{{ icon("exclamation-circle") }}<div>{% for error in node.errors %}<div>{{ _(error.message, **error.values) }}</div>{% endfor %}</div></div>
{% endif %}
{% endmacro %}

{% macro object(node, bare=false) %}
{% if bare %}
{{ keys(node) }}
{% else %}
<fieldset class="a-group" data-part="{{ node.name }}" data-kind="object"{% if node.is_new %} data-new{% endif %} id="{{ node.name }}">
  <legend class="a-group-head">{{ title(node) }}{{ type(node) }}{{ menu(node) }}</legend>
  {{ errors(node) }}
  {{ keys(node) }}
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

{% macro add_key(name) %}
<button class="btn btn-ghost btn-sm a-add" name="_op" value="add:{{ name }}" formnovalidate>{{ glyph("plus-lg") }}{{ _("Add a field") }}</button>
{% endmacro %}

{% macro list(node) %}
{% set objects = node.children|selectattr("is_container")|list or node.children|selectattr("stub")|list %}
<fieldset class="a-group a-listing" data-part="{{ node.name }}" data-kind="array"{% if node.is_new %} data-new{% endif %} id="{{ node.name }}">
  <legend class="a-group-head">{{ title(node) }}{{ type(node) }}<span class="a-count-of">{{ node.children|rejectattr("removed")|list|length }}</span>{{ menu(node) }}</legend>
  {% if node.editable and (node.in_list or node.is_new) %}<input type="hidden" name="{{ node.name }}~p" value="1">{% endif %}
  {{ errors(node) }}
  {% if objects %}
  <ol class="a-items" data-items>
    {% for child in node.children %}{{ item(child, loop.index, node.children|length > 3) }}{% endfor %}
  </ol>
  {% else %}
  <ol class="a-scalar" data-items>
    {% for child in node.children %}
    <li data-item="{{ child.name }}">{% if child.removed %}{{ gone(child) }}{% else %}{{ scalar(child, true) }}{% if child.is_new or child.retyping or not node.is_homogeneous %}{{ type(child) }}{% endif %}{{ tools(child) }}{% endif %}</li>
    {% endfor %}
  </ol>
  {% endif %}
  {% if node.editable and not reason %}
  <div class="a-row a-list-add">
    <button class="btn btn-quiet btn-sm" name="_op" value="add:{{ node.name }}" formnovalidate>{{ glyph("plus-lg") }}{{ _("Add an item") }}</button>
  </div>
  {% endif %}
</fieldset>
{% endmacro %}

{% macro item(node, number, folded) %}
<li class="a-item{% if node.is_new %} is-changed{% endif %}" data-item="{{ node.name }}" id="{{ node.name }}">
{% if node.removed %}{{ gone(node) }}
{% elif node.stub is not none or not node.is_container %}
  <div class="a-item-head"><span class="a-item-no">{{ number }}</span><div class="a-item-title">{% if node.stub is not none %}{{ kept(node) }}{% else %}{{ scalar(node, true) }}{% endif %}</div>{% if node.is_new or node.retyping %}{{ type(node) }}{% endif %}{{ tools(node) }}</div>
{% else %}
  <details{% if not folded or node.is_new or node.has_errors or focus == node.name or focus.startswith(node.name ~ "-") %} open{% endif %}>
    <summary class="a-item-head"><span class="a-item-no">{{ number }}</span><span class="a-item-title">{{ names.summary_of(node) or TYPES[node.kind] }}</span></summary>
    <div class="a-item-body">
      {% if node.is_new or node.retyping %}{{ type(node) }}{% endif %}
      {% if node.kind == "object" %}{{ errors(node) }}{{ object(node, true) }}{% else %}{{ list(node) }}{% endif %}
    </div>
  </details>
  {{ tools(node) }}
{% endif %}
</li>
{% endmacro %}

{% macro tools(node) %}
{% if node.editable and not reason %}
<span class="a-item-tools">
  <button class="btn btn-ghost btn-icon btn-sm" name="_op" value="up:{{ node.name }}" formnovalidate aria-label="{{ _('Move up') }}">{{ glyph("arrow-up") }}</button>
  <button class="btn btn-ghost btn-icon btn-sm" name="_op" value="down:{{ node.name }}" formnovalidate aria-label="{{ _('Move down') }}">{{ glyph("arrow-down") }}</button>
  {% if node.stub is none %}<button class="btn btn-ghost btn-icon btn-sm" name="_op" value="dup:{{ node.name }}" formnovalidate aria-label="{{ _('Duplicate') }}">{{ glyph("copy") }}</button>{% endif %}
  <button class="btn btn-ghost btn-icon btn-sm is-danger" name="_op" value="remove:{{ node.name }}" formnovalidate aria-label="{{ _('Remove') }}">{{ glyph("trash") }}</button>
</span>
{% endif %}
{% endmacro %}

{% macro gone(node) %}
<div class="a-gone" data-part="{{ node.name }}"><input type="hidden" name="{{ node.name }}~x" value="1"><s class="a-muted">{{ named(node, names.summary_of(node) or node.text or _("item")) }}</s> <span class="a-muted">{{ _("is removed when you save") }}</span>
  <button class="btn btn-ghost btn-sm" name="_op" value="restore:{{ node.name }}" formnovalidate>{{ glyph("arrow-counterclockwise") }}{{ _("Keep") }}</button></div>
{% endmacro %}

{% macro kept(node) %}
{% set inside = (at if at is defined and at else "") %}
<div class="a-field a-kept" data-part="{{ node.name }}">
  {% if node.in_list %}<input type="hidden" name="{{ node.name }}~p" value="1">{% else %}<div class="a-label-row">{{ title(node) }}<span class="a-type">{{ TYPES.get(node.stub.kind, node.stub.kind) }}</span>{% if node.kind != "masked" %}{{ menu(node) }}{% endif %}</div>{% endif %}
  {% if node.kind == "masked" %}<output class="a-read">••••••</output>
  {% else %}
  <div class="a-row"><span class="a-muted">{% if node.stub.count %}{{ ngettext("%(num)s part", "%(num)s parts", node.stub.count) }}, {% endif %}{{ node.stub.size|filesize }}, {{ _("kept as it is") }}</span>
  {% if opened is defined and document_id %}<a class="btn btn-ghost btn-sm" href="{{ opened.url('edit', at=path_of(node)) }}">{{ glyph("box-arrow-in-right") }}{{ _("Edit by itself") }}</a>{% endif %}</div>
  {% endif %}
  {{ errors(node) }}
</div>
{% endmacro %}

{# What a part is called, else the other word. #}
{% macro named(node, other="") %}{{ names.name_of(node) or other or _("(empty)") }}{% endmacro %}

{% macro path_of(node) %}{{ show_path(base_path + node.path) }}{% endmacro %}

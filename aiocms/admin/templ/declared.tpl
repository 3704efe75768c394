{#
admin:declared: the parts of a declared WTForms form. {% import "admin:declared" as declared with context %}

part(field)   a field with label, widget, errors; FormField as a group, FieldList with add, move, remove
item(entry, folded, around)   an item of the list `around`; `folded`: shown closed where nothing is wrong in it
#}
{% import "core:forms" as forms with context %}
{% import part_names.field as parts with context %}

{% macro part(field) %}
{% if field.type == "CSRFTokenField" or field.name == "csrf_token" %}
{% elif field.form is defined and field.form %}
<fieldset class="a-group" id="{{ field.name }}" data-part="{{ field.name }}" data-kind="object"{{ when(field) }}>
  <legend class="a-group-head">{{ _(field.label.text) }}</legend>
  {% if field.description %}<p class="a-help">{{ _(field.description) }}</p>{% endif %}
  {{ fields(field.form) }}
</fieldset>
{% elif field.entries is defined %}
{{ list(field) }}
{% elif field.widget.input_type|default("") == "hidden" %}{{ field() }}
{% else %}<div class="f-declared" data-part="{{ field.name }}" data-kind="{{ kind_of(field) if kind_of is defined else 'string' }}"{{ when(field) }}>{{ forms.field(field) }}</div>
{% endif %}
{% endmacro %}

{# The condition of a field, for showif.js; `data-off`: it does not hold now. #}
{% macro when(field) %}
{%- if conditions is defined and field.name in conditions %}{% set rule = conditions[field.name] %} data-if="{{ rule.tree }}"{% if rule.base %} data-if-base="{{ rule.base }}"{% endif %}{% if rule.off %} data-off{% endif %}{% endif -%}
{% endmacro %}

{% macro fields(form) %}
<div class="a-cols">
{% for one in form %}
  {% if one.entries is defined or (one.form is defined and one.form) %}</div>{{ part(one) }}<div class="a-cols">{% else %}{{ part(one) }}{% endif %}
{% endfor %}
</div>
{% endmacro %}

{% macro list(field) %}
{% set items = editor.items_of(field) if editor is defined and editor else field.entries %}
{% set folded = items|length > field.entries|length %}
{% set order = editor.lists.order_of(field) if editor is defined and editor else "" %}
{% set forms_inside = folded or (items and items[0].form is defined) %}
<fieldset class="a-group a-listing" id="{{ field.name }}" data-part="{{ field.name }}" data-kind="array" data-declared{% if folded or order %} data-light{% endif %}{{ when(field) }}>
  <legend class="a-group-head">{{ _(field.label.text) }}<span class="a-count-of" data-count>{{ items|length }}</span>{% if items|length > 1 and forms_inside %}<span class="a-folds" data-folds hidden><button type="button" class="btn btn-ghost btn-sm" data-unfold{% if folded %} value="openall:{{ field.name }}"{% endif %}>{{ _("Expand all") }}</button><button type="button" class="btn btn-ghost btn-sm" data-fold-up>{{ _("Collapse all") }}</button></span>{% endif %}</legend>
  {% if field.description %}<p class="a-help">{{ _(field.description) }}</p>{% endif %}
  {% if order %}<input type="hidden" name="{{ field.name }}~q" value="{{ order }}" data-order>{% endif %}
  {{ forms.list_errors(field) }}
  <ol class="a-items" data-items>
  {% for one in items %}{{ item(one, items|length > 3, field) }}{% endfor %}
  </ol>
  {% for name in removed_names if name.rpartition("-")[0] == field.name %}<input type="hidden" name="{{ name }}~x" value="1">{% endfor %}
  {% if not reason %}
  {% if field.kinds is defined %}
  <details class="a-menu a-kinds">
    <summary class="btn btn-quiet btn-sm">{{ parts.glyph("plus-lg") }}{{ _("Add an item") }}</summary>
    <div class="a-menu-list">{% for kind in field.kinds %}<button name="_op" value="add:{{ field.name }}:{{ label_of(kind) }}" formnovalidate>{{ icon(field.icon_of(kind)) }}{{ _(field.title_of(kind)) }}</button>{% endfor %}</div>
  </details>
  {% else %}
  <button class="btn btn-quiet btn-sm" name="_op" value="add:{{ field.name }}" formnovalidate>{{ parts.glyph("plus-lg") }}{{ _("Add an item") }}</button>
  {% endif %}
  {% endif %}
</fieldset>
{% endmacro %}

{# A closed item has no inputs: its button asks for them. #}
{% macro item(entry, folded, around=none) %}
{% set kind = _(around.title_of(entry.kind)) if around is not none and around.kinds is defined and entry.kind else "" %}
{% set mark %}{% if kind %}<span class="a-item-kind">{{ icon(around.icon_of(entry.kind)) }}{{ kind }}</span>{% endif %}{% endset %}
<li class="a-item" data-item="{{ entry.name }}" id="{{ entry.name }}-item">
  {% if entry.title is defined %}
  {{ parts.GRIP }}<div class="a-item-head"><span class="a-item-no"></span>{{ mark }}{% if reason %}<span class="a-item-title">{{ entry.title or _("Item") }}</span>{% else %}<button class="a-item-open" name="_op" value="open:{{ entry.name }}" formnovalidate aria-expanded="false">{{ entry.title or _("Item") }}</button>{% endif %}</div>
  {{ tools(entry) }}
  {% else %}
  <input type="hidden" name="{{ entry.name }}~p" value="1">{{ parts.GRIP }}
  {% if entry.form is defined and entry.form %}
  <details{% if not folded or entry.errors or focus == entry.name or focus.startswith(entry.name ~ "-") or (editor is defined and editor and editor.unfolded == entry.name.rpartition("-")[0]) %} open{% endif %}>
    <summary class="a-item-head"><span class="a-item-no"></span>{{ mark }}<span class="a-item-title">{{ summary(entry) }}</span></summary>
    <div class="a-item-body">{% if around is not none and around.kinds is defined and entry.kind not in around.kinds %}<p class="a-muted">{{ _("Items of this kind have no fields here. It is kept as it is.") }}</p>{% endif %}{{ fields(entry.form) }}</div>
  </details>
  {{ tools(entry) }}
  {% else %}
  <div class="a-item-head"><span class="a-item-no"></span><div class="a-item-title">{{ forms.widget(entry, "form-select" if entry.type == "SelectField" else "form-control") }}{{ forms.errors(entry) }}</div>{{ tools(entry) }}</div>
  {% endif %}
  {% endif %}
</li>
{% endmacro %}

{% macro summary(entry) %}
{%- set words = [] -%}
{%- for one in entry.form if one.data is string and one.data and one.type != "HiddenField" and words|length < 3 %}{% do words.append(one.data[:40]) %}{% endfor -%}
{{ words|join(" · ") or _("Item") }}
{%- endmacro %}

{% macro tools(entry) %}{% if not reason %}{{ parts.TOOLS|replace("@", entry.name) }}{% endif %}{% endmacro %}

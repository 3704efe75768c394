{#
Macros for forms. In a template:

    {% import "core:forms" as forms with context %}
    <form method="post" class="a-form">{{ forms.form(form) }}<button class="btn btn-primary">{{ _("Save") }}</button></form>

form(form)      token, errors of the form, hidden fields, every other field
field(field)    label, widget, description and errors of one field; nested forms and lists of them too
errors(field)   only the errors
Import "with context": labels and errors are translated for the visitor.
#}

{% macro form(form) %}
{{ csrf_input() }}
{{ form_errors(form) }}
{{ fields(form) }}
{% endmacro %}

{% macro fields(form) %}
{% for one in form %}
{{ field(one) }}
{% endfor %}
{% endmacro %}

{% macro form_errors(form) %}
{% if form.form_errors %}
<div class="alert alert-danger" role="alert">
  {% for error in form.form_errors %}
  <p class="mb-0">{{ _(error) }}</p>
  {% endfor %}
</div>
{% endif %}
{% endmacro %}

{% macro field(field) %}
{% if field.type in ("FormField", "KindField") %}
<fieldset class="a-fieldset mb-3">
  <legend class="a-fieldset-legend">{{ _(field.label.text) }}</legend>
  {{ form_errors(field.form) }}
  {{ fields(field.form) }}
</fieldset>
{% elif field.type in ("FieldList", "KindsField") %}
<fieldset class="a-fieldset a-field-list mb-3" id="{{ field.id }}">
  <legend class="a-fieldset-legend">{{ _(field.label.text) }}</legend>
  {% for entry in field.entries %}
  <div class="a-field-list-entry">{{ _self_field(entry) }}</div>
  {% endfor %}
  {{ list_errors(field) }}
</fieldset>
{% elif field.widget.input_type|default("") == "hidden" %}
{{ field() }}
{% elif field.widget.input_type|default("") == "checkbox" %}
<div class="form-check mb-3">
  {{ widget(field, "form-check-input") }}
  <label class="form-check-label" for="{{ field.id }}">{{ _(field.label.text) }}</label>
  {{ description(field) }}
  {{ errors(field) }}
</div>
{% elif field.option_widget is defined and field.widget.html_tag is defined %}
<fieldset class="a-fieldset mb-3"{% if field.errors or field.description %} aria-describedby="{{ describers(field) }}"{% endif %}>
  <legend class="form-label">{{ _(field.label.text) }}{{ required_mark(field) }}</legend>
  {% for option in field %}
  <div class="form-check">
    {{ option(class="form-check-input") }}
    <label class="form-check-label" for="{{ option.id }}">{{ _(option.label.text) }}</label>
  </div>
  {% endfor %}
  {{ description(field) }}
  {{ errors(field) }}
</fieldset>
{% else %}
<div class="mb-3">
  <label class="form-label" for="{{ field.id }}">{{ _(field.label.text) }}{{ required_mark(field) }}</label>
  {{ widget(field, "form-select" if field.type in ("SelectField", "SelectMultipleField") else "form-control") }}
  {{ description(field) }}
  {{ errors(field) }}
</div>
{% endif %}
{% endmacro %}

{% macro _self_field(one) %}{{ field(one) }}{% endmacro %}

{% macro widget(field, css) %}
{% set own = (field.render_kw or {})["class"]|default("") %}
{% set attributes = {"class": (css ~ (" is-invalid" if field.errors else "") ~ " " ~ own)|trim} %}
{% if field.errors or field.description %}{% do attributes.update({"aria-describedby": describers(field)|string}) %}{% endif %}
{% if field.errors %}{% do attributes.update({"aria-invalid": "true"}) %}{% endif %}
{{ field(**attributes) }}
{% endmacro %}

{% macro describers(field) %}
{{- (field.id ~ "-errors " if field.errors else "") ~ (field.id ~ "-help" if field.description else "") -}}
{% endmacro %}

{% macro required_mark(field) %}
{% if field.flags.required %}<span class="a-required" aria-hidden="true"> *</span>{% endif %}
{% endmacro %}

{% macro description(field) %}
{% if field.description %}<div class="form-text" id="{{ field.id }}-help">{{ _(field.description) }}</div>{% endif %}
{% endmacro %}

{% macro errors(field) %}
{% if field.errors %}
<div class="invalid-feedback d-block" id="{{ field.id }}-errors">
  {% for error in field.errors %}
  <div>{{ _(error) }}</div>
  {% endfor %}
</div>
{% endif %}
{% endmacro %}

{% macro list_errors(field) %}
{% for error in field.errors if error is string %}
<div class="invalid-feedback d-block">{{ _(error) }}</div>
{% endfor %}
{% endmacro %}

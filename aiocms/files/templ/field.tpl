{#
files:field: a FileField or ImageField of a form.

Variables
  field   the field: name, data, wanted, shown (see files:input); text: the id it holds; attrs: of the input, ready
#}
{% import "files:input" as inputs with context %}
{{ inputs.box(field.name, text, field.shown, attrs) }}

{#
core:fields/reference: the input of a reference: the id, or what somebody who knows the documents offers.

Variables
  field   the WTForms field; field.picker: what is offered, with the name of its template, or None
  text    the id; attrs: attributes of the input, ready
#}
{% if field.picker %}{% import field.picker.template as parts with context %}{{ parts.box(field.id, text, field.picker, attrs) }}
{% else %}<input class="form-control" type="text" id="{{ field.id }}" name="{{ field.name }}" value="{{ text }}" autocomplete="off" spellcheck="false"{{ attrs }}>
{% endif %}

{#
admin:edit_part: one part of an edit page, which takes the place of the same part of the page that is open.
Fallback names: <ns>:admin/<screen>/edit_part, <ns>:admin/edit_part, admin:edit_part.

Variables: those of admin:edit that admin:field and admin:declared need, and
  node, parent   the part, and the list around it; of a `declared` form WTForms fields
#}
{% import part_names.field as parts with context %}
{% import part_names.declared as declared_parts with context %}
{% if not declared %}{{ parts.entry(parent, node) }}
{% elif parent is not none %}{{ declared_parts.item(node, true, parent) }}
{% else %}{{ declared_parts.part(node) }}
{% endif %}

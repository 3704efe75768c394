{#
admin:edit_part: one part of an edit page, which takes the place of the same part of the page that is open.
Fallback names: <ns>:admin/<screen>/edit_part, <ns>:admin/edit_part, admin:edit_part.

Variables: those of admin:edit that admin:field needs, and
  node, parent   the part, and the list around it
#}
{% import part_names.field as parts with context %}
{{ parts.entry(parent, node) }}

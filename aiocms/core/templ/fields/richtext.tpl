{#
core:fields/richtext: the input of a text of blocks. Editor.js shows it; without JavaScript its JSON is edited.

input(name, text, attrs, css)   `attrs` are attributes of the textarea, ready

Variables
  field   the WTForms field, when a form shows it; text: its JSON; attrs
#}
{% set TOOLS = ("editorjs", "header", "list", "checklist", "quote", "warning", "code", "table", "delimiter", "marker", "inline-code") %}
{% macro input(name, text, attrs, css="") %}
<div class="a-richtext" data-richtext data-label="{{ _('Text') }}" data-empty="{{ _('Write, or press / for other blocks') }}" data-failed="{{ _('The editor could not be loaded. This is the text as JSON.') }}" data-words='{{ {
    "Text": _("Text"), "Heading": _("Heading"), "List": _("List"), "Checklist": _("Checklist"), "Quote": _("Quote"), "Warning": _("Note"),
    "Code": _("Code"), "Table": _("Table"), "Delimiter": _("Separator"), "Image": _("Image"), "Bold": _("Bold"), "Italic": _("Italic"), "Link": _("Link"),
    "Marker": _("Marker"), "InlineCode": _("Code"), "Delete": _("Delete"), "Move up": _("Move up"), "Move down": _("Move down"),
    "Click to delete": _("Press again to delete"), "Add": _("Add"), "Filter": _("Search"), "Nothing found": _("Nothing found"), "Add a link": _("Address of the link"), "Click to tune": _("Block menu"),
    "image": {"address": _("Address of the image"), "upload": _("Upload an image"), "library": _("Choose from the library"), "drop": _("or drop it here"),
      "alt": _("Description for those who do not see it"), "caption": _("Caption"), "failed": _("The upload was cut. Please try again."), "broken": _("There is no image at this address.")}
  }|tojson }}' data-image="{{ static('core:richtext_image.js') }}" data-scripts="{% for tool in TOOLS %}{{ static('core:editorjs/' ~ tool ~ '.js') }} {% endfor %}">
  <textarea id="{{ name }}" name="{{ name }}" rows="8" spellcheck="false" data-richtext-value{% if css %} class="{{ css }}"{% endif %}{{ attrs }}>
{{ text }}</textarea>
</div>
{% endmacro %}
{% if field is defined %}{{ input(field.id, text, attrs) }}{% endif %}

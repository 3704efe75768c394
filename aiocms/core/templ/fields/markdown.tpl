{#
core:fields/markdown: the input of a text in Markdown, with a row of buttons and a preview.

input(name, text, attrs, css)   `attrs` are attributes of the textarea, ready

Variables
  field   the WTForms field, when a form shows it; text: what it holds; attrs
#}
{% macro input(name, text, attrs, css="") %}
<div class="a-markdown" data-markdown data-link="{{ _('Address of the link') }}" data-failed="{{ _('The preview cannot be made now.') }}">
  <div class="a-md-bar a-js" role="toolbar" aria-label="{{ _('Formatting') }}" aria-controls="{{ name }}">
    <button type="button" class="btn btn-ghost btn-icon btn-sm" data-md="bold" title="{{ _('Bold') }}" aria-label="{{ _('Bold') }}">{{ icon("type-bold") }}</button>
    <button type="button" class="btn btn-ghost btn-icon btn-sm" data-md="italic" title="{{ _('Italic') }}" aria-label="{{ _('Italic') }}">{{ icon("type-italic") }}</button>
    <button type="button" class="btn btn-ghost btn-icon btn-sm" data-md="heading" title="{{ _('Heading') }}" aria-label="{{ _('Heading') }}">{{ icon("type-h2") }}</button>
    <button type="button" class="btn btn-ghost btn-icon btn-sm" data-md="link" title="{{ _('Link') }}" aria-label="{{ _('Link') }}">{{ icon("link-45deg") }}</button>
    <button type="button" class="btn btn-ghost btn-icon btn-sm" data-md="list" title="{{ _('List') }}" aria-label="{{ _('List') }}">{{ icon("list-ul") }}</button>
    <button type="button" class="btn btn-ghost btn-icon btn-sm" data-md="quote" title="{{ _('Quote') }}" aria-label="{{ _('Quote') }}">{{ icon("quote") }}</button>
    <button type="button" class="btn btn-ghost btn-icon btn-sm" data-md="code" title="{{ _('Code') }}" aria-label="{{ _('Code') }}">{{ icon("code") }}</button>
    <button type="button" class="btn btn-ghost btn-sm a-push" data-md-preview aria-pressed="false">{{ icon("eye") }}{{ _("Preview") }}</button>
  </div>
  <textarea id="{{ name }}" name="{{ name }}" rows="{{ [[text.count('\n') + text|length // 90 + 2, 6]|max, 24]|min }}"{% if css %} class="{{ css }}"{% endif %}{{ attrs }}>
{{ text }}</textarea>
  <div class="a-md-preview a-text" data-md-shown tabindex="0" aria-label="{{ _('Preview') }}" hidden></div>
  {% if text %}<details class="a-md-seen"><summary>{{ _("As it looks now") }}</summary><div class="a-text">{{ text|markdown }}</div></details>{% endif %}
</div>
{% endmacro %}
{% if field is defined %}{{ input(field.id, text, attrs) }}{% endif %}

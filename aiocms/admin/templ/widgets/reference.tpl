{#
admin:widgets/reference: the id of a document of another collection. Without JavaScript: an input that takes the id or the
exact label, and a button to a page of documents to choose from; combobox.js makes a combobox of it.

input(name, text, node, attrs)       of a part of an inferred form
box(name, text, picker, attrs)       of any input; picker (aiocms/admin/links/pickers.py): target, id, label, url, edit, guessed

Variables
  pickers   pickers.of(node): what the input needs; None: the target may not be seen
#}
{% macro input(name, text, node, attrs) %}{{ box(name, text, pickers.of(node), attrs) }}{% endmacro %}

{% macro box(name, text, picker, attrs="") %}
{% if picker is none %}<input class="form-control a-mono" type="text" id="{{ name }}" name="{{ name }}" value="{{ text }}" autocomplete="off" spellcheck="false"{{ attrs }}>
{% else %}
<div class="a-pick" data-pick data-suggest="{{ picker.target.suggest }}" data-label="{{ picker.label }}" data-title="{{ picker.target.title }}" data-none="{{ _('Nothing chosen') }}" data-clear="{{ _('Clear') }}" data-open="{{ _('Show the list') }}" data-fault="{{ _('The list could not be loaded.') }}" data-count="{{ _('%(count)s to choose from', count='{n}') }}">
  <input class="form-control" type="text" id="{{ name }}" name="{{ name }}" value="{{ text }}" autocomplete="off" spellcheck="false" placeholder="{{ _('Id or exact name') }}" data-pick-value{{ attrs }}>
  <span class="a-pick-tools">
    <button class="btn btn-quiet btn-sm" name="_op" value="choose:{{ name }}" formnovalidate data-pick-plain>{{ _("Choose") }}</button>
    {% if picker.edit or picker.target.may_edit %}<a class="btn btn-ghost btn-icon btn-sm" href="{{ picker.edit or '#' }}" target="_blank" aria-label="{{ _('Edit %(label)s', label=picker.label or picker.target.title) }}" title="{{ _('Edit') }}" data-pick-edit="{{ url_for('admin:edit', ns=picker.target.screen.namespace, screen=picker.target.screen.name, id='ID', query={'pick': '1'}) }}"{% if not picker.edit %} hidden{% endif %}>{{ icon("pencil") }}</a>{% endif %}
    {% if picker.target.create %}<a class="btn btn-ghost btn-icon btn-sm" href="{{ picker.target.create }}" target="_blank" data-pick-new aria-label="{{ _('New in %(title)s', title=picker.target.title) }}" title="{{ _('New in %(title)s', title=picker.target.title) }}">{{ icon("plus-lg") }}</a>{% endif %}
  </span>
  {% if picker.url %}<a class="a-target" href="{{ picker.url }}" data-pick-target>{{ icon("arrow-return-right", "a-flip") }}<span>{{ picker.label }}</span></a>
  {% elif picker.id %}<span class="a-muted a-pick-missing" data-pick-target>{{ _("No document of %(title)s with this id is to be seen.", title=picker.target.title) }}</span>{% endif %}
  {% if picker.guessed %}<span class="a-pick-guess a-muted">{{ _("Seems to be a reference to %(title)s.", title=picker.target.title) }}</span>{% endif %}
</div>
{% endif %}
{% endmacro %}

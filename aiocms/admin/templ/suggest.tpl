{#
admin:suggest: what a reference may point to, for what was typed so far: a part of a page that combobox.js puts into
its list. Fallback names as admin:list, of the screen that is pointed to.

Variables
  found    options (id, label), more, note (with %(paths)s), paths
  text     what was typed
#}
<ul>
{% for one in found.options %}
  <li class="a-pick-option" role="option" data-id="{{ one.id }}" data-label="{{ one.label }}"><span>{{ one.label }}</span>{% if one.label != one.id %}<code>{{ one.id }}</code>{% endif %}</li>
{% endfor %}
</ul>
{% if found.note %}<p data-note>{{ _(found.note, paths=found.paths|join(", ") or "_id") }}</p>
{% elif not found.options %}<p data-note>{{ _("Nothing is called “%(text)s”.", text=text) if text else _("There is nothing yet.") }}</p>
{% elif found.more %}<p data-note>{{ _("There are more: type on.") }}</p>
{% endif %}

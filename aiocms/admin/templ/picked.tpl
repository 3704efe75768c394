{#
admin:picked: what the page of a document answers after a save when it was opened to be chosen for a reference (`?pick=1`).
The drawer takes the id and the label from it; without JavaScript a person reads them. Fallback names as admin:edit.

Variables
  opened         what was saved: opened.url("edit"), opened.list_url
  id, label      of the saved document
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block content %}
<div class="a-pad a-choose" data-picked data-id="{{ id }}" data-label="{{ label }}">
  <h2>{{ _("%(label)s is saved.", label=label) }}</h2>
  <p>{{ _("Go back to the page that you came from, and type this name or id into the field:") }}</p>
  {{ m.facts([(_("Name"), label), (_("Id"), id)]) }}
  <div class="a-row"><a class="btn btn-quiet" href="{{ opened.url('edit') }}">{{ _("Open it") }}</a> <a class="btn btn-ghost" href="{{ opened.url('list') }}">{{ _("To the list") }}</a></div>
</div>
{% endblock %}

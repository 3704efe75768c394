{#
admin:gone: in place of a document that is not there, or that the user may not see; status 404. Fallback names as admin:edit.

Variables
  screen, title, list_url, list_title
  document_id   as it stands in the address
  change        the record of its deletion (username, at, label, undone), if it is known and may be; undo_url: takes it back, "" without the right to
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block content %}
{% call m.empty("file-earmark-x", title) %}
  <div class="a-gone">
    <p data-gone>{% if change %}{{ _("“%(label)s” was deleted by %(name)s %(when)s.", label=change.label, name=change.username or _("Somebody"), when=change.at | relative) }}{% else %}{{ _("Somebody has deleted it meanwhile, or it is not one that you may see.") }}{% endif %}</p>
    <p class="a-muted"><code class="a-path">{{ document_id }}</code></p>
    <div class="a-row">
      {% if undo_url and not change.undone %}<form method="post" action="{{ undo_url }}">{{ csrf_input() }}<button class="btn btn-primary">{{ icon("arrow-counterclockwise") }}{{ _("Bring it back") }}</button></form>{% endif %}
      <a class="btn {{ 'btn-quiet' if undo_url and not change.undone else 'btn-primary' }}" href="{{ list_url }}">{{ icon("table") }}{{ _("To the list “%(title)s”", title=list_title) }}</a>
    </div>
  </div>
{% endcall %}
{% endblock %}

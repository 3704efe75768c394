{#
admin:choose: documents that a reference may point to, for browsers that run no script. Fallback names as admin:edit. The
form holds all that was typed on the edit page and is posted to the same address.

Variables
  target         title, create (address of a page for a new one, or empty)
  found          options (id, label), more, note, as in admin:suggest
  text, search   what is looked for, and the name of its input
  name, typed    the input that is chosen for; pairs of name and value that travel on
#}
{% extends "admin:layout" %}
{% block content %}
<form class="a-pad a-choose" method="post" data-choose>
  {{ csrf_input() }}
  {% for key, value in typed %}<input type="hidden" name="{{ key }}" value="{{ value }}">{% endfor %}
  <h2>{{ _("Choose from %(title)s", title=target.title) }}</h2>
  <div class="a-row">
    <input class="form-control" type="search" name="{{ search }}" value="{{ text }}" aria-label="{{ _('Search') }}">
    <button class="btn btn-quiet" name="_op" value="choose:{{ name }}">{{ icon("search") }}{{ _("Search") }}</button>
  </div>
  {% if found.options %}
  <ul class="a-choose-list">
    {% for one in found.options %}<li><button name="_op" value="pick:{{ name }}={{ one.id }}"><span>{{ one.label }}</span><code>{{ one.id }}</code></button></li>{% endfor %}
  </ul>
  {% endif %}
  {% if found.note %}<p class="a-muted">{{ _(found.note, paths=found.paths|join(", ") or "_id") }}</p>
  {% elif not found.options %}<p class="a-muted">{{ _("Nothing is called “%(text)s”.", text=text) if text else _("There is nothing yet.") }}</p>
  {% elif found.more %}<p class="a-muted">{{ _("There are more: search for one.") }}</p>{% endif %}
  <div class="a-row"><button class="btn btn-ghost" name="_op" value="show:{{ name }}">{{ icon("arrow-left", "a-flip") }}{{ _("Back to the form") }}</button></div>
</form>
{% endblock %}

{#
admin:action: asks before an action runs on rows. Special names win: <ns>:admin/<screen>/action, <ns>:admin/action.
Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).
Variables: screen; action (name, label, danger); question; count (number of rows as text); shown: list of (label,
address) of the first rows; more: whether there are others; form or None; ticked (ids), whole, query_text: what is
posted again; back: the list's address; action_url. Of a delete: lines (see admin:parts/touched), agreed (what the plan
is known by), blocked (it is not possible); message: why nothing was done.
#}
{% extends "admin:layout" %}
{% block content %}
<div class="a-pad a-wrap-narrow">
  {% if message %}{% import "admin:macros" as m with context %}{% call m.note("bad", "exclamation-triangle") %}<p>{{ message }}</p>{% endcall %}{% endif %}
  <div class="a-ask-box{% if not action.danger %} is-plain{% endif %}">
  <h2>{% set symbol = action.icon | default("") or ("exclamation-triangle" if action.danger) %}{% if symbol %}{{ icon(symbol) }}{% endif %}{{ question or action.label }}</h2>
  <p class="a-muted">{{ _("Documents: %(count)s", count=count) }}</p>
  <ul class="a-ask-rows">
  {% for label, address in shown %}<li><a href="{{ address }}">{{ label }}</a></li>{% endfor %}
  {% if more %}<li class="a-muted">{{ _("… and others") }}</li>{% endif %}
  </ul>
  {% include "admin:parts/touched" %}
  <form method="post" action="{{ action_url }}" class="a-fields">
    {{ csrf_input() }}
    <input type="hidden" name="action" value="{{ action.name }}">
    <input type="hidden" name="confirm" value="yes">
    <input type="hidden" name="_agreed" value="{{ agreed }}">
    <input type="hidden" name="query" value="{{ query_text }}">
    {% if whole %}<input type="hidden" name="all" value="yes">{% endif %}
    {% for id in ticked %}<input type="hidden" name="rows" value="{{ id }}">{% endfor %}
    {% if form %}{% import "core:forms" as forms with context %}{% for field in form if field.type != "CSRFTokenField" %}{{ forms.field(field) }}{% endfor %}{% endif %}
    <div class="a-row">
      <button{% if blocked %} disabled{% endif %} class="btn {{ 'btn-danger' if action.danger else 'btn-primary' }}">{{ action.label }}</button>
      <a class="btn btn-quiet" href="{{ back }}">{{ _("Cancel") }}</a>
    </div>
  </form>
  </div>
</div>
{% endblock %}

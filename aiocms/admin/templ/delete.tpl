{#
admin:delete: the question before a document is deleted. Fallback names as admin:edit.
Variables: screen, opened, label, size, preview (Extended JSON of what the user may see), message, list_url;
lines: what else it touches (see admin:parts/touched); agreed: what the plan is known by; blocked: it is not possible
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:edit.css') }}">{% endblock %}
{% block content %}
<div class="a-pad a-ask">
  {% if message %}{% call m.note("bad", "exclamation-triangle") %}<p>{{ message }}</p>{% endcall %}{% endif %}
  <div class="a-ask-box">
  <h2>{{ icon("trash") }}{{ _("Delete %(label)s?", label=label) }}</h2>
  {% if blocked %}<p>{{ _("It cannot be deleted yet. Change what stands here in red first.") }}</p>{% endif %}
  {% if not blocked %}<p class="a-muted">{{ _("The document of %(size)s is deleted. You can take this back for 90 days.", size=size|filesize) }}</p>{% endif %}
  {% include "admin:parts/touched" %}
  <form class="a-row" method="post">
    {{ csrf_input() }}
    <input type="hidden" name="_agreed" value="{{ agreed }}">
    <button class="btn btn-danger"{% if blocked %} disabled{% endif %}>{{ icon("trash") }}{{ _("Delete") }}</button>
    <a class="btn btn-quiet" href="{{ opened.url('edit') }}">{{ _("Cancel") }}</a>
  </form>
  </div>
  <details class="a-preview"><summary>{{ _("What is deleted") }}</summary><pre class="a-code">{{ preview }}</pre></details>
</div>
{% endblock %}

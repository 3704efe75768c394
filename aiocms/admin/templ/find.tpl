{#
admin:find: the palette as a page, which works without a script.
Variables: groups (title, hits: title, url, note, icon, command), asked (text)
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block content %}
<div class="a-pad a-find">
  <form class="a-search" role="search" action="{{ url_for('admin:find') }}">
    <label class="a-input-icon">{{ icon("search") }}<span class="a-sr">{{ _("Find a screen, a document or an action") }}</span>
      <input class="form-control" type="search" name="q" value="{{ asked.text }}" maxlength="100" placeholder="{{ _('Go to…') }}" autocomplete="off" autofocus></label>
  </form>
  {% for group in groups if group.hits | selectattr("url") | list %}
  <section>
    <h2>{{ group.title }}</h2>
    <ul class="a-find-hits">
    {% for hit in group.hits if hit.url %}
      <li><a class="a-palette-hit" href="{{ hit.url }}">{{ icon(hit.icon) }}<bdi class="a-clip">{{ hit.title }}</bdi>{% if hit.note %} <small class="a-clip">{{ hit.note }}</small>{% endif %}</a></li>
    {% endfor %}
    </ul>
  </section>
  {% else %}
  {{ m.empty("search", _("Nothing is called that"), _("Try fewer letters, or look into a list.")) }}
  {% endfor %}
</div>
{% endblock %}

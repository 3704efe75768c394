{# The archive. Variables: films, genres, genre (chosen or ""), next_place ("" on the last page), is_first. #}
{% extends "core:layout" %}
{% block title %}{{ _("Films") }} · {{ super() }}{% endblock %}

{% block content %}
<h1>{{ _("Films") }}</h1>
<nav class="cinema-genres" aria-label="{{ _('Genres') }}">
  <a href="{{ url_for('films:index') }}"{% if not genre %} aria-current="page"{% endif %}>{{ _("All") }}</a>
  {% for one in genres %}
  <a href="{{ url_for('films:index', query={'genre': one}) }}"{% if one == genre %} aria-current="page"{% endif %}>{{ one }}</a>
  {% endfor %}
</nav>
{% if films %}
{% include "films:cards" %}
<nav class="a-pager" aria-label="{{ _('Pages') }}">
  {% if not is_first %}<a class="btn btn-quiet" href="{{ url_for('films:index', query={'genre': genre or none}) }}">{{ _("First page") }}</a>{% endif %}
  {% if next_place %}<a class="btn btn-quiet" rel="next" href="{{ url_for('films:index', query={'genre': genre or none, 'before': next_place}) }}">{{ _("Older films") }}</a>{% endif %}
</nav>
{% else %}
<div class="a-empty">{{ icon("film") }}<h2>{{ _("No films here") }}</h2><p>{{ _("The archive is filled by `aiocms films fill`.") }}</p></div>
{% endif %}
{% endblock %}

{# One film. Variables: film (a films_films document). #}
{% extends "core:layout" %}
{% block title %}{{ film.title }} ({{ film.year }}) · {{ super() }}{% endblock %}

{% block content %}
<article class="a-wrap-narrow">
  <h1>{{ film.title }}</h1>
  <p class="a-muted">{{ film.genres | join(", ") }}</p>
  {% if film.get("poster") %}<img class="cinema-poster is-large" src="{{ url_for('files:thumb', id=film.poster, size='card') }}" alt="{{ _('Poster of %(title)s', title=film.title) }}" width="240" height="360">{% endif %}
  <dl class="cinema-facts">
    <dt>{{ _("Year") }}</dt><dd>{{ film.year }}</dd>
    {% if film.get("released") %}<dt>{{ _("Released") }}</dt><dd>{{ film.released | date }}</dd>{% endif %}
    {% if film.get("runtime") %}<dt>{{ _("Length") }}</dt><dd>{{ _("%(minutes)s min", minutes=film.runtime) }}</dd>{% endif %}
    {% if film.get("directors") %}<dt>{{ _("Directed by") }}</dt><dd>{{ film.directors | join(", ") }}</dd>{% endif %}
    {% if film.get("countries") %}<dt>{{ _("Countries") }}</dt><dd>{{ film.countries | join(", ") }}</dd>{% endif %}
    {% if film.get("scores") %}<dt>{{ _("Critics") }}</dt><dd>{{ _("%(percent)s %% of %(reviews)s reviews are good", percent=film.scores.critics, reviews=film.scores.reviews | number) }}</dd>{% endif %}
  </dl>
  {% if film.get("cast") %}
  <h2>{{ _("Cast") }}</h2>
  <ol class="cinema-cast">{% for one in film.cast %}<li>{{ one.name }}</li>{% endfor %}</ol>
  {% endif %}
  {% if user and user.is_authenticated and user.can("films.films.edit") %}
  <p><a class="btn btn-quiet" href="{{ url_for('admin:edit', ns='films', screen='films', id=film._id) }}">{{ icon("pencil") }} {{ _("Edit in the admin") }}</a></p>
  {% endif %}
</article>
{% endblock %}

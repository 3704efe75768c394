{# Cards of films. Variables: films (documents with the fields of store.CARD). #}
<ul class="cinema-cards">
{% for film in films %}
  <li class="cinema-card">
    {% if film.get("poster") %}<img class="cinema-poster" src="{{ url_for('files:thumb', id=film.poster, size='card') }}" alt="" width="120" height="180" loading="lazy">{% endif %}
    <a href="{{ url_for('films:detail', slug=film.slug) }}">{{ film.title }}</a>
    <p>{{ film.year }}{% if film.get("runtime") %} · {{ _("%(minutes)s min", minutes=film.runtime) }}{% endif %}{% if film.get("directors") %} · {{ film.directors[0] }}{% endif %}</p>
    {% if film.get("scores") %}<p><span class="a-pill{{ ' is-good' if film.scores.critics >= 75 else ' is-warn' if film.scores.critics >= 50 else ' is-bad' }}">{{ film.scores.critics }} %</span></p>{% endif %}
  </li>
{% endfor %}
</ul>

{# Cards of films. Variables: films (documents with the fields of store.CARD). #}
<ul class="cinema-cards">
{% for film in films %}
  <li class="cinema-card">
    <a href="{{ url_for('films:detail', slug=film.slug) }}">{{ film.title }}</a>
    <p>{{ film.year }}{% if film.get("runtime") %} · {{ _("%(minutes)s min", minutes=film.runtime) }}{% endif %}{% if film.get("directors") %} · {{ film.directors[0] }}{% endif %}</p>
    {% if film.get("scores") %}<p><span class="a-pill{{ ' is-good' if film.scores.critics >= 75 else ' is-warn' if film.scores.critics >= 50 else ' is-bad' }}">{{ film.scores.critics }} %</span></p>{% endif %}
  </li>
{% endfor %}
</ul>

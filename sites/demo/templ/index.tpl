{# The front page. Variables: programme (a films_programmes document with `films` by _id, or None), best, counts. #}
{% extends "core:layout" %}

{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('core:text.css') }}">{% endblock %}
{% block content %}
<section class="cinema-hero">
  <p class="cinema-kicker">{{ _("A small cinema") }}</p>
  <h1>{{ settings.title }}</h1>
  <p>{{ _("%(films)s films and %(people)s directors in the archive, two halls, one shop.", films=counts.films | number, people=counts.people | number) }}</p>
  <p class="a-row">
    <a class="btn btn-primary" href="{{ url_for('films:index') }}">{{ _("Browse the archive") }}</a>
    <a class="btn btn-quiet" href="{{ url_for('shop:index') }}">{{ _("Visit the shop") }}</a>
  </p>
</section>

{% if programme %}
<section>
  <h2>{{ programme.title }}</h2>
  {% if programme.get("intro") %}<div class="a-text cinema-intro">{{ programme.intro | markdown }}</div>{% endif %}
  <div class="cinema-halls">
  {% for hall in programme.halls %}
    <div class="a-card">
      <div class="a-card-head"><b>{{ hall.name }}</b> <span class="a-muted">{{ _("%(seats)s seats", seats=hall.seats) }}</span></div>
      <ul class="cinema-slots">
      {% for slot in hall.slots %}
        {% set film = programme.films.get(slot.film) %}
        <li>
          <time datetime="{{ slot.starts.isoformat() }}">{{ slot.starts | datetime("short") }}</time>
          {% if film %}<a href="{{ url_for('films:detail', slug=film.slug) }}">{{ film.title }}</a>{% else %}<span class="a-muted">{{ _("to be announced") }}</span>{% endif %}
          <span class="a-num">{{ slot.price.amount | money(slot.price.cur) }}</span>
        </li>
      {% endfor %}
      </ul>
    </div>
  {% endfor %}
  </div>
  {% if programme.get("article") %}<div class="a-text cinema-article">{{ programme.article | richtext }}</div>{% endif %}
</section>
{% endif %}

<section>
  <h2>{{ _("Loved by critics") }}</h2>
  {% with films = best %}{% include "films:cards" %}{% endwith %}
</section>
{% endblock %}

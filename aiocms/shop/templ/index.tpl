{#
shop:index: the shop's front page.

Blocks (all bundled pages share them): title, head, content, scripts. More: hero, shelves, newest.

Variables
  shelves     categories at the root: .title .path .description .picture .count .children (the same again)
  newest      cards of the newest products, see shop:parts/card
  total       number of products; None when it could not be counted in time
  canonical   absolute address of this page
#}
{% extends "core:layout" %}
{% block title %}{{ _("Shop") }} · {{ settings.title }}{% endblock %}
{% block head %}
{{ super() }}
<link rel="canonical" href="{{ canonical }}">
<link rel="stylesheet" href="{{ static('shop:shop.css') }}">
{% endblock %}
{% block content %}
<div class="s-shop">
{% block hero %}
<header class="s-hero">
  <div>
    <h1>{{ _("Shop") }}</h1>
    {% if total %}<p>{{ ngettext("%(num)s product in %(shelves)s departments", "%(num)s products in %(shelves)s departments", total, shelves=shelves | length) }}</p>{% endif %}
  </div>
  {% include "shop:parts/search" %}
</header>
{% endblock %}
{% block shelves %}
{% if shelves %}
<section class="s-shelves" aria-label="{{ _('Categories') }}">
{% for shelf in shelves %}
  <article class="s-shelf">
    <a class="s-shelf-picture" href="{{ url_for('shop:category', path=shelf.path) }}" tabindex="-1" aria-hidden="true">
      {% if shelf.picture %}<img src="{{ shelf.picture }}" alt="" width="400" height="400">{% endif %}
    </a>
    <div class="s-shelf-text">
      <h2><a href="{{ url_for('shop:category', path=shelf.path) }}">{{ shelf.title }}</a></h2>
      {% if shelf.description %}<p>{{ shelf.description }}</p>{% endif %}
      {% if shelf.children %}
      <ul>
      {% for child in shelf.children %}<li><a href="{{ url_for('shop:category', path=child.path) }}">{{ child.title }}</a></li>{% endfor %}
      </ul>
      {% endif %}
    </div>
  </article>
{% endfor %}
</section>
{% endif %}
{% endblock %}
{% block newest %}
{% if newest %}
<section class="s-row">
  <h2>{{ _("New in the shop") }}</h2>
  <ul class="s-grid">{% for card in newest %}{% include "shop:parts/card" %}{% endfor %}</ul>
</section>
{% elif not shelves %}
<div class="a-empty">
  {{ icon("shop") }}
  <h2>{{ _("Nothing is for sale yet") }}</h2>
  <p>{{ _("Products appear here as soon as they are published.") }}</p>
</div>
{% endif %}
{% endblock %}
</div>
{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('shop:shop.js') }}"></script>{% endblock %}

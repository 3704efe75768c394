{#
shop:category: a category with its facets and one page of products.

Blocks (all bundled pages share them): title, head, content, scripts. More: category_head, listing.

Variables
  category     .title .path .description .picture
  children     its own categories: .title .path .picture .count (None: not counted)
  trail        breadcrumbs, (title, address) each; the last, this page, has the address ""
  description  text for search engines
  json_ld      structured data of the breadcrumbs
  canonical    absolute address
  cards and the variables of shop:parts/listing
#}
{% extends "core:layout" %}
{% block title %}{{ category.title }} · {{ settings.title }}{% endblock %}
{% block head %}
{{ super() }}
{% include "shop:parts/listing_head" %}
{% if description %}<meta name="description" content="{{ description }}">{% endif %}
<script type="application/ld+json">{{ json_ld | tojson }}</script>
{% endblock %}
{% block content %}
<div class="s-shop">
{% include "shop:parts/trail" %}
{% block category_head %}
<header class="s-head">
  <div>
    <h1>{{ category.title }}</h1>
    {% if category.description %}<p>{{ category.description }}</p>{% endif %}
  </div>
  {% include "shop:parts/search" %}
</header>
{% if children %}
<nav class="s-doors" aria-label="{{ _('Categories') }}">
{% for child in children %}
  <a href="{{ url_for('shop:category', path=child.path) }}">
    {% if child.picture %}<img src="{{ child.picture }}" alt="" width="64" height="64">{% endif %}
    <span>{{ child.title }}{% if child.count is not none %} <small>{{ child.count | number }}</small>{% endif %}</span>
  </a>
{% endfor %}
</nav>
{% endif %}
{% endblock %}
{% block listing %}{% include "shop:parts/listing" %}{% endblock %}
</div>
{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('shop:shop.js') }}"></script>{% endblock %}

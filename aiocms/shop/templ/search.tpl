{#
shop:search: what was found, or the search box alone.

Blocks (all bundled pages share them): title, head, content, scripts. More: listing.

Variables
  words       what was searched for, perhaps ""
  searched    whether there are results; then cards and the variables of shop:parts/listing are there too
  canonical   absolute address
#}
{% extends "core:layout" %}
{% block title %}{% if words %}{{ words }} · {% endif %}{{ _("Search") }} · {{ settings.title }}{% endblock %}
{% block head %}
{{ super() }}
<link rel="canonical" href="{{ canonical }}">
<meta name="robots" content="noindex, follow">
<link rel="stylesheet" href="{{ static('shop:shop.css') }}">
{% endblock %}
{% block content %}
<div class="s-shop">
<header class="s-head">
  <div>
    <h1>{% if words %}{{ _("Results for “%(words)s”", words=words) }}{% else %}{{ _("Search the shop") }}{% endif %}</h1>
    {% if searched and cards and listing.match == "begin" %}<p>{{ _("No product has these words; here are names that begin so.") }}</p>{% endif %}
    {% if searched and cards and listing.match == "any" %}<p>{{ _("No product has all the words; these have some of them.") }}</p>{% endif %}
  </div>
  {% include "shop:parts/search" %}
</header>
{% if searched %}{% block listing %}{% include "shop:parts/listing" %}{% endblock %}{% endif %}
</div>
{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('shop:shop.js') }}"></script>{% endblock %}

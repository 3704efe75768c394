{#
shop:product: a product with its pictures, variants and facts.

Blocks (all bundled pages share them): title, head, content, scripts. More: gallery, buy, details, related.

Variables
  product       the document as stored, without its derived fields
  title, body   in the visitor's language
  trail         breadcrumbs, (title, address) each; the last, this page, has the address ""
  pictures      .src .alt .key; never empty. picture: index of the large one
  variant       the variant shown, as stored, or None; price and before: its price and the crossed-out one, or None
  availability  .value is "in", "few", "out" or "order"
  options       what can be chosen: .code .label .chosen .choices; a choice: .value .label .swatch .sku .chosen
                .kept (False: leads to a variant with other options too) .availability
  facts         (label, text) of each attribute
  related       cards, see shop:parts/card
  description   text for search engines; canonical: absolute address; json_ld: list of structured data
#}
{% extends "core:layout" %}
{% block title %}{{ title }} · {{ settings.title }}{% endblock %}
{% block head %}
{{ super() }}
<link rel="canonical" href="{{ canonical }}">
{% if description %}<meta name="description" content="{{ description }}">{% endif %}
<meta property="og:type" content="product">
<meta property="og:title" content="{{ title }}">
<meta property="og:url" content="{{ canonical }}">
<link rel="stylesheet" href="{{ static('shop:shop.css') }}">
{% for data in json_ld %}<script type="application/ld+json">{{ data | tojson }}</script>
{% endfor %}
{% endblock %}
{% block content %}
<div class="s-shop">
{% include "shop:parts/trail" %}
<article class="s-product" data-shop-swap="product">
{% block gallery %}
<div class="s-gallery">
  <img class="s-large" data-shop-large src="{{ pictures[picture].src }}" alt="{{ pictures[picture].alt }}" width="800" height="800" fetchpriority="high">
  {% if pictures | length > 1 %}
  <ul class="s-thumbs" aria-label="{{ _('Pictures') }}">
  {% for one in pictures %}
    <li><a data-shop-picture="{{ one.src }}" href="{{ url_for('shop:product', slug=product.slug, query={'sku': variant.sku if variant else none, 'picture': loop.index}) }}"{% if loop.index0 == picture %} aria-current="true"{% endif %}>
      <img src="{{ one.src }}" alt="{{ _('Picture %(number)s', number=loop.index) }}" width="80" height="80" loading="lazy"></a></li>
  {% endfor %}
  </ul>
  {% endif %}
</div>
{% endblock %}
<div class="s-about">
  {% if product.attrs and product.attrs.brand is string %}<p class="s-brand">{{ product.attrs.brand }}</p>{% endif %}
  <h1>{{ title }}</h1>
  {% block buy %}
  <p class="s-price s-price-large" aria-live="polite">
    {% if price %}<span class="s-now">{{ price | money }}</span>{% if before %} <s><span class="a-sr">{{ _("before") }}</span> {{ before | money }}</s>{% endif %}
    {% else %}<span class="s-now">{{ _("Price on request") }}</span>{% endif %}
  </p>
  {% for option in options %}
  <div class="s-option" role="group" aria-label="{{ option.label }}">
    <p class="s-option-label">{{ option.label }} <b>{{ option.chosen }}</b></p>
    <div class="s-choices">
    {% for choice in option.choices %}
      <a data-shop-choice href="{{ url_for('shop:product', slug=product.slug, query={'sku': choice.sku}) }}" rel="nofollow"
         class="s-choice{{ ' has-swatch' if choice.swatch }}{{ ' is-out' if choice.kept and choice.availability.value == 'out' }}{{ ' is-other' if not choice.kept }}"
         {% if choice.chosen %}aria-current="true"{% endif %}{% if choice.swatch %} title="{{ choice.label }}"{% endif %}>
        {%- if choice.swatch %}<span class="s-swatch s-swatch-{{ choice.swatch }}" aria-hidden="true"></span><span class="a-sr">{{ choice.label }}</span>
        {%- else %}{{ choice.label }}{% endif -%}
        {% if choice.kept and choice.availability.value == "out" %}<span class="a-sr">, {{ _("sold out") }}</span>{% endif -%}
      </a>
    {% endfor %}
    </div>
  </div>
  {% endfor %}
  <p class="s-stock is-{{ availability.value }}" aria-live="polite">{% include "shop:parts/stock" %}</p>
  {% endblock %}
  {% block details %}
  {% if body %}<div class="s-body">{% for paragraph in body.split("\n") if paragraph.strip() %}<p>{{ paragraph }}</p>{% endfor %}</div>{% endif %}
  {% if facts or variant %}
  <dl class="s-facts">
  {% for label, text in facts %}<div><dt>{{ label }}</dt><dd>{{ text }}</dd></div>{% endfor %}
  {% if variant and variant.sku %}<div><dt>{{ _("Article number") }}</dt><dd class="a-mono">{{ variant.sku }}</dd></div>{% endif %}
  </dl>
  {% endif %}
  {% endblock %}
</div>
</article>
{% block related %}
{% if related %}
<section class="s-row">
  <h2>{{ _("More like this") }}</h2>
  <ul class="s-grid">{% for card in related %}{% include "shop:parts/card" %}{% endfor %}</ul>
</section>
{% endif %}
{% endblock %}
</div>
{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('shop:shop.js') }}"></script>{% endblock %}

{# One product on a list. Variable: card (.slug .title .brand .price .is_from .before .saving .availability .variants
   .picture .hover). #}
<li class="s-card">
  <a href="{{ url_for('shop:product', slug=card.slug) }}">
    <span class="s-card-picture">
      <img src="{{ card.picture.src }}" alt="" width="400" height="400" loading="lazy">
      {% if card.hover %}<img class="s-hover" src="{{ card.hover.src }}" alt="" width="400" height="400" loading="lazy">{% endif %}
      {% if card.availability.value == "out" %}<span class="s-flag is-out">{{ _("Sold out") }}</span>
      {% elif card.saving > 0 %}<span class="s-flag is-sale">−{{ card.saving }} %</span>{% endif %}
    </span>
    {% if card.brand %}<span class="s-brand">{{ card.brand }}</span>{% endif %}
    <span class="s-card-title">{{ card.title }}</span>
  </a>
  <span class="s-price">
    {% if card.price %}<span class="s-now">{% if card.is_from %}{{ _("from %(price)s", price=card.price | money) }}{% else %}{{ card.price | money }}{% endif %}</span>
    {%- if card.before %} <s><span class="a-sr">{{ _("before") }}</span> {{ card.before | money }}</s>{% endif %}
    {% else %}<span class="s-now">{{ _("Price on request") }}</span>{% endif %}
  </span>
  {% if card.availability.value == "few" %}<span class="s-few">{{ _("Few left") }}</span>{% endif %}
</li>

{#
shop:parts/listing: facets, chips, order, products and pager; used by categories and search.

Variables
  cards       products, see shop:parts/card
  listing     what was asked for: .words .order .chosen .is_narrowed .price_from .price_to .match
  total       number of products, None when not counted in time
  facets      .code .label .ticked .values .more; a value: .value .label .count (None: not counted) .checked .swatch
  chips       what narrows the list: .facet .text .address (the list without it)
  problems    what was wrong in the address: (field, text)
  typed       texts of the price fields as typed, by "price.gte" and "price.lte"
  orders      offered orders: .name .label
  previous, following   addresses of the pages beside this one, "" at the ends
  cleared     address of the list without facets
  slow        the database took too long
#}
<div class="s-listing{{ ' has-facets' if facets or listing.is_narrowed }}" data-shop-swap="listing">
{% if facets or listing.is_narrowed or cards %}
{% set wrong = dict(problems) %}
<form class="s-panel" data-shop-filter id="s-filter" aria-label="{{ _('Filter') }}">
  {% if listing.words %}<input type="hidden" name="q" value="{{ listing.words | join(' ') }}">{% endif %}
  {% if listing.words and listing.match != "all" %}<input type="hidden" name="match" value="{{ listing.match }}">{% endif %}
  <details class="s-panel-fold"{% if "price.gte" in wrong or "price.lte" in wrong %} open{% endif %}>
  <summary class="btn btn-quiet">{{ icon("sliders") }} {{ _("Filter") }}{% if chips %} <b>{{ chips | length }}</b>{% endif %}</summary>
  <div class="s-panel-body">
  {% for facet in facets %}
  <fieldset class="s-facet">
    <legend>{{ facet.label }}</legend>
    {% for value in facet.values %}{% include "shop:parts/value" %}{% endfor %}
    {% if facet.more %}
    <details><summary>{{ ngettext("%(num)s more", "%(num)s more", facet.more | length) }}</summary>
    {% for value in facet.more %}{% include "shop:parts/value" %}{% endfor %}
    </details>
    {% endif %}
  </fieldset>
  {% endfor %}
  <fieldset class="s-facet">
    <legend>{{ _("Price") }}</legend>
    <div class="s-range">
      <label><span class="a-sr">{{ _("Least price") }}</span><input class="form-control{{ ' is-invalid' if 'price.gte' in wrong }}" name="price.gte" inputmode="decimal" autocomplete="off" maxlength="24" placeholder="{{ _('from') }}" value="{{ typed['price.gte'] }}"{% if 'price.gte' in wrong %} aria-invalid="true" aria-describedby="s-price-error"{% endif %}></label>
      <span aria-hidden="true">–</span>
      <label><span class="a-sr">{{ _("Greatest price") }}</span><input class="form-control{{ ' is-invalid' if 'price.lte' in wrong }}" name="price.lte" inputmode="decimal" autocomplete="off" maxlength="24" placeholder="{{ _('to') }}" value="{{ typed['price.lte'] }}"{% if 'price.lte' in wrong %} aria-invalid="true" aria-describedby="s-price-error"{% endif %}></label>
    </div>
    {% if 'price.gte' in wrong or 'price.lte' in wrong %}<p class="a-error" id="s-price-error">{{ wrong['price.gte'] or wrong['price.lte'] }}</p>{% endif %}
  </fieldset>
  <div class="s-panel-end"><button class="btn btn-quiet" type="submit">{{ _("Show products") }}</button></div>
  </div>
  </details>
</form>
{% endif %}
<div class="s-results">
  {% for field, text in problems if field not in ("price.gte", "price.lte") %}
  <div class="a-note is-warn" role="status">{{ icon("exclamation-triangle") }}<div><p>{{ text }}</p></div></div>
  {% endfor %}
  {% if slow %}
  <div class="a-empty">
    {{ icon("hourglass-split") }}
    <h2>{{ _("That was too much at once") }}</h2>
    <p>{{ _("The products could not be read in time. Try fewer or rarer words, or one filter less.") }}</p>
    <a class="btn btn-primary" href="{{ cleared }}">{{ _("Start again") }}</a>
  </div>
  {% else %}
  <div class="s-bar">
    <p class="s-total" role="status">{% if total is not none %}{{ ngettext("%(num)s product", "%(num)s products", total) }}{% elif cards %}{{ _("Many products") }}{% endif %}</p>
    {% if cards %}
    <div class="s-order">
      <label for="s-sort">{{ _("Sort by") }}</label>
      <select class="form-select" id="s-sort" name="sort" form="s-filter" data-shop-submit>
      {% for order in orders %}<option value="{{ order.name }}"{% if order.name == listing.order.name %} selected{% endif %}>{{ _(order.label) }}</option>{% endfor %}
      </select>
      <noscript><button class="btn btn-quiet" type="submit" form="s-filter">{{ _("Sort") }}</button></noscript>
    </div>
    {% endif %}
  </div>
  {% if chips %}
  <ul class="s-chips" aria-label="{{ _('Active filters') }}">
  {% for chip in chips %}<li class="a-chip"><span>{{ chip.facet }}: <b>{{ chip.text }}</b></span> <a href="{{ chip.address }}" data-shop-go aria-label="{{ _('Remove %(filter)s', filter=chip.text) }}">×</a></li>{% endfor %}
  <li><a class="s-clear" href="{{ cleared }}" data-shop-go>{{ _("Clear all") }}</a></li>
  </ul>
  {% endif %}
  {% if cards %}
  <ul class="s-grid">{% for card in cards %}{% include "shop:parts/card" %}{% endfor %}</ul>
  {% if previous or following %}
  <nav class="s-pager" aria-label="{{ _('Pages') }}">
    {% if previous %}<a class="btn btn-quiet" rel="prev" href="{{ previous }}">{{ icon("arrow-left", "a-flip") }} {{ _("Previous page") }}</a>{% else %}<span></span>{% endif %}
    {% if following %}<a class="btn btn-quiet" rel="next" href="{{ following }}">{{ _("Next page") }} {{ icon("arrow-right", "a-flip") }}</a>{% endif %}
  </nav>
  {% endif %}
  {% elif listing.is_narrowed %}
  <div class="a-empty">
    {{ icon("funnel") }}
    <h2>{{ _("No product fits all of that") }}</h2>
    <p>{{ _("Take away one of the filters above, or all of them.") }}</p>
    <a class="btn btn-primary" href="{{ cleared }}">{{ _("Clear all filters") }}</a>
  </div>
  {% elif listing.words %}
  <div class="a-empty">
    {{ icon("search") }}
    <h2>{{ _("Nothing was found") }}</h2>
    <p>{{ _("Try another spelling or a more general word.") }}</p>
    <a class="btn btn-primary" href="{{ url_for('shop:index') }}">{{ _("Look around the shop") }}</a>
  </div>
  {% else %}
  <div class="a-empty">
    {{ icon("box-seam") }}
    <h2>{{ _("Nothing here yet") }}</h2>
    <p>{{ _("This category has no products at the moment.") }}</p>
    <a class="btn btn-primary" href="{{ url_for('shop:index') }}">{{ _("Look around the shop") }}</a>
  </div>
  {% endif %}
  {% endif %}
</div>
</div>

{# One value of a facet. Variables: facet (.code), value (.value .label .count .checked .swatch). #}
<label class="s-value{{ ' is-none' if value.count == 0 }}">
  <input class="form-check-input" type="checkbox" name="{{ facet.code }}" value="{{ value.value }}" data-shop-submit{% if value.checked %} checked{% endif %}>
  {% if value.swatch %}<span class="s-swatch s-swatch-{{ value.swatch }}" aria-hidden="true"></span>{% endif %}
  <span class="s-value-label">{{ value.label }}</span>
  {% if value.count is not none %}<small>{{ value.count | number }}</small>{% endif %}
</label>

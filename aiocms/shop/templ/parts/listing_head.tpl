{# The <head> of a list. Variables: canonical, previous, following, listing. #}
<link rel="canonical" href="{{ canonical }}">
{% if previous %}<link rel="prev" href="{{ previous }}">{% endif %}
{% if following %}<link rel="next" href="{{ following }}">{% endif %}
{% if listing.is_narrowed or problems %}<meta name="robots" content="noindex, follow">{% endif %}
<link rel="stylesheet" href="{{ static('shop:shop.css') }}">

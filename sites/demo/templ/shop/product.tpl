{# One block of the bundled product page, changed by a root template that extends its own name. #}
{% extends "shop:product" %}

{% block buy %}
{{ super() }}
<p class="a-note is-info">{{ icon("ticket-perforated") }} <span>{{ _("With a cinema ticket of this week, anything here comes gift-wrapped.") }}</span></p>
{% endblock %}

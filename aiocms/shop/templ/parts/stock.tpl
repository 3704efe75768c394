{# How much there is. Variable: availability (.value). #}
{%- if availability.value == "in" %}{{ icon("check-circle-fill") }} {{ _("In stock") }}
{%- elif availability.value == "few" %}{{ icon("hourglass-split") }} {{ _("Few left") }}
{%- elif availability.value == "order" %}{{ icon("truck") }} {{ _("Made to order") }}
{%- else %}{{ icon("x-circle") }} {{ _("Sold out") }}{% endif -%}

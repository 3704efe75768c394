{# The numbers and charts alone. Variables: see admin:charts/page. #}
{% import "admin:charts/figure" as f with context %}
<div class="a-figures" data-figures>
{% if numbers %}
<ul class="a-numbers">
{% for one in numbers %}<li>{{ f.number(one) }}</li>{% endfor %}
</ul>
{% endif %}
{% for one in charts %}{{ f.chart(one, uid ~ "-" ~ loop.index) }}{% endfor %}
{% if not numbers and not charts %}<p class="a-muted">{{ _("There is nothing to count here.") }}</p>{% endif %}
</div>

{#
admin:parts/touched: what a delete would touch, included by the pages that ask about it.

Variables
  lines   each with level (bad, warn or nothing), name, text, examples (label, address), hidden, more, url
#}
{% if lines %}
<ul class="a-touch">
  {% for line in lines %}
  <li{% if line.level %} class="is-{{ line.level }}"{% endif %}>
    <h3>{% if line.level == "bad" %}{{ icon("exclamation-triangle") }} {% endif %}{{ line.name }}</h3>
    <p>{{ line.text }}</p>
    {% if line.examples %}<ul>{% for label, address in line.examples %}<li><a href="{{ address }}">{{ label }}</a></li>{% endfor %}{% if line.more > 0 %}<li class="a-muted">{% if line.url %}<a href="{{ line.url }}">{{ ngettext("and %(num)s more", "and %(num)s more", line.more) }}</a>{% else %}{{ ngettext("and %(num)s more", "and %(num)s more", line.more) }}{% endif %}</li>{% endif %}</ul>{% endif %}
    {% if line.hidden and line.examples %}<p>{{ ngettext("%(num)s of them you may not see.", "%(num)s of them you may not see.", line.hidden) }}</p>{% endif %}
  </li>
  {% endfor %}
</ul>
{% endif %}

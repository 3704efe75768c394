{# Breadcrumbs. Variable: trail, (title, address) each; the last has the address "". #}
<nav class="s-trail" aria-label="{{ _('Breadcrumbs') }}"><ol>
{% for title, address in trail %}
  <li>{% if address %}<a href="{{ address }}">{{ title }}</a>{% else %}<span aria-current="page">{{ title }}</span>{% endif %}</li>
{% endfor %}
</ol></nav>

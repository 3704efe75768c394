{#
admin:used_by: what points to a document. The edit page loads it into its side when it is shown; by itself it is a page.
Fallback names as admin:edit.

Variables
  uses     link, name, count (text; empty: not counted), number, url, missing (path without an index)
  alone    only the content is wanted, without the page around
#}
{% extends "admin:parts/bare" if alone else "admin:layout" %}
{% block content %}
<div class="{{ 'a-used-by' if alone else 'a-pad a-choose' }}">
{% if uses %}
<ul class="a-used">
  {% for one in uses %}
  <li>
    {% if one.url %}<a href="{{ one.url }}">{{ one.name }}</a>{% else %}<span>{{ one.name }}</span>{% endif %}
    {% if one.count %}<span class="a-num">{{ one.count }}</span>{% endif %}
    {% if one.missing %}<small>{{ _("not counted: no index on %(path)s", path=one.missing) }}</small>
    {% elif not one.count %}<small>{{ _("not counted: it took too long") }}</small>{% endif %}
    {% if one.link.guessed %}<small>{{ _("a guess: no reference is declared") }}</small>{% endif %}
  </li>
  {% endfor %}
</ul>
{% else %}<p class="a-muted">{{ _("Nothing points here.") }}</p>
{% endif %}
</div>
{% endblock %}

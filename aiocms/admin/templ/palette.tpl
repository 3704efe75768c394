{#
admin:palette: the options of the palette's list box; palette.js puts them beneath its input.
Variables: groups (title, hits: title, url, note, icon, command, disabled), asked (text)
#}
{% set count = namespace(at=0) %}
{% for group in groups %}
<div role="group" aria-labelledby="palette-group-{{ loop.index }}">
  <div class="a-menu-head" id="palette-group-{{ loop.index }}" role="presentation">{{ group.title }}</div>
  {% for hit in group.hits %}
  {% set count.at = count.at + 1 %}
  <a class="a-palette-hit" role="option" id="palette-{{ count.at }}" aria-selected="false" tabindex="-1"{% if hit.url %} href="{{ hit.url }}"{% endif %}{% if hit.command %} data-command="{{ hit.command }}"{% endif %}{% if hit.disabled %} aria-disabled="true"{% endif %}>{{ icon(hit.icon) }}<bdi class="a-clip">{{ hit.title }}</bdi>{% if hit.note %} <small class="a-clip">{{ hit.note }}</small>{% endif %}</a>
  {% endfor %}
</div>
{% else %}
<p class="a-palette-none" role="presentation">{{ _("Nothing is called that. Try fewer letters.") }}</p>
{% endfor %}

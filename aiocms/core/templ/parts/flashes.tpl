{# Flash messages as toasts: a level's icon, the text, its action, a close button that needs the script.
   The template beneath them is what aiocms.toast() of admin.js copies. F8 goes to the messages. #}
{% set level_icons = {"success": "check-circle", "info": "info-circle", "warning": "exclamation-triangle", "danger": "exclamation-octagon"} %}
{% set level_class = {"success": "is-good", "info": "is-info", "warning": "is-warn", "danger": "is-bad"} %}
<div class="a-toasts" id="toasts" role="status" aria-label="{{ _('Messages') }}">
{% for message in flashes() %}
<div class="a-toast {{ level_class.get(message.level, 'is-info') }}"
  {%- if not message.action and message.level in ("success", "info") %} data-brief{% endif %}
  {%- if message.level == "danger" %} role="alert"{% endif %}>
  {{ icon(level_icons.get(message.level, "info-circle")) }}
  <p>{{ message.text }}</p>
  {% if message.action and message.action.method == "post" %}
  <form method="post" action="{{ message.action.url }}">{{ csrf_input() }}
    <button class="btn btn-sm btn-quiet">{{ message.action.label }}</button></form>
  {% elif message.action %}
  <a class="btn btn-sm btn-quiet" href="{{ message.action.url }}">{{ message.action.label }}</a>
  {% endif %}
  <button type="button" class="btn btn-sm btn-ghost btn-icon a-js" data-close aria-label="{{ _('Close') }}">{{ icon("x-lg") }}</button>
</div>
{% endfor %}
</div>
<template id="toast-models">
{% for level, symbol in level_icons.items() %}
<div class="a-toast {{ level_class[level] }}" data-level="{{ level }}"{% if level == "danger" %} role="alert"{% endif %}>{{ icon(symbol) }}<p></p>
<button type="button" class="btn btn-sm btn-ghost btn-icon" data-close aria-label="{{ _('Close') }}">{{ icon("x-lg") }}</button></div>
{% endfor %}
</template>

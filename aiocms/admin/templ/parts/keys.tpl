{# The help of the keyboard. keys.js takes its table of keys from here: data-key, and what it does in data-do.
   Variable: shortcuts, the groups of aiocms/admin/palette/keyboard.py. #}
{% set KEYS = {"Mod": "Ctrl", "Space": _("Space"), "Enter": "↵", "Escape": "Esc", "ArrowLeft": "←", "ArrowRight": "→", "ArrowUp": "↑", "ArrowDown": "↓"} %}
<dialog class="a-keys" id="keys" aria-labelledby="keys-title">
  <div class="a-drawer-head">
    <div class="a-drawer-title" id="keys-title">{{ _("Keyboard") }}</div>
    <form method="dialog"><button class="btn btn-ghost btn-icon" aria-label="{{ _('Close') }}">{{ icon("x-lg") }}</button></form>
  </div>
  <div class="a-keys-body">
  {% for group in shortcuts | default(()) %}
    <section aria-labelledby="keys-{{ loop.index }}">
      <div class="a-keys-title" id="keys-{{ loop.index }}">{{ _(group.title) }}</div>
      <dl>
      {% for one in group.shortcuts %}
        <div data-shortcut="{{ one.does }}" data-keys="{{ one.keys | join(' ') }}"{% if one.is_single %} data-single{% endif %}>
          <dt>{% for key in one.keys %}{% for part in key.split("+") %}<kbd>{{ KEYS.get(part, part | upper if loop.length > 1 and part | length == 1 else part) }}</kbd>{% endfor %}{% endfor %}</dt>
          <dd>{{ _(one.text) }}</dd>
        </div>
      {% endfor %}
      </dl>
    </section>
  {% endfor %}
  </div>
  <label class="a-keys-switch"><input class="form-check-input a-switch" type="checkbox" role="switch" checked data-keys-switch>
    <span>{{ _("Keys of a single letter") }}<small>{{ _("Off: only keys together with Ctrl work, and those of a part that has the focus. Kept in this browser.") }}</small></span></label>
</dialog>

{# The sidebar: brand, the way into the palette, the groups of `nav`, and the user's menu.
   On a phone it is off the page until the address ends in #nav, so it opens and closes without script. #}
<aside class="a-sidebar" id="nav" aria-label="{{ _('Navigation') }}">
  <div class="a-sidebar-head">
    <a class="a-brand" href="{{ url_for('admin:index') }}"><img src="{{ site_theme.logo_url }}" alt="" width="24" height="24"><span>{{ settings.title }}</span></a>
  </div>
  <div class="a-nav-find">
    <a class="form-control a-nav-go" href="{{ url_for('admin:find') }}" data-palette>{{ icon("search") }}<span>{{ _("Go to…") }}</span><kbd class="a-js">Ctrl K</kbd></a>
  </div>
  <nav class="a-nav" aria-label="{{ _('Screens') }}">
    <a href="{{ url_for('admin:index') }}"{% if request.path == url_for("admin:index") %} aria-current="page"{% endif %}>{{ icon("grid-1x2") }}<span>{{ _("Overview") }}</span></a>
    {% for group in nav | default(()) %}
    <details class="a-nav-group" open data-keep="{{ group.title }}">
      <summary>{{ group.title }}</summary>
      {% for screen in group.screens + group.reports %}
      <a href="{{ screen.url }}"{% if screen.current %} aria-current="page"{% endif %}>{{ icon(screen.icon | default("") or "table") }}<span>{{ screen.title }}</span>
        {%- if screen.count is defined and screen.count is not none %}<span class="a-count">{{ screen.count }}</span>{% endif %}</a>
      {% endfor %}
    </details>
    {% endfor %}
  </nav>
  <div class="a-user">
    <details class="a-menu a-menu-up">
      <summary>
        <span class="a-avatar" aria-hidden="true">{{ (user.username if user else "?")[:1] }}</span>
        <span class="a-clip">{{ user.username if user else "" }}</span>
        <span class="a-push">{{ icon("three-dots") }}</span>
        <span class="a-sr">{{ _("Account and appearance") }}</span>
      </summary>
      <div class="a-menu-list">
        <div class="a-js" role="group" aria-labelledby="theme-head">
          <div class="a-menu-head" id="theme-head">{{ _("Theme") }}</div>
          <div class="a-seg">
            <button type="button" data-theme-set="system">{{ _("System") }}</button>
            <button type="button" data-theme-set="light">{{ _("Light") }}</button>
            <button type="button" data-theme-set="dark">{{ _("Dark") }}</button>
          </div>
        </div>
        <div class="a-js" role="group" aria-labelledby="density-head">
          <div class="a-menu-head" id="density-head">{{ _("Density") }}</div>
          <div class="a-seg">
            <button type="button" data-density-set="comfortable">{{ _("Comfortable") }}</button>
            <button type="button" data-density-set="compact">{{ _("Compact") }}</button>
          </div>
        </div>
        <hr class="a-js">
        <button type="button" class="a-js" data-keys-help>{{ icon("keyboard") }}{{ _("Keyboard") }}</button>
        <a href="/">{{ icon("box-arrow-up-right", "a-flip") }}{{ _("View site") }}</a>
        {% if "auth:account" in request.plan.routes %}
        <a href="{{ url_for('auth:account') }}">{{ icon("person") }}{{ _("Account") }}</a>
        {% endif %}
        {% if "auth:logout" in request.plan.routes %}
        <form method="post" action="{{ url_for('auth:logout') }}">{{ csrf_input() }}<button>{{ icon("box-arrow-right", "a-flip") }}{{ _("Log out") }}</button></form>
        {% endif %}
      </div>
    </details>
  </div>
</aside>

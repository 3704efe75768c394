{# The sidebar: brand, search over screens, the groups of `nav`, and the user's menu.
   On a phone it is off the page until the address ends in #nav, so it opens and closes without script. #}
<aside class="a-sidebar" id="nav" aria-label="{{ _('Navigation') }}">
  <div class="a-sidebar-head">
    <a class="a-brand" href="{{ url_for('admin:index') }}"><img src="{{ static('core:logo.svg') }}" alt="" width="24" height="24"><span>{{ settings.title }}</span></a>
  </div>
  <form class="a-nav-find" role="search" aria-label="{{ _('Screens') }}" action="{{ url_for('admin:index') }}">
    <label class="a-input-icon">{{ icon("search") }}<span class="a-sr">{{ _("Find a screen") }}</span>
      <input class="form-control" type="search" name="q" placeholder="{{ _('Go to…') }}" autocomplete="off" data-nav-find><kbd class="a-js">g</kbd></label>
  </form>
  <nav class="a-nav" aria-label="{{ _('Screens') }}">
    <a href="{{ url_for('admin:index') }}"{% if request.path == url_for("admin:index") %} aria-current="page"{% endif %}><span>{{ _("Overview") }}</span></a>
    {% for group in nav | default(()) %}
    <details class="a-nav-group" open data-keep="{{ group.title }}">
      <summary>{{ group.title }}</summary>
      {% for screen in group.screens %}
      <a href="{{ screen.url }}"{% if screen.current %} aria-current="page"{% endif %}>{% if screen.icon is defined and screen.icon %}{{ icon(screen.icon) }}{% endif %}<span>{{ screen.title }}</span>
        {%- if screen.count is defined and screen.count is not none %}<span class="a-count">{{ screen.count }}</span>{% endif %}</a>
      {% endfor %}
    </details>
    {% endfor %}
    <p class="a-faint a-nav-none" hidden>{{ _("No screen has this name.") }}</p>
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

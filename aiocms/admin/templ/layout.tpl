{#
admin:layout: the shell of every admin page: sidebar, bar with breadcrumbs and actions, messages.

Blocks
  title        the page's title in the browser; default: the last breadcrumb
  head         more of <head>
  breadcrumbs  the items of the trail; default: made of `crumbs`
  actions      buttons at the end of the bar (a btn-primary there floats by the thumb on a phone)
  content      the page, inside <main>
  scripts      at the end of <body>, after admin.js
  main_class   classes of <main>: "a-fit" when the page fills the window and only its a-scroll scrolls

Variables, all optional
  crumbs   list of (title, address), from the root to this page; the last one is the page's heading
  nav      groups of the sidebar, each with `title` and `screens`; each screen with `title`, `url`, and perhaps
           `icon`, `count` and `current`

Always there: request, user, settings, language, text_direction, debug, url_for, static, icon, csrf_input, flashes.
#}
{% set trail = crumbs | default(()) %}
<!doctype html>
<html {% include "core:parts/html" %}>
<head>
{% include "core:parts/head" %}
<title>{% block title %}{{ trail[-1][0] if trail else _("Admin") }}{% endblock %} · {{ settings.title }}</title>
<meta name="robots" content="noindex">
<meta name="htmx-config" content='{"allowEval": false, "includeIndicatorStyles": false, "historyCacheSize": 0, "refreshOnHistoryMiss": true, "selfRequestsOnly": true}'>
<link rel="stylesheet" href="{{ static('admin:admin.css') }}">
<link rel="stylesheet" href="{{ static('admin:drawer.css') }}">
<link rel="stylesheet" href="{{ static('admin:palette.css') }}">
<link rel="stylesheet" href="{{ static('admin:references.css') }}">
<link rel="stylesheet" href="{{ static('core:text.css') }}">
{% block head %}{% endblock %}
<link rel="stylesheet" href="{{ static('core:theme.css') }}">
<script type="module" src="{{ static('core:theme.js') }}"></script>
<script type="module" src="{{ static('admin:admin.js') }}"></script>
<script type="module" src="{{ static('admin:drawer.js') }}"></script>
<script type="module" src="{{ static('admin:keys.js') }}"></script>
<script type="module" src="{{ static('admin:palette.js') }}"></script>
<script type="module" src="{{ static('admin:combobox.js') }}"></script>
<script type="module" src="{{ static('core:markdown.js') }}"></script>
<script type="module" src="{{ static('core:richtext.js') }}"></script>
</head>
<body class="a-shell" data-text-url="{{ url_for('admin:text') }}">
<a class="a-skip" href="#main">{{ _("Skip to content") }}</a>
<div class="a-busy" id="busy" aria-hidden="true"></div>
<div class="a-frame">
{% include "admin:parts/sidebar" %}
<div class="a-main">
  <header class="a-topbar">
    <a class="a-scrim" href="#main" aria-label="{{ _('Close navigation') }}"></a>
    <a class="btn btn-ghost btn-icon a-fold" href="#nav" role="button" aria-label="{{ _('Navigation') }}" data-fold>{{ icon("layout-sidebar", "a-flip") }}</a>
    <nav class="a-crumbs-nav" aria-label="{{ _('Breadcrumbs') }}">
      <ol class="a-crumbs">
      {% block breadcrumbs %}
      {% for title, address in trail %}
        <li>{% if loop.last %}<h1 aria-current="page" dir="auto">{{ title }}</h1>{% elif address %}<a href="{{ address }}">{{ title }}</a>{% else %}<span class="a-muted">{{ title }}</span>{% endif %}</li>
      {% endfor %}
      {% endblock %}
      </ol>
    </nav>
    <a class="btn btn-ghost btn-icon a-go" href="{{ url_for('admin:find') }}" data-palette aria-label="{{ _('Go to…') }}" title="{{ _('Go to…') }} (Ctrl K)">{{ icon("search") }}</a>
    <div class="a-actions">{% block actions %}{% endblock %}</div>
  </header>
  <main class="a-content {% block main_class %}{% endblock %}" id="main" tabindex="-1">
  {% block content %}{% endblock %}
  </main>
</div>
</div>
{% include "core:parts/flashes" %}
{{ once("admin:parts/drawer") }}
{{ once("admin:parts/keys", shortcuts=shortcuts | default(())) }}
{% include "admin:parts/palette" %}
<script src="{{ static('core:htmx/htmx.min.js') }}" defer></script>
{% block scripts %}{% endblock %}
</body>
</html>

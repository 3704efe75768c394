{#
core:layout: the base of every public page.

Blocks
  title      the page's title (default: the site's, which super() gives in an override)
  head       more of <head>: styles, meta tags
  nav        the links of the bar at the top (default: nav_links)
  tools      the right end of that bar (default: theme switch, account)
  content    the page, inside <main> and a centred column
  main       the whole of <main>, for pages that fill the width
  footer     inside <footer>
  scripts    at the end of <body>

Variables, all optional; a site gives them in its context.py
  nav_links  list of (title, address) for the bar; the one whose address begins the path is marked
  wide       true: no column around the content

Always there: request, user, settings, language, text_direction, debug, url_for, static, icon, csrf_input, flashes, site_theme.
A site's look is set by `theme` and `logo` in settings.py, further tokens of core:tokens.css in static/core/theme.css.
#}
<!doctype html>
<html {% include "core:parts/html" %}>
<head>
{% include "core:parts/head" %}
<title>{% block title %}{{ settings.title }}{% endblock %}</title>
{% block head %}{% endblock %}
<link rel="stylesheet" href="{{ static('core:theme.css') }}">
<script type="module" src="{{ static('core:theme.js') }}"></script>
</head>
<body class="a-site">
<a class="a-skip" href="#main">{{ _("Skip to content") }}</a>
<header class="a-site-head"><div class="a-wrap">
  <a class="a-brand" href="/"><img src="{{ site_theme.logo_url }}" alt="" width="24" height="24"><span>{{ settings.title }}</span></a>
  <nav class="a-site-nav" aria-label="{{ _('Main') }}">
  {% block nav %}
  {% for title, address in nav_links | default(()) %}
    <a href="{{ address }}"{% if request.path == address or (address != "/" and request.path.startswith(address.rstrip("/") ~ "/")) %} aria-current="{{ 'page' if request.path == address else 'true' }}"{% endif %}>{{ title }}</a>
  {% endfor %}
  {% endblock %}
  </nav>
  <div class="a-site-tools">{% block tools %}{% include "core:parts/tools" %}{% endblock %}</div>
</div></header>
<main class="a-site-main" id="main" tabindex="-1">
{% block main %}
<div class="{{ 'a-full' if wide | default(false) else 'a-wrap' }}">
{% block content %}{% endblock %}
</div>
{% endblock %}
</main>
<footer class="a-site-foot"><div class="a-wrap">{% block footer %}<span>{{ settings.title }}</span>{% endblock %}</div></footer>
{% include "core:parts/flashes" %}
{% block scripts %}{% endblock %}
</body>
</html>

{#
core:gate: a small panel in the middle of the page, without navigation: sign-in, a question, a dead end.

Blocks
  title     the page's title
  head      more of <head>
  content   inside the panel
  below     quiet links under the panel (default: back to the site)
  scripts   at the end of <body>

Variables: only those that are always there (see core:layout).
#}
<!doctype html>
<html {% include "core:parts/html" %}>
<head>
{% include "core:parts/head" %}
<title>{% block title %}{% endblock %} · {{ settings.title }}</title>
{% block head %}{% endblock %}
<link rel="stylesheet" href="{{ static('core:theme.css') }}">
<script type="module" src="{{ static('core:theme.js') }}"></script>
</head>
<body>
<main class="a-gate" id="main">
<div class="a-gate-panel">
  <a class="a-brand" href="/"><img src="{{ site_theme.logo_url }}" alt="" width="24" height="24"><span>{{ settings.title }}</span></a>
  <div class="a-card">
  {% block content %}{% endblock %}
  </div>
  <div class="a-gate-foot">{% block below %}<a href="/">{{ _("Back to the site") }}</a>{% endblock %}</div>
</div>
</main>
{% include "core:parts/flashes" %}
{% block scripts %}{% endblock %}
</body>
</html>

<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{% block title %}Benchmark{% endblock %}</title>
{% block head %}{% endblock %}</head>
<body>
<header><nav>{% for word in ("Home", "Blog", "Shop", "About") %}<a href="/{{ word | lower }}">{{ word }}</a>{% endfor %}</nav></header>
<main>{% block content %}{% endblock %}</main>
<footer>Benchmark</footer>
</body>
</html>

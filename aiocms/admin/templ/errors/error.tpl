{#
admin:errors/error: an HTTP error below /admin for who may enter: the sidebar stays, and there is a way on. Everybody else
gets core:errors/error, and so does a fault of the server. admin:errors/404 and the like win where a site has them.
Blocks: error, ways, besides those of admin:layout. Variables: status, title, message (may be empty), request_id.
#}
{% extends "admin:layout" %}
{% set place = namespace(group=none, screen=none) %}
{% for group in nav | default(()) %}{% for one in group.screens + group.reports if one.current %}{% set place.group = group %}{% set place.screen = one %}{% endfor %}{% endfor %}
{% block title %}{{ title }}{% endblock %}
{% block breadcrumbs %}
<li><a href="{{ url_for('admin:index') }}">{{ _("Admin") }}</a></li>
{% if place.screen %}<li><span class="a-muted">{{ place.group.title }}</span></li><li><a href="{{ place.screen.url }}">{{ place.screen.title }}</a></li>{% endif %}
<li><h1 aria-current="page" dir="auto">{{ title }}</h1></li>
{% endblock %}
{% block content %}
<section class="a-empty a-admin-fault">
  {{ icon({403: "lock", 404: "compass", 413: "box-seam"}.get(status, "exclamation-triangle")) }}
  <p class="a-fault-code">{{ status }}</p>
  <h2>{{ message or title }}</h2>
  {% block error %}<p><code>{{ request.path }}</code></p>{% endblock %}
  <div class="a-row">
  {% block ways %}
    {% if place.screen %}<a class="btn btn-primary" href="{{ place.screen.url }}">{{ icon(place.screen.icon or "table") }}{{ _("To the list “%(title)s”", title=place.screen.title) }}</a>
    {% else %}<a class="btn btn-primary" href="{{ url_for('admin:index') }}">{{ icon("grid-1x2") }}{{ _("Overview") }}</a>{% endif %}
    <a class="btn btn-quiet" href="{{ url_for('admin:find') }}" data-palette>{{ icon("search") }}{{ _("Search") }}</a>
  {% endblock %}
  </div>
  <p class="a-fault-id">{{ _("Request") }} <code>{{ request_id }}</code></p>
</section>
{% endblock %}

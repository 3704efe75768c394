{#
admin:index: the dashboard.
Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).
Variables
  groups    the apps: title, screens, reports; each screen: title, url, icon, collection, count (text), create_url or "";
            each report: title, url, icon
  charts    the screens that have numbers or charts: title, url, icon, charts_url (where the charts are to be had)
  changes   what happened lately: at, who, verb, label, screen, url or "", undone
  searched  the words of the search over screens
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:list.css') }}"><link rel="stylesheet" href="{{ static('admin:charts.css') }}">{% endblock %}
{% block content %}
<div class="a-dash">
<div class="a-dash-main">
  {% for one in charts %}
  <section class="a-dash-charts" aria-labelledby="charts-{{ loop.index }}">
    <h2 id="charts-{{ loop.index }}">{% if one.icon %}{{ icon(one.icon) }}{% endif %}<a href="{{ one.url }}">{{ one.title }}</a></h2>
    <div class="a-dash-chart-body" hx-get="{{ one.charts_url }}" hx-trigger="load"><a href="{{ one.charts_url }}">{{ _("Show the charts") }}</a></div>
  </section>
  {% endfor %}
  <div class="a-dash-screens">
  <form class="a-search a-dash-search{{ '' if searched else ' a-nojs' }}" role="search" action="{{ url_for('admin:index') }}">
    <label class="a-input-icon">{{ icon("search") }}<span class="a-sr">{{ _("Find a screen") }}</span>
      <input class="form-control" type="search" name="q" value="{{ searched }}" placeholder="{{ _('Find a screen') }}" maxlength="100"></label>
  </form>
  {% for group in groups %}
  <section aria-labelledby="group-{{ loop.index }}">
    <h2 id="group-{{ loop.index }}">{{ group.title }}</h2>
    {% if group.screens %}
    <ul class="a-tiles">
    {% for screen in group.screens %}
      <li><div class="a-tile"><a href="{{ screen.url }}">{{ screen.title }}</a><span class="a-num">{{ screen.count }}</span>
        <small class="a-mono">{% if screen.collection != screen.title %}{{ screen.collection }}{% endif %}</small>
        {% if screen.create_url %}<a class="btn btn-sm btn-ghost btn-icon" href="{{ screen.create_url }}" aria-label="{{ _('New in %(title)s', title=screen.title) }}">{{ icon("plus-lg") }}</a>{% endif %}</div></li>
    {% endfor %}
    </ul>
    {% endif %}
    {% if group.reports %}
    <ul class="a-dash-reports" aria-label="{{ _('Reports') }}">{% for report in group.reports %}<li><a href="{{ report.url }}">{{ icon(report.icon) }}{{ report.title }}</a></li>{% endfor %}</ul>
    {% endif %}
  </section>
  {% else %}
    {% if searched %}
    {% call m.empty("search", _("No screen has this name.")) %}<a class="btn btn-quiet" href="{{ url_for('admin:index') }}">{{ _("Show all") }}</a>{% endcall %}
    {% else %}
    {{ m.empty("database", _("Nothing to show yet"), _("You may see no collection, or the database is still empty.")) }}
    {% endif %}
  {% endfor %}
  {% if groups and not searched %}<p class="a-dash-more"><a href="{{ url_for('admin:pipelines') }}">{{ icon("bar-chart-steps") }}{{ _("Saved reports") }}</a></p>{% endif %}
  </div>
</div>
<aside class="a-dash-side" aria-labelledby="recent">
  <h2 id="recent">{{ _("Recent changes") }}</h2>
  {% if changes %}
  <ol class="a-log">
  {% for one in changes %}
    <li><b>{{ one.who }}</b> {{ one.verb }} {% if one.url %}<a href="{{ one.url }}">{{ one.label }}</a>{% else %}{{ one.label }}{% endif %}
      <br><span class="a-muted">{{ one.screen }}</span> · <time datetime="{{ one.at.isoformat() }}">{{ one.at | relative }}</time>{% if one.undone %} · {{ _("undone") }}{% endif %}</li>
  {% endfor %}
  </ol>
  {% else %}
  <p class="a-muted">{{ _("Changes made here will be listed with who made them.") }}</p>
  {% endif %}
</aside>
</div>
{% endblock %}

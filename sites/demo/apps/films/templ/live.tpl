{# The live search, over a WebSocket. No variables. #}
{% extends "core:layout" %}
{% block title %}{{ _("Live search") }} · {{ super() }}{% endblock %}

{% block content %}
<div class="a-wrap-narrow">
  <h1>{{ _("Live search") }}</h1>
  <noscript><p class="a-note is-info">{{ _("This page needs a script; the archive does not.") }} <a href="{{ url_for('films:index') }}">{{ _("Films") }}</a></p></noscript>
  <div class="a-field">
    <label class="a-label" for="live">{{ _("A title begins with") }}</label>
    <input class="form-control" id="live" type="search" autocomplete="off" maxlength="100" data-socket="{{ url_for('films:live-socket') }}">
  </div>
  <ul class="cinema-results" id="live-results" aria-live="polite"></ul>
</div>
{% endblock %}

{% block scripts %}<script type="module" src="{{ static('films:live.js') }}"></script>{% endblock %}

{# A root override of one bundled template: it extends its own name, which is the next layer down. #}
{% extends "core:layout" %}

{% block head %}
{{ super() }}
<link rel="stylesheet" href="{{ static('cinema.css') }}">
{% endblock %}

{% block footer %}
<span>{{ settings.title }}</span>
<span>{{ _("Film data: Wikidata, CC0.") }} <a href="{{ url_for('how') }}">{{ _("How this page was changed") }}</a></span>
{% endblock %}

{# 503: the database is away. Rendered without a session. Variables and blocks: see core:errors/error. #}
{% extends "core:errors/error" %}
{% block actions %}
<a class="btn btn-primary" href="{{ request.path if request.method == "GET" else "/" }}">{{ _("Try again") }}</a>
{% endblock %}

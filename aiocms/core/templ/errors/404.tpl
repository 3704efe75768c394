{# 404: nothing at this address. Variables and blocks: see core:errors/error. #}
{% extends "core:errors/error" %}
{% block error %}<p><code>{{ request.path }}</code></p>{% endblock %}

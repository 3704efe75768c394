{# 403: the visitor may not do this. Variables and blocks: see core:errors/error. #}
{% extends "core:errors/error" %}
{% block error %}
{% if user and not user.is_authenticated %}<p>{{ _("Perhaps you have to log in first.") }}</p>{% endif %}
{% endblock %}

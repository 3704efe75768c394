{# 413: the body is too large. Variables and blocks: see core:errors/error. #}
{% extends "core:errors/error" %}
{% block error %}
<p>{{ _("At most %(size)s can be sent at once.", size=settings.body_limit|filesize) }}</p>
{% endblock %}

{# 405: the address exists, but not for this kind of request. Variables and blocks: see core:errors/error. #}
{% extends "core:errors/error" %}

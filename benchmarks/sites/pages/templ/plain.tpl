{% extends "layout.tpl" %}
{% block title %}Plain{% endblock %}
{% block content %}<h1>Plain</h1><ul>{% for word in words %}<li>{{ word }}</li>{% endfor %}</ul>{% endblock %}

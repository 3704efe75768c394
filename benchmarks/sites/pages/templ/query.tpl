{% extends "layout.tpl" %}
{% block title %}Posts{% endblock %}
{% block content %}<h1>Posts</h1>
{% for post in posts %}<article><h2><a href="/blog/{{ post.slug }}">{{ post.title }}</a></h2>
<p>{{ post.text }}</p><p>{% for tag in post.tags %}<span>{{ tag }}</span> {% endfor %}</p></article>
{% endfor %}{% endblock %}

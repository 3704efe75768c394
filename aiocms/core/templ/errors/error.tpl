{# Any HTTP error. Variables: status, title, message (may be empty), request_id. Blocks: title, content, error, actions. #}
{% extends "core:layout" %}
{% block title %}{{ title }}{% endblock %}
{% block content %}
<section class="a-fault">
  <p class="a-fault-code"><span aria-hidden="true">{{ status }} · </span>{{ _("Request") }} {{ request_id }}</p>
  <h1>{{ title }}</h1>
  {% if message %}<p>{{ message }}</p>{% endif %}
  {% block error %}{% endblock %}
  <div class="a-row">
    {% block actions %}<a class="btn btn-primary" href="/">{{ _("Home page") }}</a>{% endblock %}
  </div>
</section>
{% endblock %}

{# The right end of a public page's bar: theme switch (needs the script), then sign-in or account. #}
<button type="button" class="btn btn-ghost btn-icon a-js" data-theme-next aria-label="{{ _('Light or dark') }}">{{ icon("circle-half") }}</button>
{% if "auth:login" in request.plan.routes %}
{% if user and user.is_authenticated %}
<details class="a-menu a-menu-end">
  <summary class="btn btn-ghost"><span class="a-avatar" aria-hidden="true">{{ user.username[:1] }}</span><span class="a-clip">{{ user.username }}</span></summary>
  <div class="a-menu-list">
    {% if "admin:index" in request.plan.routes and user.can("admin.enter") %}
    <a href="{{ url_for('admin:index') }}">{{ icon("grid") }}{{ _("Admin") }}</a>
    {% endif %}
    {% if "auth:account" in request.plan.routes %}
    <a href="{{ url_for('auth:account') }}">{{ icon("person") }}{{ _("Account") }}</a>
    {% endif %}
    <hr>
    <form method="post" action="{{ url_for('auth:logout') }}">{{ csrf_input() }}<button>{{ icon("box-arrow-right", "a-flip") }}{{ _("Log out") }}</button></form>
  </div>
</details>
{% else %}
<a class="btn btn-quiet" href="{{ url_for('auth:login', query={'next': request.path_qs}) }}">{{ _("Log in") }}</a>
{% endif %}
{% endif %}

{# A page that the bundled shop does not have. No variables. #}
{% extends "core:layout" %}
{% block title %}{{ _("Terms") }} · {{ super() }}{% endblock %}

{% block content %}
<article class="a-wrap-narrow">
  <h1>{{ _("Terms of the museum shop") }}</h1>
  <p>{{ _("Nothing is sold here: the catalogue is made up, the prices too.") }}</p>
</article>
{% endblock %}

{#
admin:parts/bare: only the block `content` of a page that extends it, for what scripts put into another page.
#}
{% block content %}{% endblock %}

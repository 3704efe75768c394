{#
admin:pipelines: the reports that users have written and that this user may open.
Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).
Variables
  saved    each: one (name, collection, owner_name, roles), url, edit_url or ""
  new_url  where one is written, or ""
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block actions %}{{ super() }}{% if new_url %}<a class="btn btn-primary" href="{{ new_url }}">{{ icon("plus-lg") }}{{ _("New") }}</a>{% endif %}{% endblock %}
{% block content %}
{% if saved %}
<div class="a-scroll" tabindex="0" role="region" aria-label="{{ _('Saved reports') }}">
<table class="a-table a-list">
<thead><tr><th scope="col" class="a-label">{{ _("Name") }}</th><th scope="col">{{ _("Collection") }}</th><th scope="col">{{ _("Written by") }}</th><th scope="col">{{ _("Shared") }}</th></tr></thead>
<tbody>{% for row in saved %}<tr><th scope="row" class="a-label"><a href="{{ row.url }}">{{ row.one.name }}</a></th><td class="a-mono" data-label="{{ _('Collection') }}">{{ row.one.collection }}</td><td data-label="{{ _('Written by') }}">{{ row.one.owner_name }}</td><td data-label="{{ _('Shared') }}">{{ _("Yes") if row.one.roles else _("No") }}</td></tr>{% endfor %}</tbody>
</table>
</div>
{% else %}
{% call m.empty("bar-chart-steps", _("No reports yet"), _("A report is an aggregation that is kept under a name and read like a list.")) %}
{% if new_url %}<a class="btn btn-primary" href="{{ new_url }}">{{ icon("plus-lg") }}{{ _("Write the first one") }}</a>{% endif %}
{% endcall %}
{% endif %}
{% endblock %}

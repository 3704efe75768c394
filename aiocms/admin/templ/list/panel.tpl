{#
admin:list/panel: a panel of a list's tools as a page of its own, as it is without script and on a phone. The same fallback
names as admin:list. With script the list fetches the body alone (header X-Panel) and shows it beside its button.
Bodies: list/filter, list/sort, list/columns, list/view, list/cost.

Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).
Variables of every body: screen; title; back: the list's address; query_text: the list's query; alone: whether it is shown
beside the list; body: name of the body.
#}
{% extends "admin:layout" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:list.css') }}"><link rel="stylesheet" href="{{ static('admin:list_tools.css') }}">{% endblock %}
{% block content %}<div class="a-pad a-panel-page" data-panel-page>{% include body %}</div>{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('admin:list_tools.js') }}"></script>{% endblock %}

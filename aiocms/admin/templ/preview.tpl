{#
admin:preview: a document to read, as a page and in the drawer of a list. Fallback names as admin:edit.

Blocks besides those of admin:layout: parts (the fields)

Variables
  screen, opened, document_id, created, size   as in admin:edit
  parts      name, path, kind, html, url (of a reference), edit_url, size (of what is too large), is_long, parts, more,
             is_plain (a list of short values), heads (the columns of a list that is a small table)
  may_edit   whether the user may edit the document;  changes: the last change, if it is known
#}
{% extends "admin:layout" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:preview.css') }}">{% endblock %}
{% block content %}
<article class="a-preview">
  <header class="a-preview-head">
    <span class="a-row">
      <a class="btn btn-sm {{ 'btn-primary' if may_edit else 'btn-quiet' }}" href="{{ opened.url('edit') }}">{{ icon("pencil" if may_edit else "box-arrow-in-right") }}{{ _("Edit") if may_edit else _("Open") }}</a>
      <a class="btn btn-sm btn-ghost" href="{{ opened.url('edit', tab='json') }}">{{ icon("braces") }}{{ _("Extended JSON") }}</a>
    </span>
    <span class="a-muted a-preview-facts"><code class="a-path">{{ document_id }}</code>
      {%- if created %} · {{ _("created") }} <bdi>{{ created | date }}</bdi>{% endif %} · <bdi>{{ size | filesize }}</bdi>
      {%- for change in changes %} · <bdi>{{ _("changed by %(name)s", name=change.username or _("Somebody")) }} <time datetime="{{ change.at.isoformat() }}">{{ change.at | relative }}</time></bdi>{% endfor %}</span>
  </header>
  {% block parts %}
  {% if parts %}{{ list(parts) }}{% else %}<p class="a-muted">{{ _("No fields yet.") }}</p>{% endif %}
  {% endblock %}
</article>
{% endblock %}
{% macro value(one) %}{% if one.url %}<a href="{{ one.url }}">{{ one.html }}</a>{% else %}<span>{{ one.html or "–" }}</span>{% endif %}{% endmacro %}
{% macro side(one) %}{% if one.kind in ("int32", "int64", "double", "decimal") %} class="a-num"{% endif %}{% endmacro %}
{% macro rest(one) %}{% if one.more %}<p class="a-muted">{{ _("and %(count)s more", count=one.more) }}</p>{% endif %}{% endmacro %}
{% macro list(all) %}
<dl class="a-read-list">
{% for one in all %}
  <div class="a-read-part{% if one.is_long or one.parts and not one.is_plain %} is-wide{% endif %}">
    <dt><bdi>{{ one.name }}</bdi><span class="a-type">{{ one.kind }}{% if one.is_plain %} · {{ one.parts[0].kind }}{% endif %}</span></dt>
    <dd>
    {%- if one.is_plain %}<ul class="a-read-items">{% for item in one.parts %}<li>{{ value(item) }}</li>{% endfor %}</ul>{{ rest(one) }}
    {%- elif one.heads %}
    <div class="a-read-table" tabindex="0" role="region" aria-label="{{ one.name }}"><table class="a-table">
      <thead><tr><td class="a-num" aria-hidden="true"></td>{% for head in one.heads %}<th scope="col"{{ side(head) }}>{{ head.name }} <span class="a-type">{{ head.kind }}</span></th>{% endfor %}</tr></thead>
      <tbody>{% for item in one.parts %}<tr><td class="a-num">{{ item.name }}</td>{% for cell in item.parts %}<td{{ side(cell) }}>{{ value(cell) }}</td>{% endfor %}</tr>{% endfor %}</tbody>
    </table></div>{{ rest(one) }}
    {%- elif one.parts %}{{ list(one.parts) }}{{ rest(one) }}
    {%- elif one.size %}<span class="a-muted">{{ one.size | filesize }}</span>
    {%- elif one.is_long and not one.url %}<div class="a-read-text">{{ one.html }}</div>
    {%- else %}{{ value(one) }}{% endif %}
    {%- if one.edit_url %} <a class="btn btn-ghost btn-icon btn-sm a-read-edit" href="{{ one.edit_url }}" data-drawer aria-label="{{ _('Edit %(name)s', name=one.name) }}">{{ icon("pencil") }}</a>{% endif %}
    </dd>
  </div>
{% endfor %}
</dl>
{% endmacro %}

{#
admin:edit: creating and editing one document. Fallback names: <ns>:admin/<screen>/edit, <ns>:admin/edit, admin:edit.

Blocks besides those of admin:layout
  form      the fields (inside the <form>)
  aside     facts, what else is in the document, recent changes
  savebar   the buttons at the foot

Variables
  screen, opened       the screen; what is opened (aiocms/admin/opened.py): opened.url("list"), opened.may("edit")
  sections             of rows of parts: nodes (admin:field) or, when `declared`, WTForms fields (admin:declared)
  names                what parts are called: names.name_of(node), names.summary_of(node), names.target_of(node)
  page, editor         editor is None on the Extended JSON tab: json_text, json_error (line, column)
  token                the signed base, for the input _base
  messages             what is wrong with the whole
  part_names           templates of the parts: field and declared, by the same fallback names as the page
  document_id, created, size, also, changes, window, at, focus, touched, reason, list_url
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% import part_names.field as parts with context %}
{% import part_names.declared as declared_parts with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:edit.css') }}">{% endblock %}
{% block actions %}
{{ super() }}
{% if document_id and opened.may("delete") and screen.can_delete %}
<a class="btn btn-ghost is-danger" href="{{ opened.url('delete') }}">{{ icon("trash") }}<span class="a-wide-only">{{ _("Delete") }}</span></a>
{% endif %}
{% endblock %}
{% block content %}
<form class="a-edit-form" id="edit" method="post" autocomplete="off" novalidate data-edit data-leave="{{ _('You have unsaved changes.') }}" data-changes="{{ _('Unsaved changes') }}"{% if touched %} data-touched{% endif %}{% if focus %} data-focus="{{ focus }}"{% endif %}>
{{ csrf_input() }}
<input type="hidden" name="_base" value="{{ token }}">
{# The first button is what Enter presses: it must be the one that saves. #}
<button class="a-sr" tabindex="-1" aria-hidden="true"{% if reason %} disabled{% endif %}>{{ _("Save") }}</button>
{{ parts.glyphs() }}
<div class="a-edit">
<div class="a-edit-main">
  <nav class="a-tabs" aria-label="{{ _('View') }}">
  {% if editor %}
    <a aria-current="page" href="{{ opened.url('edit', at=at or none) if document_id else opened.url('create') }}">{{ _("Form") }}</a>
    {% if reason or not document_id %}<a href="{{ opened.url('edit' if document_id else 'create', tab='json') }}">{{ _("Extended JSON") }}</a>
    {% else %}<button name="_op" value="tab:json" formnovalidate>{{ _("Extended JSON") }}</button>{% endif %}
  {% else %}
    <a href="{{ opened.url('edit' if document_id else 'create') }}">{{ _("Form") }}</a>
    <a aria-current="page" href="{{ opened.url('edit' if document_id else 'create', tab='json') }}">{{ _("Extended JSON") }}</a>
  {% endif %}
  </nav>
  {% for message in messages %}{% call m.note("bad", "exclamation-triangle") %}<p>{{ _(message) }}</p>{% endcall %}{% endfor %}
  {% if reason %}{% call m.note("info", "lock") %}<p>{{ _("You may look at this document, but not change it.") }}</p>{% endcall %}{% endif %}
  {% if at %}
  <p class="a-edit-at"><a href="{{ opened.url('edit') }}">{{ icon("arrow-left", "a-flip") }}{{ _("Whole document") }}</a> <code class="a-path">{{ at }}</code></p>
  {% endif %}
  {% if window %}
  <nav class="a-row a-window" aria-label="{{ _('Items') }}">
    <span>{{ _("Items %(first)s to %(last)s of %(total)s", first=window.start + 1, last=window.start + window.shown, total=window.total) }}</span>
    {% if window.start %}<a class="btn btn-quiet btn-sm" href="{{ opened.url('edit', at=at, **{'from': [window.start - window.step, 0]|max}) }}">{{ _("Previous") }}</a>{% endif %}
    {% if window.start + window.shown < window.total %}<a class="btn btn-quiet btn-sm" href="{{ opened.url('edit', at=at, **{'from': window.start + window.shown}) }}">{{ _("Next") }}</a>{% endif %}
  </nav>
  {% endif %}
  {% block form %}
  {% if editor %}
  <fieldset class="a-plain"{% if reason %} disabled{% endif %}>
  {% if declared and editor.form.form_errors %}{% for message in editor.form.form_errors %}{% call m.note("bad", "exclamation-triangle") %}<p>{{ _(message) }}</p>{% endcall %}{% endfor %}{% endif %}
  {% for section in sections %}
  <section class="a-section">
    {% if section.title %}<div class="a-section-head"><h2>{{ _(section.title) }}</h2></div>{% endif %}
    <div class="a-fields{% if not declared and not screen.layout %} a-flow{% endif %}">
    {% for row in section.rows %}
      {% if row|length > 1 %}<div class="a-cols">{% for one in row %}{{ declared_parts.part(one) if declared else parts.part(one) }}{% endfor %}</div>
      {% else %}{{ declared_parts.part(row[0]) if declared else parts.part(row[0]) }}{% endif %}
    {% endfor %}
    </div>
  </section>
  {% else %}
  {% if not declared %}<p class="a-muted a-section">{{ _("No fields yet.") }}</p>{% endif %}
  {% endfor %}
  {% if not declared and not reason and page.base.base.code == 3 %}{{ parts.add_key("") }}{% endif %}
  </fieldset>
  {% else %}
  <div class="a-field{% if json_error %} is-invalid{% endif %}">
    <label class="a-sr" for="json">{{ _("Extended JSON") }}</label>
    <textarea class="form-control a-code" id="json" name="_json" rows="30" spellcheck="false" autocapitalize="off"{% if json_error %} aria-invalid="true" aria-describedby="json-error" data-line="{{ json_error.line }}" data-column="{{ json_error.column }}"{% endif %}{% if reason %} readonly{% endif %}>
{{ json_text }}</textarea>
    {% if json_error %}<div class="a-error" id="json-error">{{ icon("exclamation-circle") }}<div>{{ _("Line %(line)s, column %(column)s:", line=json_error.line, column=json_error.column) }} {{ _(json_error.message, **json_error.values) }}</div></div>{% endif %}
    <p class="a-help">{{ _("Canonical Extended JSON keeps every type. {\"$kept\": n} stands for a part that is not shown; leave it where it is.") }}</p>
  </div>
  {% endif %}
  {% endblock %}
</div>
<aside class="a-edit-side" aria-label="{{ _('About this document') }}">
{% block aside %}
  {% if document_id %}
  <section>
    <h2>{{ _("Document") }}</h2>
    <dl class="a-facts">
      <dt>{{ _("Id") }}</dt><dd><code class="a-path">{{ document_id }}</code></dd>
      {% if created %}<dt>{{ _("Created") }}</dt><dd>{{ created|datetime }}</dd>{% endif %}
      <dt>{{ _("Size") }}</dt><dd>{{ size|filesize }}</dd>
    </dl>
  </section>
  {% if also %}
  <section>
    <h2>{{ _("Also in this document") }}</h2>
    <p class="a-muted">{{ _("Not in this form, kept as it is.") }}</p>
    <ul class="a-also">
      {% for one in also[:100] %}<li><a class="a-path" href="{{ opened.url('edit', at=one.at) }}">{{ one.name }}</a> <span class="a-muted">{{ one.size|filesize }}</span></li>{% endfor %}
      {% if also|length > 100 %}<li class="a-muted">{{ _("and %(count)s more", count=also|length - 100) }}</li>{% endif %}
    </ul>
  </section>
  {% endif %}
  {% if declared and editor.locked %}
  <section>
    <h2>{{ _("Not yours to change") }}</h2>
    <ul class="a-also">{% for name, value in editor.locked %}<li><span class="a-path">{{ name }}</span></li>{% endfor %}</ul>
  </section>
  {% endif %}
  {% if changes %}
  <section>
    <h2>{{ _("Recent changes") }}</h2>
    <ol class="a-log">
      {% for change in changes %}
      <li><b>{{ change.username or _("Somebody") }}</b> <time datetime="{{ change.at.isoformat() }}">{{ change.at|relative }}</time>
        {% if change.undone %}<span class="a-pill">{{ _("taken back") }}</span>{% endif %}
        <div class="a-path">{% if change.verb == "add" %}{{ _("added") }}{% elif change.verb == "delete" %}{{ _("deleted") }}{% else %}{{ shown_paths(change)|join(", ") }}{% endif %}</div>
        {% if not change.undone and change.verb == "edit" and opened.may("edit") %}<button class="btn btn-ghost btn-sm" form="undo-{{ change.id }}">{{ icon("arrow-counterclockwise") }}{{ _("Undo") }}</button>{% endif %}
      </li>
      {% endfor %}
    </ol>
  </section>
  {% endif %}
  {% endif %}
{% endblock %}
</aside>
</div>
{% block savebar %}
{% if not reason %}
<div class="a-savebar">
  <span class="a-dirty" role="status" data-dirty hidden></span>
  <a class="btn btn-ghost" href="{{ list_url }}">{{ _("Back") }}</a>
  <button class="btn btn-quiet" name="_save" value="stay">{{ _("Save and stay") }}</button>
  <button class="btn btn-primary" name="_save" value="back" data-save>{{ _("Save") }}</button>
</div>
{% endif %}
{% endblock %}
<input type="hidden" name="_end" value="1">
</form>
{% if document_id %}{% for change in changes if change.verb == "edit" and not change.undone %}
<form id="undo-{{ change.id }}" method="post" action="{{ url_for('admin:undo', change=change.id) }}">{{ csrf_input() }}</form>
{% endfor %}{% endif %}
{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('admin:edit.js') }}"></script>{% endblock %}

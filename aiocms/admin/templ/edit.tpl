{#
admin:edit: creating and editing one document. Fallback names: <ns>:admin/<screen>/edit, <ns>:admin/edit, admin:edit.

Blocks besides those of admin:layout
  form      the fields (inside the <form>)
  aside     facts, what else is in the document, recent changes
  savebar   the buttons at the foot

Variables
  screen, opened       the screen; what is opened (aiocms/admin/forms/opened.py): opened.url("list"), opened.may("edit")
  sections             title, anchor, is_tab, errors (how many) and rows: each a list of parts, or a group with title,
                       help, collapsed, anchor, errors and rows; parts are nodes (admin:field) or, when `declared`,
                       WTForms fields (admin:declared)
  conditions           by names of inputs: tree (JSON for showif.js), base, off (does not hold now)
  draft                for draft.js: key, revision, days; none when nothing is kept in the browser
  copied               the document that a new one is a copy of: its label
  names                what parts are called: names.name_of(node), names.summary_of(node), names.target_of(node)
  page, editor         editor is None on the Extended JSON tab: json_text, json_error (line, column)
  token                the signed base, for the input _base
  messages             what is wrong with the whole
  revive               where a post brings the deleted document back; empty: it is there, or cannot be
  images               for pictures in rich text: upload, library, files (addresses, or nothing)
  takes_files          whether the form can hold files
  part_names           templates of the parts: field and declared, by the same fallback names as the page
  also                 keys that the form has no field for: name, at, kind, size, changed (by Extended JSON), stored
  document_id, created, size, changes, window, at, focus, touched, reason, list_url
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% import part_names.field as parts with context %}
{% import part_names.declared as declared_parts with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:edit.css') }}"><link rel="stylesheet" href="{{ static('admin:lists.css') }}"><link rel="stylesheet" href="{{ static('admin:forms.css') }}">{% if takes_files %}<link rel="stylesheet" href="{{ static('files:files.css') }}">{% endif %}{% endblock %}
{% block actions %}
{{ super() }}
{% if document_id and not at and opened.may("add") and screen.can_add %}
<a class="btn btn-ghost" href="{{ opened.url('create', copy=document_id) }}">{{ icon("copy") }}<span class="a-wide-only">{{ _("Duplicate") }}</span></a>
{% endif %}
{% if document_id and opened.may("delete") and screen.can_delete %}
<a class="btn btn-ghost is-danger" href="{{ opened.url('delete') }}">{{ icon("trash") }}<span class="a-wide-only">{{ _("Delete") }}</span></a>
{% endif %}
{% endblock %}
{% macro one(part) %}{{ declared_parts.part(part) if declared else parts.part(part) }}{% endmacro %}
{% macro rows(all) %}
{% for row in all %}
  {% if row.rows is defined %}{{ group(row) }}
  {% elif row|length > 1 %}<div class="a-cols">{% for part in row %}{{ one(part) }}{% endfor %}</div>
  {% else %}{{ one(row[0]) }}{% endif %}
{% endfor %}
{% endmacro %}
{% macro group(group) %}
<details class="f-group{% if not group.collapsed %} is-plain{% endif %}" id="{{ group.anchor }}"{% if not group.collapsed or group.errors %} open{% endif %}>
  <summary class="f-group-head"><h2>{{ _(group.title) }}</h2>{{ error_count(group.errors) }}</summary>
  {% if group.help %}<p class="a-help">{{ _(group.help) }}</p>{% endif %}
  <div class="a-fields">{{ rows(group.rows) }}</div>
</details>
{% endmacro %}
{% macro error_count(count) %}{% if count %}<span class="f-errors" data-errors="{{ count }}"><span aria-hidden="true">{{ count }}</span><span class="a-sr">{{ ngettext("%(num)s error", "%(num)s errors", count) }}</span></span>{% endif %}{% endmacro %}
{# Keys without a field: kept as they are, or as Extended JSON changed them. #}
{% macro kept_keys() %}
{% if also %}
<section data-kept-keys>
  <h2>{{ _("Also in this document") }}</h2>
  <p class="a-muted">{{ _("Not in this form, kept as it is.") }}</p>
  <ul class="a-also">
    {% for one in also[:100] %}<li>{% if one.stored and not one.changed %}<a class="a-path" href="{{ opened.url('edit', at=one.at) }}">{{ one.name }}</a>{% else %}<span class="a-path">{{ one.name }}</span>{% endif %} <span class="a-muted">{{ one.size|filesize }}</span>{% if one.changed %} <span class="a-pill">{{ _("from Extended JSON, saved with the form") }}</span>{% endif %}</li>{% endfor %}
    {% if also|length > 100 %}<li class="a-muted">{{ _("and %(count)s more", count=also|length - 100) }}</li>{% endif %}
  </ul>
</section>
{% endif %}
{% endmacro %}
{% block content %}
<form class="a-edit-form" id="edit" method="post"{% if takes_files %} enctype="multipart/form-data"{% endif %} autocomplete="off" novalidate data-edit data-leave="{{ _('You have unsaved changes.') }}" data-changes="{{ _('Unsaved changes') }}"{% if touched %} data-touched{% endif %}{% if focus %} data-focus="{{ focus }}"{% endif %}
  {%- if draft %} data-draft="{{ draft.key }}" data-revision="{{ draft.revision }}" data-draft-days="{{ draft.days }}"{% endif %}
  {%- if images.files %} data-image-upload="{{ images.upload }}" data-image-library="{{ images.library }}" data-image-files="{{ images.files }}"{% endif %}
  {%- if validate_url %} data-validate="{{ validate_url }}"{% endif %} data-user="{{ user.id }}" data-login="{{ login_url }}" data-failed="{{ _('Not saved: the site did not answer. What you typed is still here.') }}" data-refused="{{ _('Not saved; what you typed is still here.') }}" data-forbidden="{{ _('You may not change this document any more.') }}" data-unanswered="{{ _('The site did not answer. What you typed is still here: please try again.') }}" data-wrong="{{ _('Please correct the marked fields.') }}">
{{ csrf_input() }}
<input type="hidden" name="_base" value="{{ token }}">
{# The first button is what Enter presses: it must be the one that saves. #}
<button class="a-sr" tabindex="-1" aria-hidden="true"{% if reason %} disabled{% endif %}>{{ _("Save") }}</button>
{{ parts.glyphs() }}
<p class="a-sr" role="status" aria-live="polite" data-moved="{{ _('Item moved to place {place} of {count}') }}"></p>
<div class="a-edit">
<div class="a-edit-main">
  <nav class="a-seg a-view" aria-label="{{ _('View') }}">
  {% if editor %}
    <a aria-current="page" href="{{ opened.url('edit', at=at or none) if document_id else opened.url('create') }}">{{ _("Form") }}</a>
    {% if reason %}<a href="{{ opened.url('edit' if document_id else 'create', tab='json') }}">{{ _("Extended JSON") }}</a>
    {% else %}<button name="_op" value="tab:json" formnovalidate>{{ _("Extended JSON") }}</button>{% endif %}
  {% else %}
    {% if reason %}<a href="{{ opened.url('edit' if document_id else 'create') }}">{{ _("Form") }}</a>
    {% else %}<button name="_op" value="tab:form" formnovalidate>{{ _("Form") }}</button>{% endif %}
    <a aria-current="page" href="{{ opened.url('edit' if document_id else 'create', tab='json') }}">{{ _("Extended JSON") }}</a>
  {% endif %}
  </nav>
  {% if draft %}
  <div class="a-note is-info f-draft" data-draft-offer data-failed="{{ _('It could not be brought back now: the site did not answer, or your login has ended. It stays in this browser.') }}" role="status" hidden>{{ icon("clock-history") }}<div>
    <p><b>{{ _("You typed something here that was not saved.") }}</b> <span data-draft-when></span> <span data-draft-what class="a-muted"></span></p>
    <p data-draft-stale hidden>{{ _("The document was changed since. What you typed is merged with it when you save.") }}</p>
    <div class="a-row"><button class="btn btn-quiet btn-sm" type="button" data-draft-restore>{{ _("Restore it") }}</button><button class="btn btn-ghost btn-sm" type="button" data-draft-drop>{{ _("Discard it") }}</button></div>
  </div></div>
  {% endif %}
  {% if copied %}{% call m.note("info", "copy") %}<p>{{ _("A copy of %(name)s. Nothing is stored until you save.", name=copied) }}</p>{% endcall %}{% endif %}
  {% for message in messages %}{% call m.note("bad", "exclamation-triangle") %}<p>{{ _(message) }}</p>{% endcall %}{% endfor %}
  {% if revive %}<p><button class="btn btn-quiet btn-sm" formaction="{{ revive }}" formtarget="_blank" formnovalidate>{{ icon("arrow-counterclockwise") }}{{ _("Bring the document back") }}</button></p>{% endif %}
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
  {% if conditions %}<div class="f-noscript">{% call m.note("info", "eye-slash") %}<p>{{ _("Some fields apply only when others have certain values. They are all shown here; those that do not apply keep what is stored.") }}</p>{% endcall %}</div>{% endif %}
  {% set tabs = sections|selectattr("is_tab")|list %}
  {% for section in sections %}
  {% if tabs and section is sameas tabs[0] %}
  <nav class="f-tabs" data-tabs aria-label="{{ _('Parts of the form') }}">
  {% for tab in tabs %}<a class="f-tab" href="#{{ tab.anchor }}"><span>{{ _(tab.title) }}</span>{{ error_count(tab.errors) }}</a>{% endfor %}
  </nav>
  {% endif %}
  <section class="a-section{% if section.is_tab %} f-panel{% endif %}"{% if section.is_tab %} id="{{ section.anchor }}" data-panel{% endif %}>
    {% for node in section.carried %}<input type="hidden" name="{{ node.name }}~t" value="object"><input type="hidden" name="{{ node.name }}~p" value="1">{% if node.offered %}<input type="hidden" name="{{ node.name }}~o" value="1">{% endif %}{% endfor %}
    {% if section.title %}<div class="a-section-head"><h2>{{ _(section.title) }}</h2></div>{% endif %}
    <div class="a-fields{% if not declared and (at or not opened.hints.layout) %} a-flow{% endif %}">{{ rows(section.rows) }}</div>
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
  <section>
    <h2>{{ _("Used by") }}</h2>
    {% set used_url = url_for("admin:used_by", ns=screen.namespace, screen=screen.name, id=document_id) %}
    <div hx-get="{{ used_url }}" hx-trigger="load" hx-swap="outerHTML"><a href="{{ used_url }}">{{ _("Show what points here") }}</a></div>
  </section>
  {{ kept_keys() }}
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
  {% else %}{{ kept_keys() }}
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
  <div class="f-save">
    <button class="btn btn-primary" name="_save" value="back" data-save>{{ _("Save") }}</button>
    {% if not at and opened.may("add") and screen.can_add %}
    <details class="a-menu a-menu-end f-save-more">
      <summary class="btn btn-primary btn-icon" aria-label="{{ _('More ways to save') }}">{{ icon("chevron-up") }}</summary>
      <div class="a-menu-list">
        <button name="_save" value="new">{{ icon("plus-lg") }}{{ _("Save and new") }}</button>
        {% if document_id %}<button name="_save" value="copy">{{ icon("copy") }}{{ _("Save as new") }}</button>{% endif %}
      </div>
    </details>
    {% endif %}
  </div>
</div>
{% endif %}
{% endblock %}
<input type="hidden" name="_end" value="1">
</form>
{% if login_url and not reason %}
<dialog class="f-login" data-login-dialog aria-labelledby="login-title">
  <h2 id="login-title">{{ _("Your login has ended") }}</h2>
  <p>{{ _("What you typed is still here. Log in again and it is saved.") }}</p>
  <p class="f-login-error" data-login-error role="alert" hidden></p>
  <form method="post" action="{{ login_url }}" data-login-form></form>
  <div class="a-row"><a class="btn btn-ghost" href="{{ login_url }}" target="_blank" rel="noopener">{{ _("Log in in a new tab") }}</a><button class="btn btn-ghost" type="button" data-login-close>{{ _("Back to the form") }}</button></div>
  <p class="a-muted" data-login-other hidden>{{ _("Somebody else is logged in now. What you typed belongs to another account.") }}</p>
</dialog>
{% endif %}
{% if document_id %}{% for change in changes if change.verb == "edit" and not change.undone %}
<form id="undo-{{ change.id }}" method="post" action="{{ url_for('admin:undo', change=change.id) }}">{{ csrf_input() }}</form>
{% endfor %}{% endif %}
{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('admin:edit.js') }}"></script><script type="module" src="{{ static('admin:lists.js') }}"></script>{% for name in ("tabs", "showif", "save", "draft", "validate") %}<script type="module" src="{{ static('admin:' ~ name ~ '.js') }}"></script>{% endfor %}{% if takes_files %}<script type="module" src="{{ static('files:field.js') }}"></script>{% endif %}{% endblock %}

{#
admin:pipeline: where a report is written as an aggregation in Extended JSON.
Blocks: title, head, breadcrumbs, actions, content, scripts (see admin:layout).
Variables
  saved          the stored report, or None for a new one
  name, collection, text, roles    as typed or stored
  fault          None, or text and line (0: about the whole)
  preview        None, or text (the first rows) and count
  collections    names of collections;  offered_roles: (id, name)
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('admin:reports.css') }}">{% endblock %}
{% block content %}
<div class="a-pipeline">
<form class="a-fields" method="post">
  {{ csrf_input() }}
  <div class="a-cols a-cols-2">
    <label class="a-field"><span class="a-label">{{ _("Name") }}</span><input class="form-control" name="name" value="{{ name }}" maxlength="80" autocomplete="off"></label>
    <label class="a-field"><span class="a-label">{{ _("Collection") }}</span><select class="form-select" name="collection">{% for one in collections %}<option{% if one == collection %} selected{% endif %}>{{ one }}</option>{% endfor %}</select></label>
  </div>
  <div class="a-field{% if fault %} is-invalid{% endif %}">
    <label class="a-label" for="stages">{{ _("Stages, in Extended JSON") }}</label>
    <textarea class="form-control a-code" id="stages" name="text" maxlength="50000" spellcheck="false" autocapitalize="off" aria-describedby="stages-help{% if fault %} stages-fault{% endif %}"{% if fault %} aria-invalid="true"{% endif %}>{{ "\n" }}{{ text }}</textarea>
    {% if fault %}<p class="a-error" id="stages-fault" role="alert">{% if fault.line %}{{ _("Line %(line)s: %(text)s", line=fault.line, text=fault.text) }}{% else %}{{ fault.text }}{% endif %}</p>
    {% if fault.line %}<p class="a-help"><code>{{ text.split("\n")[fault.line - 1] | truncate(120) }}</code></p>{% endif %}{% endif %}
    <p class="a-help" id="stages-help">{{ _("It reads the documents and fields that you may see. Stages that write, and scripts, are refused.") }}</p>
  </div>
  <fieldset class="a-field"><legend class="a-label">{{ _("Shared with") }}</legend>
    {% for id, title in offered_roles %}<label class="a-check"><input class="form-check-input" type="checkbox" name="roles" value="{{ id }}"{% if id in roles %} checked{% endif %}><span>{{ title }}</span></label>{% endfor %}
    <p class="a-help">{{ _("Everybody sees it with their own rights.") }}</p>
  </fieldset>
  <div class="a-row">
    <button class="btn btn-primary" name="do" value="save">{{ _("Save") }}</button>
    <button class="btn btn-quiet" name="do" value="preview">{{ _("Preview") }}</button>
    {% if saved %}<button class="btn btn-danger a-push" name="do" value="delete">{{ _("Delete") }}</button>{% endif %}
  </div>
</form>
<section class="a-pipeline-preview" aria-labelledby="preview">
  <h2 id="preview">{{ _("Preview") }}</h2>
  {% if preview %}<pre tabindex="0">{{ preview.text }}</pre>{% else %}<p class="a-muted">{{ _("The first rows are shown here.") }}</p>{% endif %}
</section>
</div>
{% endblock %}

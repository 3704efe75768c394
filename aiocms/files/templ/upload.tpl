{#
files:upload: puts files into the library, several at once; with script each with its own progress.

Variables
  errors        what is wrong with files that were sent
  done          files that were taken
  max_size      of one file, in bytes
  library_url   the list of files
#}
{% extends "admin:layout" %}
{% import "admin:macros" as m with context %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ static('files:files.css') }}">{% endblock %}
{% block content %}
<form class="a-pad f-upload" method="post" enctype="multipart/form-data" data-file-many data-upload="{{ url_for('files:upload') }}" data-max="{{ max_size }}"
      data-too-big="{{ _('This file is too big: at most %(size)s MB are taken.', size=(max_size / 1000000)|round(1)) }}" data-failed="{{ _('The upload was cut.') }}" data-done="{{ _('In the library') }}" data-cancel="{{ _('Cancel') }}">
{{ csrf_input() }}
{% for error in errors %}{% call m.note("bad", "exclamation-triangle") %}<p>{{ error }}</p>{% endcall %}{% endfor %}
{% for file in done %}{% call m.note("good", "check-circle") %}<p>{{ _("In the library") }}: <a href="{{ url_for('admin:edit', ns='files', screen='files', id=file.id) }}">{{ file.name }}</a></p>{% endcall %}{% endfor %}
<div class="f-drop f-drop-large" data-file-drop>
  <span class="f-hint">{{ icon("cloud-arrow-up") }}<label for="file">{{ _("Drop files here, or choose them") }}</label></span>
  <input class="form-control" type="file" id="file" name="file" multiple data-file-choose>
  <p class="a-help">{{ _("Images are made anew without the data of the camera. What is there already is not stored twice.") }}</p>
</div>
<ul class="f-queue" data-file-queue aria-live="polite"></ul>
<div class="a-row"><button class="btn btn-primary" data-file-send>{{ icon("upload") }}{{ _("Upload") }}</button>
<a class="btn btn-ghost" href="{{ library_url }}">{{ _("Back to the files") }}</a></div>
</form>
{% endblock %}
{% block scripts %}{{ super() }}<script type="module" src="{{ static('files:field.js') }}"></script>{% endblock %}

{#
files:input: the input of a file: what it holds, a place to drop another, the library.

box(name, text, shown, attrs)   text: the file's id; shown (aiocms/files/known.py): record, url, thumb, upload, library,
                                accept, max_size, is_image

Without JavaScript the file input is sent with the form (enctype="multipart/form-data"); field.js sends the file at once.
#}
{% macro box(name, text, shown, attrs="") %}
<div class="f-input{% if shown.is_image %} is-image{% endif %}" data-file-input data-files="{{ shown.base }}"{% if shown.upload %} data-upload="{{ shown.upload }}"{% endif %} data-max="{{ shown.max_size }}"
     data-too-big="{{ _('This file is too big: at most %(size)s MB are taken.', size=(shown.max_size / 1000000)|round(1)) }}" data-failed="{{ _('The upload was cut. Nothing else was lost; please choose the file again.') }}" data-done="{{ _('Uploaded. It is kept when you save.') }}" data-waiting="{{ _('Uploading…') }}">
  <input type="hidden" name="{{ name }}" value="{{ text }}" data-file-value>
  <div class="f-shown" data-file-shown{% if not text %} hidden{% endif %}>
    <span class="f-thumb">{% if shown.thumb %}<img src="{{ shown.thumb }}" alt="" data-file-thumb>{% else %}<img alt="" hidden data-file-thumb>{{ icon("file-earmark") }}{% endif %}</span>
    <span class="f-about"><a class="a-clip" {% if shown.url %}href="{{ shown.url }}" {% endif %}target="_blank" rel="noopener" data-file-name>{{ shown.record.name if shown.record else text|truncate(48, true) }}</a>
      <span class="a-muted" data-file-size>{% if shown.record %}{{ shown.record.size|filesize }}{% if shown.record.width %}, {{ shown.record.width }} × {{ shown.record.height }}{% endif %}{% elif text and not shown.thumb %}{{ _("No file of the library.") }}{% endif %}</span></span>
    {% if text %}<label class="a-check f-none"><input class="form-check-input" type="checkbox" name="{{ name }}~none" value="1" data-file-none><span>{{ _("Remove") }}</span></label>{% endif %}
    <button type="button" class="btn btn-ghost btn-icon btn-sm a-js" data-file-clear aria-label="{{ _('Remove') }}" title="{{ _('Remove') }}">{{ icon("x-lg") }}</button>
  </div>
  <div class="f-drop" data-file-drop>
    <span class="f-hint a-js" aria-hidden="true">{{ icon("image" if shown.is_image else "upload") }}{{ _("Drop a file here, or") }}</span>
    <input class="form-control f-choose" type="file" id="{{ name }}" name="{{ name }}~file"{% if shown.accept %} accept="{{ shown.accept }}"{% endif %} data-file-choose{{ attrs }}>
    {% if shown.library %}<button type="button" class="btn btn-quiet btn-sm a-js" data-file-library="{{ shown.library }}" data-title="{{ _('Library') }}">{{ icon("images") }}{{ _("Library") }}</button>{% endif %}
  </div>
  <div class="f-progress" data-file-progress hidden>
    <progress max="100" value="0" aria-label="{{ _('Uploading…') }}"></progress><span class="a-num" data-file-percent></span>
    <button type="button" class="btn btn-ghost btn-sm" data-file-cancel>{{ _("Cancel") }}</button>
  </div>
  <div class="f-said" role="status" data-file-said></div>
  <div class="a-error f-fault" role="alert" data-file-fault hidden></div>
</div>
{% endmacro %}

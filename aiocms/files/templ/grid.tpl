{#
files:grid: a file as a card of the library.

face(file)   file: id, name, type, size, width, height, is_image
#}
{% macro face(file) %}
<span class="f-face">{% if file.is_image %}<img src="{{ url_for('files:thumb', id=file.id, size='small') }}" alt="" loading="lazy">{% else %}{{ icon("file-earmark") }}{% endif %}</span>
<span class="f-name a-clip">{{ file.name }}</span>
<span class="f-facts a-faint">{% if file.width %}{{ file.width }} × {{ file.height }}{% else %}{{ file.type.partition("/")[2]|truncate(16, true) }}{% endif %} · {{ file.size|filesize }}</span>
{% endmacro %}

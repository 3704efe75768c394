<!doctype html>
<title>{{ document.title }}</title>
<form method="post">
<label for="title">title</label><input id="title" name="title" value="{{ document.title }}">
{% for row in document.rows %}{% set number = loop.index0 %}
<fieldset><legend>{{ loop.index }}</legend>
{% for key, value in row.items() %}<div><label for="rows-{{ number }}-{{ key }}">{{ key }}</label><input id="rows-{{ number }}-{{ key }}" name="rows-{{ number }}-{{ key }}" value="{{ value }}"></div>
{% endfor %}
</fieldset>
{% endfor %}
<button>Save</button>
</form>

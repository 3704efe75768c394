{# The list without the shell: htmx swaps this part. Variables: see admin:list. #}
{% import "admin:macros" as m with context %}
<div class="a-results" id="list" data-since="{{ since }}" hx-boost="true" hx-target="#list" hx-select="#list" hx-swap="outerHTML show:window:top" hx-indicator="#busy">
{% include parts.views %}
{% include parts.filters %}
{% include parts.line %}
{% if problems and problems | rejectattr("key", "equalto", "at") | list %}
  {% call m.empty("funnel", _("This list was not read")) %}
    <a class="btn btn-primary" href="{{ sound_url }}">{{ _("Go on without it") if problems | length == 1 else _("Go on without them") }}</a>
    {% if state.is_narrowed %}<a class="btn btn-quiet" href="{{ clear_url }}">{{ _("Remove all filters") }}</a>{% endif %}
  {% endcall %}
{% elif announced %}
  {% call m.empty("hourglass-split", _("This would look through all %(total)s documents", total=total),
      _("No index serves this list. It was stopped so that it does not slow down others; it may take a while.")) %}
    <a class="btn btn-primary" href="{{ scan_url }}">{{ _("Search anyway") }}</a>
    <a class="btn btn-quiet" href="{{ clear_url }}">{{ _("Remove all filters") }}</a>
  {% endcall %}
{% elif fault %}
  {% call m.empty("exclamation-triangle", _("The list could not be read"), fault ~ (" " ~ reason if reason else "")) %}
    <a class="btn btn-quiet" href="{{ list_address }}">{{ _("Start again") }}</a>
  {% endcall %}
{% elif rows %}
  {% include parts.table %}
{% elif state.is_narrowed and search and search.way == "prefix" %}
  {% call m.empty("search", _("Nothing begins like this"),
      _("The collection is large, so only the beginnings of %(names)s were looked at.", names=search.paths | join(", "))) %}
    <a class="btn btn-primary" href="{{ scan_url }}">{{ _("Look through all %(total)s documents", total=total) }}</a>
    <a class="btn btn-quiet" href="{{ clear_url }}">{{ _("Remove all filters") }}</a>
  {% endcall %}
{% elif search and search.way == "text" %}
  {% call m.empty("search", _("No document has these words"), _("The text index finds whole words only.")) %}
    <a class="btn btn-primary" href="{{ scan_url }}">{{ _("Look through all %(total)s documents", total=total) }}</a>
    <a class="btn btn-quiet" href="{{ clear_url }}">{{ _("Remove all filters") }}</a>
  {% endcall %}
{% elif state.is_narrowed %}
  {% call m.empty("search", _("Nothing matches"), _("No document has all that is asked for above.")
      ~ (" " ~ _("The search looked at %(names)s.", names=search.paths | join(", ")) if search and search.paths else " " ~ _("No field of this list can be searched for a text; filter by a field instead.") if search else "")) %}
    <a class="btn btn-quiet" href="{{ clear_url }}">{{ _("Remove all filters") }}</a>
  {% endcall %}
{% elif state.place.where != "first" %}
  {% call m.empty("arrow-return-left", _("No more rows")) %}
    <a class="btn btn-quiet" href="{{ list_address }}">{{ _("First page") }}</a>
  {% endcall %}
{% else %}
  {% call m.empty("inbox", _("Nothing here yet"), _("Documents of “%(title)s” will be listed here.", title=title)) %}
    {% if create_url %}<a class="btn btn-primary" href="{{ create_url }}" hx-boost="false">{{ icon("plus-lg") }}{{ _("Add the first one") }}</a>{% endif %}
  {% endcall %}
{% endif %}
</div>

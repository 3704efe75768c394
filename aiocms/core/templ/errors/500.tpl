{#
500 that a view raised itself (web.HTTPInternalServerError). A bug gets a page without template.
Variables and blocks: see core:errors/error.
#}
{% extends "core:errors/error" %}

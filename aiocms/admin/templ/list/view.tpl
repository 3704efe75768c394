{#
admin:list/view: a list kept as a view. Variables besides those of admin:list/panel: view: the one that is shown, or None
(name, owner_name, roles); may_change; is_changed: the list differs from it; name; roles: list of (id, title) to share with;
shared: ids ticked; is_first: shown first; has_first; asking: whether to delete it; message; address.
Posted: query, name, role, first, with, do: = new, save, first, delete, really.
#}
<form class="a-tool-form a-tool-view" method="post" action="{{ address }}" data-panel-form>
  {{ csrf_input() }}<input type="hidden" name="query" value="{{ query_text }}">
  {% if asking %}
  <div class="a-tool-body">
    <p>{{ _("Delete the view “%(name)s”?", name=view.name) }}{% if view.roles %} {{ _("It goes for everybody it is shared with.") }}{% endif %}</p>
  </div>
  <div class="a-tool-foot">
    <button class="btn btn-danger" name="do:" value="really">{{ _("Delete") }}</button>
    <a class="btn btn-quiet" href="{{ back }}" data-panel-close>{{ _("Cancel") }}</a>
  </div>
  {% else %}
  {% set own = view and may_change %}
  <button class="a-sr" name="do:" value="{{ 'save' if own else 'new' }}" tabindex="-1" aria-hidden="true">{{ _("Save") }}</button>
  <div class="a-tool-body a-fields">
    {% if message %}<div class="a-note is-bad" role="alert">{{ icon("exclamation-octagon") }}<div>{{ message }}</div></div>{% endif %}
    {% if view and not may_change %}<p class="a-muted">{{ _("%(name)s shares this view. You can use it, and save one of your own beside it.", name=view.owner_name) }}</p>{% endif %}
    <div class="a-field"><label class="a-label" for="view-name">{{ _("Name") if own else _("Name of the new view") }}</label>
      <input class="form-control" id="view-name" name="name" value="{{ name }}" maxlength="60" autocomplete="off" data-panel-focus></div>
    {% if own and is_changed %}
    <label class="a-check"><input class="form-check-input" type="checkbox" name="with" value="yes" checked><span>{{ _("With the filter, columns and order as they are now") }}</span></label>
    {% endif %}
    <label class="a-check"><input class="form-check-input" type="checkbox" name="first" value="yes"{% if is_first %} checked{% endif %}><span>{{ _("Show it first when I open this list") }}</span></label>
    {% if roles %}
    <fieldset class="a-share"><legend class="a-label">{{ _("Share with") }}</legend>
      {% for id, title in roles %}<label class="a-check"><input class="form-check-input" type="checkbox" name="role" value="{{ id }}"{% if id in shared %} checked{% endif %}><span>{{ title }}</span></label>{% endfor %}
      <p class="a-help">{{ _("A view shows nobody more than their own rights allow.") }}</p>
    </fieldset>
    {% endif %}
  </div>
  <div class="a-tool-foot">
    {% if own %}<button class="btn btn-primary" name="do:" value="save">{{ _("Save") }}</button>
    <button class="btn btn-quiet" name="do:" value="new">{{ _("Save as new") }}</button>
    {% else %}<button class="btn btn-primary" name="do:" value="new">{{ _("Save view") }}</button>{% endif %}
    {% if view and not may_change %}<button class="btn btn-quiet" name="do:" value="first">{{ _("No longer show it first") if is_first else _("Show it first") }}</button>{% endif %}
    {% if own %}<button class="btn btn-ghost is-danger a-push" name="do:" value="delete">{{ icon("trash") }}{{ _("Delete") }}</button>
    {% else %}<a class="btn btn-ghost a-push" href="{{ back }}" data-panel-close>{{ _("Cancel") }}</a>{% endif %}
  </div>
  {% endif %}
</form>

{# The saved views above the list, when there are some: tabs, and the menu of the one that is shown. #}
{% if views %}
<div class="a-views">
  <nav class="a-tabs" aria-label="{{ _('Views') }}">
    <a href="{{ all_url }}"{% if not current_view %} aria-current="page"{% endif %}>{{ _("All") }}</a>
    {% for view in views %}
    <a href="{{ view.url }}"{% if view.is_current %} aria-current="page"{% endif %}{% if view.shared_by %} title="{{ _('Shared by %(name)s', name=view.shared_by) }}"{% endif %}>{% if view.is_first %}{{ icon("star-fill") }}<span class="a-sr">{{ _("Shown first") }}</span>{% endif %}<bdi>{{ view.name }}</bdi>{% if view.is_shared %}{{ icon("people") }}<span class="a-sr">{{ _("Shared") }}</span>{% endif %}{% if view.is_current and view_changed %}<span class="a-changed" title="{{ _('Changed') }}">•</span><span class="a-sr">{{ _("Changed") }}</span>{% endif %}</a>
    {% endfor %}
  </nav>
  {% if current_view %}<div class="a-tool"><a class="btn btn-sm btn-ghost" href="{{ panels.view }}" hx-boost="false" data-panel="end">{{ icon("sliders") }}{{ _("Edit view") }}</a></div>{% endif %}
</div>
{% endif %}

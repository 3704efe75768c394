{#
admin:list/cost: what a list costs, measured on the server, and the index that it lacks. Variables besides those of
admin:list/panel: facts: list of (name, value); measured (is_known, documents, entries, rows); cost (scans, sorts); search;
advices: name, line; building: names being built; asked: the name that a question is about; failure: message, reason, or None;
may_index; permission; unindexed: words of operators that no index helps; total; seconds; address.
Posted: query, do: = ask:name, make:name.
#}
{% import "admin:macros" as m with context %}
<div class="a-tool-form a-tool-cost">
  <div class="a-tool-body">
    {% if measured.is_known %}
    <p class="a-cost-words">{% if cost.scans %}{{ _("No index serves this filter: %(documents)s of %(total)s documents were examined for %(rows)s rows.", documents=facts[2][1], total=total, rows=facts[1][1]) }}
      {%- elif cost.sorts %}{{ _("No index has this order: all rows that match are sorted before the first is shown.") }}
      {%- else %}{{ _("An index serves this list.") }}{% endif %}</p>
    {% else %}<p class="a-cost-words">{{ _("Reading the page took more than %(seconds)s seconds and was stopped.", seconds=seconds) }}</p>{% endif %}
    {{ m.facts(facts) }}
    {% if unindexed and cost.scans %}<p class="a-help">{{ _("No index helps these conditions: %(names)s. Others beside them narrow what must be looked at.", names=unindexed | join(", ")) }}</p>{% endif %}
    {% if failure %}<div class="a-note is-bad" role="alert">{{ icon("exclamation-octagon") }}<div><p>{{ _(failure.message) }}</p><p class="a-mono">{{ failure.reason }}</p></div></div>{% endif %}
    {% for advice in advices %}
    <section class="a-advice">
      <h2>{{ _("Missing index") }}</h2>
      <p class="a-help">{{ _("In models.py of the app:") }}</p>
      <code class="a-code-line">{{ advice.line }}</code>
      {% if advice.name in building %}<p class="a-help">{{ icon("hourglass-split") }} {{ _("It is being built.") }}</p>
      {% elif may_index %}
      <form method="post" action="{{ address }}" data-panel-form>
        {{ csrf_input() }}<input type="hidden" name="query" value="{{ query_text }}">
        {% if asked == advice.name %}
        <p>{{ _("Create it now on all %(total)s documents? Lists and writes go on meanwhile, more slowly; each write keeps one more index from then on.", total=total) }}</p>
        <div class="a-row"><button class="btn btn-primary" name="do:" value="make:{{ advice.name }}">{{ _("Create the index") }}</button><a class="btn btn-quiet" href="{{ back }}" data-panel-close>{{ _("Cancel") }}</a></div>
        {% else %}<button class="btn btn-quiet" name="do:" value="ask:{{ advice.name }}">{{ icon("lightning-charge") }}{{ _("Create this index…") }}</button>{% endif %}
      </form>
      {% else %}<p class="a-help">{{ _("To create it here one needs the permission %(name)s.", name=permission) }}</p>{% endif %}
    </section>
    {% endfor %}
  </div>
  <div class="a-tool-foot"><a class="btn btn-quiet" href="{{ back }}" data-panel-close>{{ _("Close") }}</a></div>
</div>

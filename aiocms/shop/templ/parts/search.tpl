{# The search box. Variable: words (optional), what was searched for. #}
<form class="s-search" role="search" action="{{ url_for('shop:search') }}">
  <label class="a-sr" for="s-q">{{ _("Search the shop") }}</label>
  {{ icon("search") }}
  <input class="form-control" type="search" id="s-q" name="q" value="{{ words | default('') }}" maxlength="100" placeholder="{{ _('Search the shop') }}" autocomplete="off" enterkeyhint="search">
  <button class="a-sr" type="submit">{{ _("Search") }}</button>
</form>

{# The palette: an input over the page and a list box that admin:palette fills. #}
<dialog class="a-palette" id="palette" aria-label="{{ _('Go to…') }}" data-url="{{ url_for('admin:palette') }}"
  data-ns="{{ request.match_info.get('ns', '') }}" data-screen="{{ request.match_info.get('screen', '') }}">
  <div class="a-palette-head">
    {{ icon("search") }}
    <input type="search" role="combobox" aria-label="{{ _('Find a screen, a document or an action') }}" aria-autocomplete="list" aria-expanded="true" aria-controls="palette-list" placeholder="{{ _('Go to…') }}" maxlength="100" autocomplete="off" spellcheck="false" data-palette-input>
    <button type="button" class="btn btn-ghost btn-icon btn-sm" aria-label="{{ _('Close') }}" data-palette-close>{{ icon("x-lg") }}</button>
  </div>
  <div class="a-palette-list" id="palette-list" role="listbox" aria-label="{{ _('Go to…') }}" tabindex="-1"></div>
  <div class="a-sr" role="status" data-palette-status data-text="{{ _('found') }}"></div>
</dialog>

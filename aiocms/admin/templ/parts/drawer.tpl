{# The drawer: one dialog a page, filled by drawer.js with the <main> of another page. Its texts live here. #}
<dialog class="a-drawer" id="drawer" aria-labelledby="drawer-title">
  <div class="a-drawer-head">
    <button type="button" class="btn btn-ghost btn-icon" data-drawer-back hidden aria-label="{{ _('Back') }}">{{ icon("arrow-left", "a-flip") }}</button>
    <div class="a-drawer-title a-clip" id="drawer-title" data-drawer-title></div>
    <a class="btn btn-ghost btn-icon" data-drawer-page aria-label="{{ _('Open as a page') }}" title="{{ _('Open as a page') }}">{{ icon("box-arrow-up-right", "a-flip") }}</a>
    <button type="button" class="btn btn-ghost btn-icon" data-drawer-close aria-label="{{ _('Close') }}">{{ icon("x-lg") }}</button>
  </div>
  <div class="a-drawer-ask" role="alert" data-drawer-ask hidden>
    <p>{{ _("You have unsaved changes.") }}</p>
    <button type="button" class="btn btn-sm btn-quiet" data-drawer-keep>{{ _("Keep editing") }}</button>
    <button type="button" class="btn btn-sm btn-danger" data-drawer-discard>{{ _("Discard") }}</button>
  </div>
  <div class="a-drawer-body" data-drawer-body tabindex="-1"></div>
  <template data-drawer-fault>
    <div class="a-empty">{{ icon("exclamation-triangle") }}<h2>{{ _("This could not be loaded") }}</h2><p>{{ _("Look at your connection and try again.") }}</p>
      <div class="a-row"><button type="button" class="btn btn-quiet" data-drawer-again>{{ _("Try again") }}</button></div></div>
  </template>
  <template data-drawer-unsent>
    <div class="a-empty" role="alert">{{ icon("exclamation-triangle") }}<h2>{{ _("Not saved") }}</h2><p>{{ _("What you typed is still here.") }}</p>
      <div class="a-row"><button type="button" class="btn btn-quiet" data-drawer-again>{{ _("Try again") }}</button></div></div>
  </template>
</dialog>

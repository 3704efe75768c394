{# What the demo overrides. Variables: version. #}
{% extends "core:layout" %}
{% block title %}{{ _("How it is made") }} · {{ super() }}{% endblock %}

{% block content %}
<article class="a-wrap-narrow cinema-text">
  <h1>{{ _("How it is made") }}</h1>
  <p>{{ _("This site is the folder sites/demo, on aiocms %(version)s. Each line is one mechanism and the file that uses it.", version=version) }}</p>
  <table class="a-table">
    <thead><tr><th scope="col">{{ _("Mechanism") }}</th><th scope="col">{{ _("File") }}</th><th scope="col">{{ _("See it") }}</th></tr></thead>
    <tbody>
    {% for what, file, address in [
      (_("An app in a folder"), "apps/films/", url_for("films:index")),
      (_("A bundled app overlaid"), "apps/shop/app.py", url_for("shop:index")),
      (_("A route moved"), "apps/shop/routes.py", url_for("shop:index")),
      (_("A root template that extends its own name"), "templ/core/layout.tpl", url_for("index")),
      (_("A part of a bundled app's page"), "templ/shop/product.tpl", url_for("shop:index")),
      (_("A static file overridden"), "static/core/theme.css", static("core:theme.css")),
      (_("A WebSocket page"), "apps/films/views.py", url_for("films:live")),
      (_("A screen with lists in lists"), "apps/films/admin.py", url_for("admin:list", ns="films", screen="programmes")),
      (_("A bundled screen changed"), "apps/shop/admin.py", url_for("admin:list", ns="shop", screen="products")),
      (_("A collection without a screen"), "films_grosses", url_for("admin:list", ns="database", screen="films_grosses")),
    ] %}
      <tr><td>{{ what }}</td><td><code>{{ file }}</code></td><td><a href="{{ address }}">{{ address.partition("?")[0] }}</a></td></tr>
    {% endfor %}
    </tbody>
  </table>
  <p>{{ _("Ask the site itself:") }} <code>aiocms explain core:layout</code>, <code>aiocms explain shop:product</code>, <code>aiocms explain /static/core/theme.css</code>.</p>
</article>
{% endblock %}

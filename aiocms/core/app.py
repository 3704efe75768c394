"""App: what an app says of itself in its ``app.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class App:
    """The manifest of one layer of an app. Every part may be left out.

    Parameters:
        title: shown in the admin; default: the folder's name.
        prefix: put before the path of every route of the app, e.g. ``/shop``.
        needs: namespaces that must be there; their lifespans enclose this app's.
        brings: bundled apps that come along without being named in ``settings.apps``; needed as those of
            ``needs`` are.
        requires: permission asked of every route that names none; None: public.
        replaces: discard all layers below this one.
        extends: in a package listed in ``settings.apps`` whose namespace is taken already:
            lay this package over it on purpose.
        drop_routes: names (without namespace) of routes of the layers below to take away.
        assets: folders of installed packages served below this app's static folder,
            ``{"bootstrap": "js_lib_bootstrap5:static/js-lib-bootstrap5"}``.

    In an overlay each part left out is taken from the layer below.
    """

    title: str | None = None
    prefix: str | None = None
    needs: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    requires: str | None = None
    replaces: bool = False
    extends: bool = False
    drop_routes: tuple[str, ...] = ()
    assets: Mapping[str, str] = field(default_factory=dict)


def merge_apps(namespace: str, apps_from_lowest: tuple[App, ...]) -> App:
    """The manifest of a namespace: each part from the highest layer that gives it.

    Returns:
        An App with every part filled in.
    """
    title, prefix, requires = namespace.replace("_", " ").capitalize(), "", None
    needs: list[str] = []
    assets: dict[str, str] = {}
    for app in apps_from_lowest:
        title = app.title if app.title is not None else title
        prefix = app.prefix if app.prefix is not None else prefix
        requires = app.requires if app.requires is not None else requires
        needs.extend(name for name in (*app.needs, *app.brings) if name not in needs)
        assets.update(app.assets)
    return App(title=title, prefix=prefix.rstrip("/"), needs=tuple(needs), requires=requires, assets=assets)


CORE = App(
    title="Core",
    assets={
        "bootstrap": "js_lib_bootstrap5:static/js-lib-bootstrap5",
        "editorjs": "js_lib_editor_js:static/editorjs",
        "htmx": "js_lib_htmx:static/htmx",
    },
)
"""The manifest of the namespace ``core`` itself."""

"""aiocms (temporary lazy names while modules land)."""
import importlib
_N = {'App': 'aiocms.core.app', 'create_app': 'aiocms.core.application', 'AiocmsError': 'aiocms.core.errors', 'flash': 'aiocms.core.flash', 'Form': 'aiocms.core.forms', 'N_': 'aiocms.core.i18n', 'gettext': 'aiocms.core.i18n', 'ngettext': 'aiocms.core.i18n', 'Index': 'aiocms.core.indexes', 'Request': 'aiocms.core.request', 'route': 'aiocms.core.routes', 'Setting': 'aiocms.core.settings', 'static': 'aiocms.core.static', 'render': 'aiocms.core.templates', 'templ': 'aiocms.core.templates', 'redirect': 'aiocms.core.urls', 'safe_next': 'aiocms.core.urls', 'url_for': 'aiocms.core.urls'}
__version__ = "0.1.0"
def __getattr__(name):
    if name in _N:
        return getattr(importlib.import_module(_N[name]), name)
    raise AttributeError(name)

{# The attributes of <html>: language, direction, and the visitor's choice of theme and density from
   cookies, so that the first paint is right. No choice: CSS follows the system. #}
lang="{{ language or 'en' }}" dir="{{ text_direction }}"
{%- set theme = request.cookies.get("aiocms_theme") %}
{%- if theme in ("light", "dark") %} data-bs-theme="{{ theme }}"{% endif %}
{%- if request.cookies.get("aiocms_density", site_theme.density) == "compact" %} data-density="compact"{% endif %}
{%- if site_theme.density == "compact" %} data-density-usual="compact"{% endif %}
{%- if request.cookies.get("aiocms_sidebar") == "folded" %} data-sidebar="folded"{% endif %}

{# The part of <head> that every page shares. Order: Bootstrap, tokens, the theme of settings.py, base, then
   (from the layout) the app's own, and core:theme.css of the site at the very end. #}
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{{ static('core:favicon.svg') }}" type="image/svg+xml">
<link rel="stylesheet" href="{{ static('core:bootstrap/css/bootstrap.rtl.min.css' if text_direction == 'rtl' else 'core:bootstrap/css/bootstrap.min.css') }}">

<link rel="stylesheet" href="{{ static('core:tokens.css') }}">
<link rel="stylesheet" href="{{ site_theme.url }}">
<link rel="stylesheet" href="{{ static('core:base.css') }}">

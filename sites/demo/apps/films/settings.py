"""Settings of the app: `films_page_size` in the site's settings.py, AIOCMS_FILMS_PAGE_SIZE outside."""

from aiocms import Setting

settings = (Setting("page_size", 24, "Films on one page of the archive."),)

"""The application, for servers: `gunicorn app:app --worker-class aiohttp.GunicornWebWorker`."""

from aiocms import create_app

app = create_app(__file__)

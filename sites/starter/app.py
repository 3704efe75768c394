"""The application, for servers.

gunicorn app:app --worker-class aiocms.cli.worker.Worker, or python app.py
"""

from aiohttp import web

from aiocms import create_app

app = create_app(__file__)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=8080)

"""gunicorn for {{ name }}.

    aiocms deploy gunicorn{{ options }} > gunicorn.conf.py       in the site's folder
    pip install "aiocms[deploy]"
    gunicorn app:app                              in the site's folder; the file is found by itself
"""

import multiprocessing

chdir = {{ folder_python }}
wsgi_app = "app:app"
bind = "{{ host }}:{{ port }}"
worker_class = "aiocms.cli.worker.Worker"  # aiohttp's, whose log lines carry the ids of requests
workers = {{ workers or "max(2, multiprocessing.cpu_count())" }}

# A worker that does not stir for so long is replaced.
timeout = 60
# Requests that run when the server stops get as long as the setting shutdown_timeout.
graceful_timeout = {{ stop_seconds }}
# Longer than nginx keeps its connections to the workers (60 s), or it would meet closed ones.
keepalive = 75
worker_tmp_dir = "/dev/shm"  # a heartbeat on a slow disk would kill healthy workers
control_socket_disable = True  # it would lie in a home that systemd makes read-only; older gunicorns have none

raw_env = [
    "AIOCMS_DEBUG=0",
    "AIOCMS_TRUSTED_PROXIES=1",  # nginx; 0 when the workers face the visitors themselves
{%- if site_url_missing %}
    "AIOCMS_SITE_URL={{ site_url }}",
{%- endif %}
]
errorlog = "-"

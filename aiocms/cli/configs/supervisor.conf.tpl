; supervisor for {{ name }}.   aiocms deploy supervisor{{ options }} > /etc/supervisor/conf.d/{{ name }}.conf
; Before: aiocms deploy gunicorn > {{ folder }}/gunicorn.conf.py
; After:  supervisorctl reread && supervisorctl update

[program:{{ name }}]
command={{ python_supervisor }} -m gunicorn --config {{ config_supervisor }} app:app
directory={{ folder_supervisor_plain }}
user={{ user }}
environment=PYTHONUNBUFFERED="1"
autostart=true
autorestart=true
startsecs=3
startretries=10
; Workers finish their requests; the master alone is told, it tells the workers.
stopsignal=TERM
stopasgroup=false
killasgroup=true
stopwaitsecs={{ stop_seconds + 10 }}
redirect_stderr=true
stdout_logfile=/var/log/supervisor/{{ name }}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=5

# systemd for {{ name }}.   aiocms deploy systemd{{ options }} > /etc/systemd/system/{{ name }}.service
# Before: aiocms deploy gunicorn > {{ folder }}/gunicorn.conf.py
# After:  systemctl daemon-reload && systemctl enable --now {{ name }}

[Unit]
Description={{ name }} (aiocms)
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
NotifyAccess=main
User={{ user }}
WorkingDirectory={{ folder_systemd_plain }}
ExecStart={{ python_systemd }} -m gunicorn --config {{ config_systemd }} app:app
ExecReload=/bin/kill -s HUP $MAINPID
Environment=PYTHONUNBUFFERED=1
# Workers finish their requests before the rest is ended.
KillMode=mixed
TimeoutStopSec={{ stop_seconds + 10 }}
Restart=always
RestartSec=1
LimitNOFILE=65536

# The site writes nowhere but in its var folder, which must exist: mkdir -p {{ var }}
NoNewPrivileges=true
PrivateTmp=true
PrivateDevices=true
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectControlGroups=true
RestrictSUIDSGID=true
LockPersonality=true
ReadWritePaths={{ var_systemd }}
UMask=0027

[Install]
WantedBy=multi-user.target

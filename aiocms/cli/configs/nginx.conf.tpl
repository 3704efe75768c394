# nginx for {{ name }}.     aiocms deploy nginx{{ options }} > /etc/nginx/conf.d/{{ name }}.conf
# Before: aiocms collect {{ static_plain }}
# After:  nginx -t && nginx -s reload

upstream {{ name }} {
    # One address: the gunicorn master gives the connections to its workers.
    server {{ host }}:{{ port }} fail_timeout=0;
    keepalive 16;
}

# "upgrade" for WebSockets, empty for the rest, which keeps the connections to the workers open.
map $http_upgrade ${{ name }}_connection {
    default upgrade;
    ""      "";
}

# Under its hashed address (?v=…) a static file never changes.
map $arg_v ${{ name }}_static_cache {
    default                "no-cache";
    "~^[0-9a-f]{16}$"      "public, max-age=31536000, immutable";
}

limit_conn_zone $binary_remote_addr zone={{ name }}_connections:10m;
{%- if tls %}

server {
    listen 80;
    listen [::]:80;
    server_name {{ domain }};
    return 301 https://$host$request_uri;
}
{%- endif %}

server {
{%- if tls %}
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name {{ domain }};

    ssl_certificate     {{ certificate }};
    ssl_certificate_key {{ certificate_key }};
    ssl_protocols       TLSv1.2 TLSv1.3;
    ssl_session_cache   shared:{{ name }}_tls:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;
{%- else %}
    listen 80;
    listen [::]:80;
    server_name {{ domain }};
{%- endif %}
    server_tokens off;

    # The same bound as the setting body_limit.
    client_max_body_size {{ body_limit }};

    # Slow clients: nginx waits for them, the workers do not. It reads the whole body before it asks a
    # worker; and one address holds so many connections at most, for these limits count from byte to byte.
    client_header_timeout 10s;
    client_body_timeout   10s;
    send_timeout          15s;
    keepalive_timeout     60s;
    reset_timedout_connection on;
    proxy_request_buffering on;
    limit_conn {{ name }}_connections 100;

    location /static/ {
        alias {{ static }};
        try_files $uri @{{ name }};
        gzip_static on;
        # brotli_static on;      # apt-get install libnginx-mod-http-brotli-static
        add_header Cache-Control ${{ name }}_static_cache;
        add_header Cross-Origin-Resource-Policy "same-origin";
        add_header X-Content-Type-Options "nosniff" always;
    }

    location / {
        try_files /dev/null @{{ name }};
    }

    location @{{ name }} {
        proxy_pass http://{{ name }};
        proxy_http_version 1.1;
        proxy_set_header Host              $host;
        # These replace what the visitor sent. The site believes them because of trusted_proxies = 1; when
        # another proxy stands before nginx, append ($proxy_add_x_forwarded_for) and count one more.
        proxy_set_header X-Forwarded-For   $remote_addr;
        proxy_set_header X-Forwarded-Host  $host;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Upgrade           $http_upgrade;
        proxy_set_header Connection        ${{ name }}_connection;
        proxy_connect_timeout 5s;
        # A WebSocket handler with heartbeat=30 is never silent for so long.
        proxy_read_timeout    75s;
        proxy_send_timeout    75s;
    }
}

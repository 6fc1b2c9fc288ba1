"""What each proxy has to be told: lines of its own configuration, as docs/proxies.md and deploy/ have them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sidecar.codes.findings import Passage


class Proxy(StrEnum):
    """By how it calls itself in the header `Server`; HAProxy and Traefik say nothing."""

    NGINX = "nginx"
    NGINX_PROXY_MANAGER = "Nginx Proxy Manager"
    APACHE = "Apache"
    CADDY = "Caddy"
    UNNAMED = "HAProxy, Traefik"


_SIGNS = {"openresty": Proxy.NGINX_PROXY_MANAGER, "nginx": Proxy.NGINX, "apache": Proxy.APACHE, "caddy": Proxy.CADDY}
_SENDER = "proxy_set_header X-Forwarded-For $remote_addr;"
_LINES: Mapping[Passage, Mapping[Proxy, str]] = {
    Passage.PATH_CHANGED: {
        Proxy.NGINX: "location ^~ /api/v1/sipgate/ { proxy_pass http://127.0.0.1:8600; }",
        Proxy.NGINX_PROXY_MANAGER: "Custom location /api/v1/sipgate/, Forward Hostname without a path",
        Proxy.APACHE: 'ProxyPass "/api/v1/sipgate/" "http://127.0.0.1:8600/api/v1/sipgate/"',
        Proxy.CADDY: "handle /api/v1/sipgate/* { reverse_proxy 127.0.0.1:8600 }",
        Proxy.UNNAMED: "use_backend sidecar_hooks if { path_beg /api/v1/sipgate/ }; PathPrefix without stripPrefix",
    },
    Passage.ADDRESS_LOST: {
        Proxy.NGINX: _SENDER,
        Proxy.NGINX_PROXY_MANAGER: _SENDER,
        Proxy.APACHE: 'RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"',
        Proxy.CADDY: "header_up X-Forwarded-For {remote_host}",
        Proxy.UNNAMED: "http-request set-header X-Forwarded-For %[src]",
    },
    Passage.WRONG_HOST: {
        Proxy.NGINX: "proxy_set_header Host $http_host;",
        Proxy.NGINX_PROXY_MANAGER: "proxy_set_header Host $http_host;",
        Proxy.APACHE: "ProxyPreserveHost On",
        Proxy.CADDY: "header_up Host {host}",
        Proxy.UNNAMED: "passHostHeader: true",
    },
    Passage.SCHEME_LOST: {
        Proxy.NGINX: "proxy_set_header X-Forwarded-Proto $scheme;",
        Proxy.NGINX_PROXY_MANAGER: "proxy_set_header X-Forwarded-Proto $scheme;",
        Proxy.APACHE: 'RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"',
        Proxy.CADDY: "header_up X-Forwarded-Proto {scheme}",
        Proxy.UNNAMED: "http-request set-header X-Forwarded-Proto https if { ssl_fc }",
    },
    Passage.BODY_LIMIT: {
        Proxy.NGINX: "client_max_body_size 1m;",
        Proxy.NGINX_PROXY_MANAGER: "client_max_body_size 1m;",
        Proxy.APACHE: "LimitRequestBody 1048576",
        Proxy.CADDY: "request_body { max_size 1MB }",
        Proxy.UNNAMED: "maxRequestBodyBytes: 1048576",
    },
    Passage.BUFFERED: {
        Proxy.NGINX: "proxy_buffering off;",
        Proxy.NGINX_PROXY_MANAGER: "proxy_buffering off;",
        Proxy.APACHE: 'ProxyPass "/sidecar" "http://127.0.0.1:8600/sidecar" flushpackets=on; SetEnv no-gzip 1',
        Proxy.CADDY: "flush_interval -1",
        Proxy.UNNAMED: "no option http-buffer-request; no compression",
    },
    Passage.PAGES_ELSEWHERE: {
        Proxy.NGINX: "location ^~ /sidecar { proxy_pass http://127.0.0.1:8600; }",
        Proxy.NGINX_PROXY_MANAGER: "Custom location /sidecar, Forward Hostname without a path",
        Proxy.APACHE: 'ProxyPass "/sidecar" "http://127.0.0.1:8600/sidecar"',
        Proxy.CADDY: "handle /sidecar* { reverse_proxy 127.0.0.1:8600 }",
        Proxy.UNNAMED: "use_backend sidecar_pages if { path_beg /sidecar }",
    },
}
_LINES_ALIKE = {Passage.ADDRESS_BELIEVED: Passage.ADDRESS_LOST}


def proxy_named(server: str) -> Proxy:
    """By the header `Server` of its answers."""
    return next((proxy for sign, proxy in _SIGNS.items() if sign in server.lower()), Proxy.UNNAMED)


def line_for(fault: Passage, proxy: Proxy) -> str:
    return _LINES[_LINES_ALIKE.get(fault, fault)][proxy]

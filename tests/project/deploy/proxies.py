"""The proxies of deploy/ as processes of this machine: their files as they are, names, ports and places replaced."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import httpx
import pytest

from tests.machine import APACHE, CADDY, HAPROXY, NGINX
from tests.places import ROOT
from tests.process import HOST
from tests.waiting import PATIENCE

_AROUND_NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/default.conf;
}}
"""
_AROUND_APACHE = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
Listen {host}:{port}
{modules}
LogFormat "%h %l %u %t \\"%r\\" %>s %O" combined
Include {folder}/site.conf
"""
_APACHE_MODULES = ("mpm_event", "authz_core", "headers", "setenvif", "proxy", "proxy_http", "proxy_wstunnel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a proxy listens and writes, and the ports of whom it leads to."""

    folder: Path
    port: int
    sidecar: int
    zammad: int
    spoilt: tuple[str, str] = ("", "")  # a line of the file, and what stands there in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """`command` writes the files and says how to start it."""

    name: str
    program: str | None
    command: Callable[[Place], list[str]]


def _file(name: str, place: Place, *, replaced: dict[str, str]) -> str:
    line, instead = place.spoilt
    text = (ROOT / "deploy" / name).read_text()
    assert line in text, line
    text = text.replace(line, instead, 1)
    for written, here in {**replaced, "zammad:3000": f"{HOST}:{place.zammad}"}.items():
        assert written in text, f"{name}: {written}"
        text = text.replace(written, here)
    return text.replace("127.0.0.1:8600", f"{HOST}:{place.sidecar}")


def _nginx(place: Place) -> list[str]:
    sidecar = f"{HOST}:{place.sidecar}"
    replaced = {
        "listen 80;": f"listen {HOST}:{place.port};",
        "/var/log/nginx": str(place.folder),
        "sidecar-1:8600": sidecar,
        "sidecar-2:8600": sidecar,
    }
    (place.folder / "default.conf").write_text(_file("nginx.conf", place, replaced=replaced))
    config = place.folder / "nginx.conf"
    config.write_text(_AROUND_NGINX.format(folder=place.folder))
    return ["-p", str(place.folder), "-c", str(config)]


def _apache(place: Place) -> list[str]:
    replaced = {"*:80": f"{HOST}:{place.port}", "zammad:6042": f"{HOST}:{place.zammad}"}
    (place.folder / "site.conf").write_text(_file("apache.conf", place, replaced=replaced))
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _APACHE_MODULES)
    config = place.folder / "apache2.conf"
    around = _AROUND_APACHE.format(folder=place.folder, host=HOST, port=place.port, modules=modules)
    config.write_text(f"Define APACHE_LOG_DIR {place.folder}\n{around}")
    return ["-D", "FOREGROUND", "-f", str(config)]


def _caddy(place: Place) -> list[str]:
    replaced = {
        "zammad.example.com {": f"http://{HOST}:{place.port} {{",
        "/var/log/caddy": str(place.folder),
        "\n{\n": "\n{\n\tadmin off\n",
    }
    config = place.folder / "Caddyfile"
    config.write_text(_file("Caddyfile", place, replaced=replaced))
    return ["run", "--config", str(config), "--adapter", "caddyfile"]


def _haproxy(place: Place) -> list[str]:
    replaced = {"bind :80": f"bind {HOST}:{place.port}", "log /dev/log local0": "log stdout format raw local0"}
    config = place.folder / "haproxy.cfg"
    config.write_text(_file("haproxy.cfg", place, replaced=replaced))
    return ["-db", "-f", str(config)]


PROXIES = {
    each.name: each
    for each in (
        Proxy(name="nginx", program=NGINX, command=_nginx),
        Proxy(name="Apache", program=APACHE, command=_apache),
        Proxy(name="Caddy", program=CADDY, command=_caddy),
        Proxy(name="HAProxy", program=HAPROXY, command=_haproxy),
    )
}


@contextmanager
def serving(proxy: Proxy, place: Place) -> Iterator[None]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(place.folder), "XDG_DATA_HOME": str(place.folder)}
    with (place.folder / "said.log").open("wb") as said:
        process = subprocess.Popen(
            [str(proxy.program), *proxy.command(place)], stdout=said, stderr=said, env=environment
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def logs_of(place: Place) -> str:
    """All that it has written."""
    return "\n".join(file.read_text(errors="replace") for file in sorted(place.folder.glob("*.log")))


async def until_it_listens(client: httpx.AsyncClient, place: Place) -> None:
    with anyio.move_on_after(PATIENCE):
        while True:
            try:
                await client.get("/")
            except httpx.TransportError:
                await anyio.sleep(0.02)
            else:
                return
    pytest.fail(logs_of(place))

"""The simulated account on a real port, served from threads of this process."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from sipgate_client.records import Json

from .answers import Reply, missing, refused
from .endpoints import answered
from .state import RECORDINGS, Asked

if TYPE_CHECKING:
    from .state import SimulatedSipgate

BASE_PATH = "/v2"


@contextmanager
def running(sim: SimulatedSipgate, *, port: int = 0) -> Iterator[str]:
    """Serves while the block runs and gives what `sipgate.api.url` is then."""
    with ThreadingHTTPServer(("127.0.0.1", port), _handler(sim)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True, name="simulated sipgate")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{BASE_PATH}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One request to the account `sim`."""

    sim: SimulatedSipgate

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Silence."""

    def _answer(self) -> None:
        fault = self.sim.faults.take(self.command, urlsplit(self.path).path.removeprefix(BASE_PATH))
        if fault and fault.status:
            _note(self.sim, self)
            self._say(Reply(status=fault.status, body=fault.body, media_type="text/plain", headers=fault.headers))
            return
        reply = _reply(self.sim, self)
        if fault and fault.lose:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._say(reply)

    def _say(self, reply: Reply) -> None:
        self.send_response(reply.status)
        if reply.media_type:
            self.send_header("Content-Type", reply.media_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        with suppress(OSError):  # whoever asked has gone
            self.wfile.write(reply.body)


def _handler(sim: SimulatedSipgate) -> type[_Handler]:
    return type("Handler", (_Handler,), {"sim": sim})


def _note(sim: SimulatedSipgate, handler: BaseHTTPRequestHandler) -> None:
    parts = urlsplit(handler.path)
    asked = Asked(
        method=handler.command, path=parts.path, query=parts.query, authorized="Authorization" in handler.headers
    )
    with sim.lock:
        sim.requests.append(asked)


def _reply(sim: SimulatedSipgate, handler: BaseHTTPRequestHandler) -> Reply:
    _note(sim, handler)
    parts = urlsplit(handler.path)
    body = _body(handler)
    if parts.path.startswith(RECORDINGS):
        return _recording(sim, parts.path.removeprefix(RECORDINGS))
    if handler.headers.get("Authorization") != sim.authorization:
        return refused(401, "REQUEST_NOT_AUTHENTICATED", "unknown token")
    with sim.lock:
        return answered(sim, handler.command, parts.path.removeprefix(BASE_PATH), parse_qs(parts.query), body)


def _recording(sim: SimulatedSipgate, name: str) -> Reply:
    content = sim.recordings.get(name)
    return missing() if content is None else Reply(body=content, media_type="audio/mpeg")


def _body(handler: BaseHTTPRequestHandler) -> dict[str, Json]:
    length = int(handler.headers.get("Content-Length") or 0)
    try:
        value = json.loads(handler.rfile.read(length)) if length else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}

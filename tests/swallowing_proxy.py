"""Between a program and PostgreSQL: passes everything on, until it swallows everything without a word."""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

SOCKET = ".s.PGSQL.5432"  # how PostgreSQL's clients look for one in a folder


class SwallowingProxy:
    """Connections that were open when it began to swallow never say anything again; those that come later do."""

    def __init__(self, listening: socket.socket, target: Path) -> None:
        self._listening = listening
        self._target = target
        self._open: list[threading.Event] = []
        self._sockets: list[socket.socket] = []
        self.swallows_new_ones = False
        self.refuses = False  # as a server that is not there
        self.hides_ends = False  # of connections that are swallowed: as a network that is cut
        self.answers: float = math.inf  # pieces that the server says on each connection before it falls silent

    def refuse(self) -> None:
        """Whoever is connected loses the connection, and nobody gets one."""
        self.refuses = True
        for each in self._sockets:
            _end(each)

    def accept(self) -> None:
        self.refuses = False

    def swallow(self) -> None:
        for connection in self._open:
            connection.set()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                self._join(self._listening.accept()[0])

    def _join(self, ours: socket.socket) -> None:
        theirs = socket.socket(socket.AF_UNIX)
        self._sockets += [ours, theirs]
        try:
            if self.refuses:  # looked at after they were noted: whoever refuses from now on finds them there
                raise ConnectionRefusedError
            theirs.connect(str(self._target))
        except OSError:
            _end(ours)
            _end(theirs)
            return
        silent = threading.Event()
        if self.swallows_new_ones:
            silent.set()
        self._open.append(silent)
        for source, sink, most in ((ours, theirs, math.inf), (theirs, ours, self.answers)):
            threading.Thread(target=self._pass_on, args=(source, sink, silent, most), daemon=True).start()

    def close(self) -> None:
        _end(self._listening)
        self.refuse()

    def _pass_on(self, source: socket.socket, sink: socket.socket, silent: threading.Event, most: float) -> None:
        with suppress(OSError):
            for number in count():
                if number >= most:
                    silent.set()
                if not (piece := source.recv(65_536)):
                    break
                if not silent.is_set():
                    sink.sendall(piece)
            if not (silent.is_set() and self.hides_ends):
                sink.shutdown(socket.SHUT_RDWR)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def swallowing_proxy(postgres_url: str) -> Iterator[tuple[SwallowingProxy, str]]:
    """The proxy, and the URL of the same database behind it."""
    url = make_url(postgres_url)
    target = Path(str(url.query["host"])) / SOCKET
    with TemporaryDirectory(prefix="px") as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(Path(folder) / SOCKET))
        listening.listen()
        proxy = SwallowingProxy(listening, target)
        threading.Thread(target=proxy.serve, daemon=True).start()
        try:
            yield proxy, url.update_query_dict({"host": folder}).render_as_string(hide_password=False)
        finally:
            proxy.close()

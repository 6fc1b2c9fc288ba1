"""Clients of our own: as fast as answers come, or at a fixed rate whatever the answers do."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from bench.rig.hooks import FORM


class Numbers(TypedDict):
    requests: int
    seconds: float
    p50: float
    p99: float
    p99_9: float
    longest: float
    errors: int
    not_200: int
    busy: float


class Connection:
    """One HTTP/1.1 connection that stays open."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, request: bytes) -> int:
        """The status. Raises: OSError, EOFError."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        await self._reader.readexactly(length)
        return int(head[9:12])

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def requests_in(hooks: Path, url: str) -> Iterator[bytes]:
    """Those of the file, over and over, as bytes for the wire."""
    parts = urlsplit(url)
    lines = hooks.read_bytes().splitlines()
    start = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {FORM}\r\n".encode()
    ready = []
    for signature, body in zip(lines[::2], lines[1::2], strict=True):
        signed = b"X-Sipgate-Signature: " + signature + b"\r\n" if signature else b""
        ready.append(start + signed + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return cycle(ready)


async def closed_loop(url: str, hooks: Path, seconds: float, connections: int, first: int) -> Numbers:
    requests, times, statuses = islice(requests_in(hooks, url), first, None), [], []
    began, cpu = time.perf_counter(), time.process_time()

    async def keep_posting() -> None:
        connection = _connection(url)
        while time.perf_counter() < began + seconds:
            sent = time.perf_counter()
            statuses.append(await connection.post(next(requests)))
            times.append(time.perf_counter() - sent)
        connection.close()

    await asyncio.gather(*(keep_posting() for _ in range(connections)))
    return _numbers(times, statuses, time.perf_counter() - began, time.process_time() - cpu)


async def fixed_rate(url: str, hooks: Path, seconds: float, rate: float) -> Numbers:
    """A hook every 1/`rate` seconds; its time counts from when it was due, so that no stall hides others."""
    requests, times, statuses, idle = requests_in(hooks, url), [], [], [_connection(url) for _ in range(8)]
    began, cpu = time.perf_counter(), time.process_time()

    async def post(due: float) -> None:
        connection = idle.pop() if idle else _connection(url)
        try:
            statuses.append(await connection.post(next(requests)))
        except (OSError, EOFError):
            connection.close()
            statuses.append(0)
        times.append(time.perf_counter() - due)
        idle.append(connection)

    async with asyncio.TaskGroup() as tasks:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(post(due))
    return _numbers(times, statuses, time.perf_counter() - began, time.process_time() - cpu)


def _connection(url: str) -> Connection:
    parts = urlsplit(url)
    assert parts.hostname
    return Connection(parts.hostname, parts.port or 80)


def _numbers(times: list[float], statuses: list[int], seconds: float, cpu: float) -> Numbers:
    cuts = statistics.quantiles([1000 * each for each in times], n=1000, method="inclusive")
    return Numbers(
        requests=len(times),
        seconds=seconds,
        p50=cuts[499],
        p99=cuts[989],
        p99_9=cuts[998],
        longest=1000 * max(times),
        errors=statuses.count(0),
        not_200=sum(status not in {0, 200} for status in statuses),
        busy=cpu / seconds,
    )

"""How long the phone waits while Zammad is out of order: 200 calls for each kind of fault. Wanted: p99 under 50 ms.

The service, the simulated Zammad and the telephone system are processes of their own. SQLite in a file.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench.report import percentiles, report
from zammad_client.simulator import Simulator
from zammad_client.simulator.faults import Faults
from zammad_client.simulator.server import running

CALLS, LINES, HOOKS_A_SECOND = 200, 16, 60.0
FAULTS: dict[str, Callable[[Faults], None]] = {
    "none": Faults.clear,
    "black hole": Faults.hang,
    "refusing": Faults.refuse,
    "500": lambda faults: faults.fail(500),
    "429, Retry-After": lambda faults: faults.fail(429, headers={"Retry-After": "2"}),
    "slow (1.5 s)": lambda faults: faults.slow(1.5),
    "answers lost": Faults.lose_answers,
}


def main() -> None:
    rows = {}
    with simulated_zammad() as (zammad, orders), TemporaryDirectory() as directory, served(zammad, directory) as port:
        for fault in FAULTS:
            orders.send(fault)
            orders.recv()
            rows[fault] = percentiles(asyncio.run(calls(port, fault)))
            orders.send("none")
            orders.recv()
    report("outage_latency", rows)


@contextmanager
def simulated_zammad() -> Iterator[tuple[str, Connection]]:
    """Its URL, and where to name the fault it is to have."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=be_zammad, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.kill()
        process.join()


def be_zammad(orders: Connection) -> None:
    sim = Simulator()
    with running(sim) as url:
        orders.send(url)
        while True:
            fault = orders.recv()
            sim.faults.clear()
            FAULTS[fault](sim.faults)
            orders.send("done")


@contextmanager
def served(zammad: str, directory: str) -> Iterator[int]:
    """Port of the service, once it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
    environ = {
        **os.environ,
        "SIDECAR_ZAMMAD__URL": zammad,
        "SIDECAR_ZAMMAD__TOKEN": Simulator().tokens.service,
        "SIDECAR_ZAMMAD__TIMEOUT": "2",
        "SIDECAR_SERVER__PORT": str(port),
        "SIDECAR_DATABASE__URL": f"sqlite:///{Path(directory, 'sidecar.db')}",
    }
    with Path(directory, "serve.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "sidecar", "serve"], env=environ, stdout=log, stderr=log)
    try:
        asyncio.run(ready(port))
        yield port
    finally:
        process.terminate()
        process.wait()


async def ready(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                line = Line(*await asyncio.open_connection("127.0.0.1", port))
            except OSError:
                await asyncio.sleep(0.05)
                continue
            status = await line.request("GET /readyz HTTP/1.1", b"")
            line.close()
            if status == 200:
                return
            await asyncio.sleep(0.05)


class Line:
    """A connection that stays open, as sipgate's workers keep theirs."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self, start: str, body: bytes) -> int:
        """The status of the answer."""
        kind = "application/x-www-form-urlencoded"
        head = f"{start}\r\nHost: bench\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await self._reader.readexactly(length)
        return int(answer.split()[1])

    def close(self) -> None:
        self._writer.close()


async def calls(port: int, fault: str) -> list[float]:
    """Seconds each hook took to be answered, as the telephone system sees it."""
    took: list[float] = []
    async with asyncio.TaskGroup() as lines:
        for number in range(LINES):
            lines.create_task(one_line(port, fault, range(number, CALLS, LINES), took))
    return took


async def one_line(port: int, fault: str, numbers: range, took: list[float]) -> None:
    chance = random.Random(numbers.start)
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    start = f"POST /api/v1/sipgate/{Simulator().sipgate_token}/in HTTP/1.1"
    for number in numbers:
        about = {"callId": f"{fault}/{number}", "from": "49301234567", "to": "4930600001", "direction": "in"}
        for event in ("newCall", "answer", "hangup"):
            await asyncio.sleep(chance.uniform(0.5, 1.5) * LINES / HOOKS_A_SECOND)
            began = time.perf_counter()
            status = await line.request(start, urlencode({"event": event, **about, "userId": "w0"}).encode())
            took.append(time.perf_counter() - began)
            assert status == 200, f"{fault}: HTTP {status}"
    line.close()


if __name__ == "__main__":
    main()

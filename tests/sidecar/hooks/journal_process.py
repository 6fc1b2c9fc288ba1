"""A process of its own that writes hooks: `python -m tests.sidecar.hooks.journal_process URL load|full`."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from contextlib import closing

import structlog

from sidecar.hooks.journal import Journal
from sidecar.store.database import Database
from sidecar.store.journal.keeping import hook_store
from tests.sidecar.store.journal.hook_rows import hook_row

ROOM = 400_000  # bytes a file may have


async def record_and_tell(journal: Journal, number: int) -> bool:
    on_disk = await journal.record(hook_row(number))
    os.write(1, f"{number} {on_disk}\n".encode())
    return on_disk


async def write_under_load(journal: Journal) -> None:
    """Until it is killed: says of each row whether it is on disk."""

    async def one_after_the_other(first: int) -> None:
        for number in range(first, 1_000_000, 20):
            await record_and_tell(journal, number)

    await asyncio.gather(*map(one_after_the_other, range(20)))


async def fill_the_disk(journal: Journal) -> None:
    """Until five rows in a row are refused (after one, the emptied log makes room), and then with room again."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    number = refused = 0
    while refused < 5:
        refused = 0 if await record_and_tell(journal, number) else refused + 1
        number += 1
    assert journal.problem
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    while journal.waiting:
        await asyncio.sleep(0.01)
    assert await record_and_tell(journal, number)


async def main(url: str, task: str) -> None:
    with closing(Database(url)) as database:
        store = hook_store(database)
        journal = Journal(store, budget=0.25 if task == "full" else 60.0, pauses=(0.02,))
        await journal.start()
        await journal.record(hook_row(-1))
        await (fill_the_disk(journal) if task == "full" else write_under_load(journal))
        await journal.close()
        store.close()


structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
asyncio.run(main(*sys.argv[1:]))

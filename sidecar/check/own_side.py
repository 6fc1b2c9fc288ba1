"""What the sidecar itself stands on: its database, the disk below it, its key files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sidecar.calls.rules.block_list import blocked_number_in
from sidecar.calls.rules.rules import BlockedNumber
from sidecar.check.finding import Finding, listed, ok, problem, warning
from sidecar.errors import ConfigurationError, StoreError
from sidecar.hooks.signature import signature_checker
from sidecar.hooks.tokens import HookTokens
from sidecar.store.address import SqliteFiles, files_of, read_url
from sidecar.store.calls import outbox
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import recent_hooks
from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.rows import StoredHook
from sidecar.store.migrations import known_schema
from sidecar.store.people.organizations import organizations_with_unreadable_numbers
from sidecar.store.people.people import people_with_unreadable_numbers
from sidecar.store.replicas.snapshots import load_snapshot, snapshot_times
from sidecar.store.schema_version import needs_upgrade, read_schema_version
from sidecar.sync.intake import BLOCKED
from sidecar.sync.rules_in_force import SETTINGS, TOKENS

MEGABYTE = 1_000_000
DISK_WARNING = 500 * MEGABYTE
DISK_PROBLEM = 50 * MEGABYTE
HOOKS = 500  # the newest so many are looked at
SYNC_STALE = 600.0  # seconds
DELIVERY_STALE = 300.0
_ANSWERED_ONLY = "Calls are answered, but neither kept nor shown to anybody."
_START = "start `sipgate-sidecar serve`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What the database knows that other checks need."""

    hooks: tuple[StoredHook, ...] = ()  # the newest first
    tokens: HookTokens = field(default_factory=HookTokens)
    blocked: tuple[BlockedNumber, ...] = ()


def database_findings(url: str, journal: Path | None, *, now: float) -> tuple[Records, list[Finding]]:
    """Blocks for as long as the database takes; creates nothing."""
    database = Database(url, journal)
    if database.files and (found := _file_finding(database.files, patience=database.patience)):
        return Records(), [found]
    try:
        with database.reading() as connection:
            if found := _schema(connection, database.address):
                return Records(), [found]
            records = _records(connection)
            findings = [*_leftovers(connection, now), *_people(connection), *_organizations(connection)]
        with database.writing():  # an empty transaction: whether writing is allowed
            pass
    except StoreError as error:
        return Records(), [_failure(error)]
    finally:
        database.close()
    return records, [ok("database", f"{database.address} can be read and written"), *findings]


def _file_finding(files: SqliteFiles, *, patience: float) -> Finding | None:
    """None where the database is there and hooks can be kept in the local journal, if that is there."""
    for file, key in ((files.database, "database.url"), (files.journal, "database.journal")):
        if not (directory := file.absolute().parent).is_dir():
            cure = f"create the directory {directory}, or correct {key}"
            return problem("database", f"{file}: there is no such directory", why=_ANSWERED_ONLY, cure=cure)
    if not files.database.exists():
        what = f"{files.database} is not there yet"
        return warning("database", what, why="`serve` creates it at its first start.", cure=_START)
    if not files.journal.exists():
        return None
    try:
        with closing(LocalJournal(files.journal, patience=patience)) as journal:
            journal.try_out()
    except StoreError as error:
        return _failure(error)
    return None


def _schema(connection: Connection, address: str) -> Finding | None:
    """None where this release can use the database as it is. Raises: StoreError where it is too new."""
    version = read_schema_version(connection)
    if not needs_upgrade(version, known_schema()):
        return None
    if not version.revision_number:
        return warning("database", f"{address} is empty", why="`serve` sets it up at its first start.", cure=_START)
    return warning(
        "database",
        f"{address} has schema {version.revision_number}, this release brings {known_schema()}",
        why="`serve` migrates it at its next start.",
        cure="make a backup, then restart `sipgate-sidecar serve`",
    )


def _records(connection: Connection) -> Records:
    tokens, blocked = load_snapshot(connection, TOKENS), load_snapshot(connection, BLOCKED)
    return Records(
        hooks=tuple(recent_hooks(connection, limit=HOOKS)),
        tokens=HookTokens(**tokens.value) if tokens else HookTokens(),
        blocked=tuple(blocked_number_in(each) for each in blocked.value) if blocked else (),
    )


def _leftovers(connection: Connection, now: float) -> Iterator[Finding]:
    """What `serve` should have done by now."""
    read_at = snapshot_times(connection).get(SETTINGS)
    if read_at is None or now - read_at > SYNC_STALE:
        yield warning(
            "synchronisation",
            "Zammad's settings were never read" if read_at is None else f"last done {(now - read_at) / 60:.0f} min ago",
            why="`serve` does not run, or cannot reach Zammad: changes made there do not count yet.",
            cure=f"{_START}, or look into its log",
        )
    backlog = outbox.backlog(connection)
    if backlog.oldest is not None and now - backlog.oldest > DELIVERY_STALE:
        yield warning(
            "outbox",
            f"{backlog.pending} messages to Zammad wait, the oldest for {(now - backlog.oldest) / 60:.0f} min",
            why="Zammad's caller log lags behind.",
            cure=f"{_START}, or see `sipgate-sidecar outbox list` for the reason",
        )
    if backlog.dead:
        yield warning(
            "outbox",
            f"{backlog.dead} messages were refused by Zammad for good",
            why="Their calls are incomplete in Zammad's caller log.",
            cure="see `sipgate-sidecar outbox list`, then `outbox retry` or `outbox discard`",
        )


def _people(connection: Connection) -> Iterator[Finding]:
    if people := people_with_unreadable_numbers(connection):
        yield warning(
            "numbers",
            f"{len(people)} people have something unreadable in a number field: "
            + listed(f"{each.name} (user {each.person_id}): {', '.join(each.texts)}" for each in people),
            why="They are not recognised when they call from these numbers.",
            cure="correct the numbers in Zammad: +49 30 1234567, several separated by commas",
        )


def _organizations(connection: Connection) -> Iterator[Finding]:
    if found := organizations_with_unreadable_numbers(connection):
        yield warning(
            "main numbers",
            f"{len(found)} organizations have something unreadable among their main numbers: "
            + listed(f"{name}: {', '.join(texts)}" for name, texts in found),
            why="Callers from there are not recognised as somebody of these organizations, nor blocked with them.",
            cure="correct cti_main_numbers in Zammad: +49 30 998*, several separated by commas",
        )


def _failure(error: StoreError) -> Finding:
    """The store's words already say what to do about most of it."""
    words = str(error)
    cure = "check database.url, and that the database runs"
    if "readonly" in words:
        cure = "give the file, its directory and the -wal and -shm beside it to the user of `serve`"
    elif "malformed" in words or "not a database" in words:
        cure = "stop `serve`, keep the file for later, and restore a backup: `sipgate-sidecar restore`"
    elif "locked" in words:
        cure = "end what holds the file (`fuser` names it; `serve` never does for long), then check again"
    elif "cannot be used by this release" in words:
        cure = "install the newer release again, or restore the backup made before it"
    return problem("database", words, why=_ANSWERED_ONLY, cure=cure)


def free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free


def disk_findings(url: str, journal: Path | None, *, free: Callable[[Path], int] = free_bytes) -> Iterator[Finding]:
    """Of the disks SQLite's files lie on; none for PostgreSQL and where there is no directory."""
    files = files_of(read_url(url), journal)
    directories = (file.absolute().parent for file in (files.database, files.journal)) if files else ()
    for directory in dict.fromkeys(directories):
        if directory.is_dir():
            yield _disk_finding(directory, free(directory))


def _disk_finding(directory: Path, left: int) -> Finding:
    amount = f"{left / MEGABYTE:,.0f} MB free on the disk of {directory}"
    if left >= DISK_WARNING:
        return ok("disk", amount)
    found = problem if left < DISK_PROBLEM else warning
    cure = "free some space there, or move the file (database.url, database.journal); retention.* keeps less"
    return found("disk", amount, why="On a full disk hooks are answered, but no longer kept.", cure=cure)


def key_finding(files: Iterable[Path]) -> Finding:
    try:
        checker = signature_checker(files)
    except ConfigurationError as error:
        why = "`serve` does not start."
        cure = "put sipgate's public key there in PEM form (BEGIN PUBLIC KEY), or take the file out"
        return problem("keys", str(error), why=why, cure=cure)
    return ok("keys", f"{len(checker.fingerprints)} public keys for signatures, sipgate's own among them")

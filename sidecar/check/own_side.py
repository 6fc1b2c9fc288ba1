"""What the sidecar itself stands on: its database, the disk below it, its key files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sidecar.calls.identification import Recognised
from sidecar.calls.numbers.main_numbers import main_numbers_in
from sidecar.calls.reasons import Reason, because
from sidecar.calls.rules.rules import BlockedNumber
from sidecar.check.finding import Finding, Level, found, ok, problem, warning
from sidecar.codes.faults import Unusable
from sidecar.codes.findings import Own, Topic, Views
from sidecar.errors import ConfigurationError, StoreError
from sidecar.hooks.signature import signature_checker
from sidecar.hooks.tokens import HookTokens
from sidecar.store.address import SqliteFiles, files_of, overflow_of, read_url
from sidecar.store.calls import outbox
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import recent_hooks
from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.rows import StoredHook
from sidecar.store.journal.salvage import is_empty, set_aside_beside, tells_of_damage
from sidecar.store.migrations import known_schema
from sidecar.store.missed.callbacks.shown import Refusals, refusals
from sidecar.store.people.organizations import organizations_with_unreadable_numbers
from sidecar.store.people.people import (
    count_numbers_in_notes,
    people_with_doubtful_numbers,
    people_with_unreadable_numbers,
)
from sidecar.store.people.refusals import count_refusals, most_frequent_field, refused_customers
from sidecar.store.people.refused_tabs import refused_tabs
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.store.schema_version import needs_upgrade, read_schema_version
from sidecar.store.write_ahead_log import is_log_torn
from sidecar.sync.kept import SETTINGS, kept_agents, last_migration, read_kept
from sidecar.sync.records import Reader

MEGABYTE = 1_000_000
DISK_WARNING = 500 * MEGABYTE
DISK_PROBLEM = 50 * MEGABYTE
HOOKS = 500  # the newest so many are looked at
SYNC_STALE = 600.0  # seconds
DELIVERY_STALE = 300.0
FORBIDDEN = 403
NOBODY = because(Recognised.NO_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What the database knows that other checks need."""

    hooks: tuple[StoredHook, ...] = ()  # the newest first
    tokens: HookTokens = field(default_factory=HookTokens)
    blocked: tuple[BlockedNumber, ...] = ()
    migrated_at: float | None = None  # when `install` last asked for a migration of attributes
    refusals: Refusals = field(default_factory=Refusals)


def database_findings(url: str, journal: Path | None, *, reader: Reader, now: float) -> tuple[Records, list[Finding]]:
    """Blocks for as long as the database takes; creates nothing."""
    database = Database(url, journal)
    aside = list(_aside_findings(database))
    if database.files and (found := _file_finding(database.files, patience=database.patience)):
        return Records(), [found, *aside]
    try:
        with database.reading() as connection:
            if found := _schema(connection, database.address):
                return Records(), [found, *aside]
            records = _records(connection)
            findings = [
                *_leftovers(connection, now),
                *refused_tab_findings(connection),
                *_people(connection),
                *_organizations(connection, reader),
            ]
        with database.writing():  # an empty transaction: whether writing is allowed
            pass
    except StoreError as error:
        return Records(), [_failure(error), *aside]
    finally:
        database.close()
    return records, [ok(Topic.DATABASE, because(Own.USABLE, address=database.address)), *aside, *findings]


def _file_finding(files: SqliteFiles, *, patience: float) -> Finding | None:
    """None where the database is there and hooks can be kept in the local journal, if that is there."""
    for file, key in ((files.database, "database.url"), (files.journal, "database.journal")):
        if not (directory := file.absolute().parent).is_dir():
            missing = because(Own.NO_DIRECTORY, file=str(file), directory=str(directory), key=key)
            return problem(Topic.DATABASE, missing)
    if not files.database.exists():
        return warning(Topic.DATABASE, because(Own.NO_FILE, file=str(files.database)))
    if not files.journal.exists() or is_empty(files.journal):
        return None
    try:
        with closing(LocalJournal(files.journal, patience=patience)) as journal:
            journal.try_out()
    except StoreError as error:
        if tells_of_damage(error):
            return problem(Topic.DATABASE, because(Own.JOURNAL_DAMAGED, error=error.reason))
        return _failure(error)
    return None


def _aside_findings(database: Database) -> Iterator[Finding]:
    """Of the file for what the database does not take, and of damaged ones: before anybody opens one of them."""
    for file in database.own_files:
        if is_log_torn(file):
            yield problem(Topic.DATABASE, because(Own.LOG_TORN, file=str(file)))
        elif is_empty(file) and file in database.hook_files:
            yield problem(Topic.DATABASE, because(Own.JOURNAL_EMPTY, file=str(file)))
    if damaged := set_aside_beside(*database.own_files):
        names = ", ".join(map(str, damaged))
        yield warning(Topic.DATABASE, because(Own.SET_ASIDE, count=len(damaged), files=names))
    file = database.overflow
    directory = file.absolute().parent
    if file.exists() and not is_empty(file):
        try:
            with closing(LocalJournal(file, patience=database.patience)) as journal:
                journal.try_out()
        except StoreError as error:
            yield problem(Topic.DATABASE, because(Own.ASIDE_UNUSABLE, error=error.reason))
    elif not directory.is_dir():
        if not database.files:  # with SQLite it is said of the journal
            missing = because(Own.NO_DIRECTORY, file=str(file), directory=str(directory), key="database.journal")
            yield problem(Topic.DATABASE, missing)
    elif not os.access(directory, os.W_OK):
        unwritable = because(Own.ASIDE_READ_ONLY, file=str(file), directory=str(directory))
        yield problem(Topic.DATABASE, unwritable)


def _schema(connection: Connection, address: str) -> Finding | None:
    """None where this release can use the database as it is. Raises: StoreError where it is too new."""
    version, known = read_schema_version(connection), known_schema()
    if not needs_upgrade(version, known):
        return None
    if not version.revision_number:
        return warning(Topic.DATABASE, because(Own.EMPTY, address=address))
    old = because(Own.OLD_SCHEMA, address=address, schema=version.revision_number, known=known)
    return warning(Topic.DATABASE, old)


def _records(connection: Connection) -> Records:
    kept = read_kept(connection)
    return Records(
        hooks=tuple(recent_hooks(connection, limit=HOOKS)),
        tokens=kept.tokens,
        blocked=kept.blocked,
        migrated_at=last_migration(connection),
        refusals=refusals(connection),
    )


def _leftovers(connection: Connection, now: float) -> Iterator[Finding]:
    """What `serve` should have done by now."""
    read_at = snapshot_times(connection).get(SETTINGS)
    if read_at is None:
        yield warning(Topic.SYNCHRONISATION, because(Own.NEVER_READ))
    elif now - read_at > SYNC_STALE:
        yield warning(Topic.SYNCHRONISATION, because(Own.STALE, age=now - read_at))
    backlog = outbox.backlog(connection)
    if backlog.oldest is not None and now - backlog.oldest > DELIVERY_STALE:
        late = because(Own.LATE, count=backlog.pending, age=now - backlog.oldest)
        yield warning(Topic.OUTBOX, late)
    if backlog.dead:
        yield warning(Topic.OUTBOX, because(Own.DEAD, count=backlog.dead))


def _refusals(connection: Connection) -> Iterator[Finding]:
    """One for all of them: it is one cause, or few."""
    count, examples = count_refusals(connection), refused_customers(connection, limit=1)
    for example in examples:
        name, user, field = example.name or NOBODY, example.person_id, most_frequent_field(connection)
        if field:
            why = because(Own.REPAIRS_REFUSED_FOR, count=count, name=name, user=user, field=field)
        else:
            why = because(Own.REPAIRS_REFUSED, count=count, name=name, user=user, words=example.words)
        yield warning(Topic.NUMBERS, why)


def refused_tab_findings(connection: Connection) -> Iterator[Finding]:
    """Refused to agents who still want them; one finding for each answer of Zammad's."""
    refused = refused_tabs(connection)
    agents = [each for each in kept_agents(connection) or () if each.desktop_tab and each.id in refused]
    if names := [each.name for each in agents if refused[each.id].status == FORBIDDEN]:
        yield warning(Topic.VIEWS, because(Views.TABS_FORBIDDEN, names=names))
    others = [each for each in agents if refused[each.id].status != FORBIDDEN]
    for words in dict.fromkeys(refused[each.id].words for each in others):
        names = [each.name for each in others if refused[each.id].words == words]
        yield warning(Topic.VIEWS, because(Views.TABS_REFUSED, names=names, words=words))


def _people(connection: Connection) -> Iterator[Finding]:
    yield from _refusals(connection)
    if people := people_with_unreadable_numbers(connection):
        named = [
            because(Own.NUMBERS_OF, name=each.name or NOBODY, user=each.person_id, texts=", ".join(each.texts))
            for each in people
        ]
        yield warning(Topic.NUMBERS, because(Own.BAD_NUMBERS, count=len(people), people=named))
    if doubtful := people_with_doubtful_numbers(connection):
        named = [because(Own.DOUBTFUL_NUMBER_OF, name=name or NOBODY, user=user) for user, name in doubtful]
        yield warning(Topic.NUMBERS, because(Own.DOUBTFUL_NUMBERS, count=len(doubtful), people=named))
    if noted := count_numbers_in_notes(connection):
        yield ok(Topic.NUMBERS, because(Own.NUMBERS_IN_NOTES, count=noted))


def _organizations(connection: Connection, reader: Reader) -> Iterator[Finding]:
    if found := organizations_with_unreadable_numbers(connection):
        named = [
            because(Own.MAIN_NUMBER_OF, name=name, text=text, why=why)
            for name, texts in found
            for text, why in main_numbers_in("\n".join(texts), reader.country, reader.area_code).items()
            if isinstance(why, Reason)
        ]
        yield warning(Topic.MAIN_NUMBERS, because(Own.BAD_MAIN_NUMBERS, count=len(found), organizations=named))


def _failure(error: StoreError) -> Finding:
    """The store's words already say what to do about most of it."""
    kinds: Mapping[str, Own] = {
        Unusable.READ_ONLY: Own.READ_ONLY,
        Unusable.MALFORMED: Own.MALFORMED,
        Unusable.LOCKED: Own.LOCKED,
        Unusable.TOO_NEW: Own.TOO_NEW,
    }
    return problem(Topic.DATABASE, because(kinds.get(error.reason.code, Own.UNUSABLE), error=error.reason))


def free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free


def disk_findings(url: str, journal: Path | None, *, free: Callable[[Path], int] = free_bytes) -> Iterator[Finding]:
    """Of the disks that files of ours lie on; none where there is no directory."""
    parsed = read_url(url)
    files, overflow = files_of(parsed, journal), overflow_of(parsed, journal, os.environ)
    ours = (files.database, files.journal, overflow) if files else (overflow,)
    for directory in dict.fromkeys(file.absolute().parent for file in ours):
        if directory.is_dir():
            yield _disk_finding(directory, free(directory))


def _disk_finding(directory: Path, left: int) -> Finding:
    if left >= DISK_WARNING:
        return ok(Topic.DISK, because(Own.ROOM, free=left, directory=str(directory)))
    level = Level.PROBLEM if left < DISK_PROBLEM else Level.WARNING
    return found(level, Topic.DISK, because(Own.LITTLE_ROOM, free=left, directory=str(directory)))


def key_finding(files: Iterable[Path]) -> Finding:
    try:
        checker = signature_checker(files)
    except ConfigurationError as error:
        return problem(Topic.KEYS, because(Own.KEYS_UNUSABLE, error=error.reason))
    return ok(Topic.KEYS, because(Own.KEYS, count=len(checker.fingerprints)))

"""Gaps: what hooks did not tell is looked up in sipgate's history, window by window, and told as hooks would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import anyio
import anyio.to_thread

from sidecar.calls.decide import Decided
from sidecar.calls.reasons import as_text, because
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import Direction
from sidecar.calls.sipgate.filling import MAILBOX, FilledHook, fill
from sidecar.calls.sipgate.form import FORM_TYPE
from sidecar.calls.sipgate.history import VOICEMAIL_WITHIN, Entry, KnownCall, call_of_message
from sidecar.hooks.signature import NOT_CHECKED
from sidecar.sipgate.people import People
from sidecar.store.calls.around import calls_begun, oldest_open_call
from sidecar.store.calls.voicemails import Voicemail
from sidecar.store.database import Connection, Database
from sidecar.store.journal.keeping import HookStore
from sidecar.store.journal.rows import HookRow, HookStatus
from sidecar.store.missed.voicemails import note_voicemails
from sidecar.store.replicas.snapshots import NOTE, load_snapshot, record_in, save_snapshot
from sipgate_client import Sipgate
from sipgate_client.records import EntryType, HistoryEntry, Kind

KEPT = f"{NOTE}sipgate history"
OVERLAP = 600.0  # seconds that are looked at again: entries come some time after the end of their call
DEEP_EVERY, DEEP = 900.0, 4 * 3600.0  # seconds: calls nobody has heard of may have lasted long
LONGEST_WINDOW = 3600.0  # seconds, of one request after a long absence
SETTLED = 60.0  # seconds after a call's end in which its own hooks may still come
SOON, LOOK = 20.0, 0.2  # seconds in which hooks that were filled in become calls, and between looks for them
LONGEST_CALL = 86_400.0  # seconds that are looked back for a call that is still open


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Until when the history was looked at, and when further back the last time."""

    until: float
    deep_at: float


class Gaps:
    """Nothing before the first start with a token."""

    def __init__(
        self,
        *,
        sipgate: Sipgate,
        database: Database,
        hooks: HookStore,
        country: str,
        clock: Callable[[], float],
        soon: float = SOON,
    ) -> None:
        self._sipgate = sipgate
        self._database = database
        self._hooks = hooks
        self._country = country
        self._clock = clock
        self._soon = soon

    async def look(self, people: People, rules: Rules) -> int:
        """Window by window until now; how many hooks were filled in. On Neo nothing: its history is not available.

        Raises: SipgateError, StoreError: the same window is looked at again.
        """
        if people.kind is Kind.NEO:
            return 0
        filled = 0
        while True:
            now = self._clock()
            kept = await self._database.read(kept_progress)
            if kept is None:
                await self._keep(Progress(until=now, deep_at=now), now)
                return 0
            open_since = await self._database.read(oldest_open_call)
            since, until, after = window(kept, now=now, open_since=open_since)
            filled += await self._fill(people, rules, since, until)
            await self._keep(after, now)
            if until >= now:
                return filled

    async def _fill(self, people: People, rules: Rules, since: float, until: float) -> int:
        entries = await self._sipgate.history(since=_instant(since), until=_instant(until))
        known = await self._known(since, until)
        told = [entry_of(entry, people) for entry in entries]
        now = self._clock()
        over = [entry for entry in told if entry.ended_at + SETTLED <= now]
        filled = list(fill(over, known, self._country))
        if filled:
            await anyio.to_thread.run_sync(self._hooks.keep, [row_of(hook, rules) for hook in filled])
            known = await self._known_with({hook.call_id for hook in filled}, since, until)
        if messages := list(self._messages(entries, told, known)):
            await self._database.write(lambda connection: note_voicemails(connection, messages, now=now))
        return len(filled)

    async def _known_with(self, call_ids: set[str], since: float, until: float) -> list[KnownCall]:
        """By then those are calls: messages find theirs, and the next window finds them."""
        known = await self._known(since, until)
        for _ in range(int(self._soon / LOOK)):
            if call_ids <= frozenset().union(*(call.call_ids for call in known)):
                break
            await anyio.sleep(LOOK)
            known = await self._known(since, until)
        return known

    def _messages(
        self, entries: Sequence[HistoryEntry], told: Sequence[Entry], known: Sequence[KnownCall]
    ) -> Iterator[Voicemail]:
        """Those whose call is known by now; the others are found with the next look."""
        for entry, as_told in zip(entries, told, strict=True):
            call = call_of_message(as_told, known, self._country) if as_told.voicemail else None
            if call is not None:
                yield Voicemail(
                    conversation_id=call.id,
                    entry_id=entry.id,
                    seconds=entry.duration,
                    transcript=entry.transcription,
                    has_recording=entry.has_recording,
                )

    async def _known(self, since: float, until: float) -> list[KnownCall]:
        return await self._database.read(
            lambda connection: calls_begun(connection, since=since - VOICEMAIL_WITHIN, until=until + SETTLED)
        )

    async def _keep(self, progress: Progress, now: float) -> None:
        await self._database.write(lambda connection: save_snapshot(connection, KEPT, asdict(progress), now))


def window(kept: Progress, *, now: float, open_since: float | None) -> tuple[float, float, Progress]:
    """From when until when the history is asked for, and how far it is known afterwards."""
    until = min(now, kept.until + LONGEST_WINDOW)
    is_deep = now - kept.deep_at >= DEEP_EVERY and until == now
    since = kept.until - (DEEP if is_deep else OVERLAP)
    if open_since is not None:
        since = max(min(since, open_since - SETTLED), now - LONGEST_CALL)
    return min(since, until), until, Progress(until=until, deep_at=now if is_deep else kept.deep_at)


def begin(connection: Connection, at: float, *, now: float) -> None:
    """Let the history be looked at from then on."""
    save_snapshot(connection, KEPT, asdict(Progress(until=at, deep_at=now)), now)


def kept_progress(connection: Connection) -> Progress | None:
    snapshot = load_snapshot(connection, KEPT)
    return record_in(Progress, snapshot.value) if snapshot else None


def entry_of(entry: HistoryEntry, people: People) -> Entry:
    """With the person behind the telephone, as hooks name them; a telephone of nobody's is named itself."""
    extension = entry.picked_up_by or ("" if entry.incoming else next(iter(entry.lines), ""))
    person = people.owner_of(extension) if extension else None
    is_machine = extension.startswith("v")
    return Entry(
        id=entry.id,
        call_id=entry.call_id,
        voicemail=entry.type is EntryType.VOICEMAIL,
        incoming=entry.incoming,
        caller=entry.source.removeprefix("+"),
        callee=entry.target.removeprefix("+"),
        started_at=entry.created.timestamp(),
        talk=entry.duration,
        outcome=entry.call_status,
        user=MAILBOX if is_machine else person.name if person else extension,
        user_id=person.id if person else "",
        full_user_id=f"{people.master_sip_id}{person.id}" if person else "",
    )


def row_of(hook: FilledHook, rules: Rules) -> HookRow:
    """As the journal keeps hooks, marked as one that never came; a caller who is blocked would have been told busy."""
    direction = Direction.IN if hook.incoming else Direction.OUT
    begins = hook.incoming and hook.event == "newCall"
    block = rules.blocking(hook.caller) if begins and rules.enabled else None
    return HookRow(
        received_at=hook.at,
        path=direction,
        content_type=FORM_TYPE,
        body=hook.body,
        source="",
        signature=NOT_CHECKED,
        event=hook.event,
        call_id=hook.call_id,
        direction=direction,
        caller=hook.caller,
        callee=hook.callee,
        status=HookStatus.HISTORY,
        decision=as_text(block.reason if block else because(Decided.FILLED)),
        rejected=block is not None,
        answer="",
    )


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)

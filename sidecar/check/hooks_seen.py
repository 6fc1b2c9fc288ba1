"""What the last hooks tell: that they come, who signed them, and which sipgate users nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sidecar.calls.reasons import Parameter, because
from sidecar.calls.rules.agents import AgentMap
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, NewCall, Unreadable, read_hook
from sidecar.calls.sipgate.form import on_one_line
from sidecar.check.finding import Finding, ok, warning
from sidecar.codes.findings import Hooks, Mapped, Topic
from sidecar.config.values import UnnamedAnswer
from sidecar.follow_up.sheets import TEST_CALLS
from sidecar.hooks.signature import Signature, SignatureMode
from sidecar.store.journal.rows import HookStatus, StoredHook

LOOKED_AT = 50  # signatures of so many
_DAY = 24 * 60 * 60.0


def hook_findings(
    hooks: Sequence[StoredHook], mode: SignatureMode, *, unnamed_answer: UnnamedAnswer, now: float
) -> Iterator[Finding]:
    """`hooks`: the newest first."""
    real = [hook for hook in hooks if _has_come(hook)]
    if not real:
        yield _no_hook(mode)
        return
    yield _last_hook(real[0], now)
    yield _signatures(real[:LOOKED_AT], mode)
    if unreadable := [hook for hook in real if hook.status == HookStatus.UNREADABLE]:
        last = unreadable[0]
        told = because(Hooks.UNREADABLE, count=len(unreadable), of=len(real), decision=last.reason, hook=last.id)
        yield warning(Topic.HOOKS, told)
    if unnamed := sum(map(_answers_unnamed, real)):
        code = Hooks.UNNAMED_MACHINE if unnamed_answer == "machine" else Hooks.UNNAMED_PERSON
        yield ok(Topic.HOOKS, because(code, count=unnamed))


def _answers_unnamed(hook: StoredHook) -> bool:
    event = read_hook(hook.body, content_type=hook.content_type, path_direction=Direction(hook.path))
    if not isinstance(event, Answered) or event.direction is Direction.OUT:
        return False
    return not (event.user or event.user_id or event.full_user_id)


def arrive(hooks: Sequence[StoredHook], *, now: float) -> bool:
    """Whether one that is no test has come within a day."""
    return any(now - hook.received_at < _DAY and _has_come(hook) for hook in hooks)


def _has_come(hook: StoredHook) -> bool:
    """From a real call: it is neither a test nor filled in from sipgate's history."""
    return not (hook.call_id or "").startswith(TEST_CALLS) and hook.status != HookStatus.HISTORY


def _no_hook(mode: SignatureMode) -> Finding:
    return warning(Topic.HOOKS, because(Hooks.NONE_SIGNED if mode == "enforce" else Hooks.NONE))


def _last_hook(hook: StoredHook, now: float) -> Finding:
    age = max(0.0, now - hook.received_at)
    event = hook.event or because(Hooks.UNREADABLE_EVENT)
    if age <= 7 * _DAY:
        return ok(Topic.HOOKS, because(Hooks.LAST, age=age, event=event, decision=hook.reason))
    return warning(Topic.HOOKS, because(Hooks.LAST_LONG_AGO, age=age, event=event, decision=hook.reason))


def _signatures(hooks: Sequence[StoredHook], mode: SignatureMode) -> Finding:
    counts = Counter(hook.signature for hook in hooks)
    results = [because(Hooks.SIGNATURES, count=count, result=result) for result, count in counts.most_common()]
    if counts[Signature.INVALID]:
        return warning(Topic.SIGNATURES, because(Hooks.BADLY_SIGNED, of=len(hooks), results=results))
    if counts[Signature.MISSING]:
        return warning(Topic.SIGNATURES, because(Hooks.UNSIGNED, of=len(hooks), results=results))
    if mode == "off":
        return warning(Topic.SIGNATURES, because(Hooks.UNCHECKED))
    return ok(Topic.SIGNATURES, because(Hooks.SIGNED, of=len(hooks), results=results))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmappedUser:
    """A sipgate user without an agent. The texts are as they came."""

    sipgate_id: str
    name: str
    hooks: int  # that named them

    @property
    def named(self) -> Parameter:
        """By id and name."""
        sipgate_id = on_one_line(self.sipgate_id)
        return because(Mapped.USER, id=sipgate_id, name=on_one_line(self.name)) if self.name else sipgate_id


def unmapped_users(hooks: Sequence[StoredHook], agents: AgentMap) -> list[UnmappedUser]:
    """Those in these hooks, the most frequent first."""
    seen = Counter(
        user_id for hook in hooks for user_id, full_id, _name in _users_in(hook) if not agents.find(user_id, full_id)
    )
    names = {user_id: name for hook in reversed(hooks) for user_id, _full, name in _users_in(hook) if name}
    return [
        UnmappedUser(sipgate_id=user_id, name=names.get(user_id, ""), hooks=count)
        for user_id, count in seen.most_common()
    ]


def _users_in(hook: StoredHook) -> Iterator[tuple[str, str | None, str | None]]:
    """Id, full id and name."""
    if hook.status != HookStatus.OK or (hook.call_id or "").startswith(TEST_CALLS):
        return
    event = read_hook(hook.body, content_type=hook.content_type, path_direction=Direction(hook.path))
    for user_id, full_id, name in _triples(event):
        if known := user_id or full_id:
            yield known, full_id, name


def _triples(event: CallEvent | Unreadable) -> Iterator[tuple[str | None, str | None, str | None]]:
    match event:
        case NewCall():
            yield from zip_longest(event.user_ids, event.full_user_ids, event.users)
        case Answered():
            yield event.user_id, event.full_user_id, event.user
        case _:
            return

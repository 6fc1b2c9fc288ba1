"""What the last hooks tell: that they come, who signed them, and which sipgate users nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sidecar.calls.rules.agents import AgentMap
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, NewCall, Unreadable, read_hook
from sidecar.calls.sipgate.form import on_one_line
from sidecar.check.finding import Finding, ok, warning
from sidecar.follow_up.fold import TEST_CALLS
from sidecar.hooks.signature import SignatureMode
from sidecar.store.journal.rows import StoredHook
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words

LOOKED_AT = 50  # signatures of so many
_DAY = 24 * 60 * 60.0
_ENTER = "enter the URLs of `sipgate-sidecar check --show-urls` at sipgate"


def hook_findings(hooks: Sequence[StoredHook], mode: SignatureMode, *, now: float) -> Iterator[Finding]:
    """`hooks`: the newest first."""
    real = [hook for hook in hooks if not (hook.call_id or "").startswith(TEST_CALLS)]
    if not real:
        yield _no_hook(mode)
        return
    yield _last_hook(real[0], now)
    yield _signatures(real[:LOOKED_AT], mode)
    if unreadable := [hook for hook in real if hook.status == "unreadable"]:
        last = sentence(unreadable[0].reason, Words())
        yield warning(
            "hooks",
            f"{len(unreadable)} of the last {len(real)} could not be read, the last one: {last}",
            why="Calls they told of are missing in the log.",
            cure=f"look at it with `sipgate-sidecar hooks show {unreadable[0].id}`; "
            "if sipgate sent it so, report it to the project",
        )


def arrive(hooks: Sequence[StoredHook], *, now: float) -> bool:
    """Whether one that is no test has come within a day."""
    return any(now - hook.received_at < _DAY and not (hook.call_id or "").startswith(TEST_CALLS) for hook in hooks)


def _no_hook(mode: SignatureMode) -> Finding:
    refused = "; with sipgate.signature: enforce, hooks without a valid signature are not kept" * (mode == "enforce")
    return warning("hooks", f"none has come yet{refused}", why="Without hooks nothing is known of calls.", cure=_ENTER)


def _last_hook(hook: StoredHook, now: float) -> Finding:
    age = max(0.0, now - hook.received_at)
    ago = f"{age / _DAY:.0f} days" if age > 2 * _DAY else f"{age / 60:.0f} min"
    what = (
        f"the last one came {ago} ago ({hook.event or 'unreadable'}): {on_one_line(sentence(hook.reason, Words()), 80)}"
    )
    if age <= 7 * _DAY:
        return ok("hooks", what)
    return warning("hooks", what, why="sipgate may send its hooks somewhere else by now.", cure=_ENTER)


def _signatures(hooks: Sequence[StoredHook], mode: SignatureMode) -> Finding:
    counts = Counter(hook.signature for hook in hooks)
    seen = ", ".join(f"{count} {result}" for result, count in counts.most_common())
    what = f"of the last {len(hooks)} hooks: {seen}"
    if counts["invalid"]:
        return warning(
            "signatures",
            what,
            why="Somebody else sends hooks, or a proxy changes their bodies on the way.",
            cure="let the proxy pass bodies and X-Sipgate-Signature as they are; if it does, "
            "see where they come from with `sipgate-sidecar hooks list`",
        )
    if counts["missing"]:
        return warning(
            "signatures",
            what,
            why="Whether they came from sipgate is only shown by the token in the URL.",
            cure="let the proxy pass the header X-Sipgate-Signature; sipgate Neo may send none",
        )
    if mode == "off":
        why = "Whoever learns the URL can send calls."
        return warning("signatures", "not checked", why=why, cure="set sipgate.signature to report, later to enforce")
    return ok("signatures", what)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmappedUser:
    """A sipgate user without an agent. The texts are as they came."""

    sipgate_id: str
    name: str
    hooks: int  # that named them

    def __str__(self) -> str:
        sipgate_id = on_one_line(self.sipgate_id)
        return f"{sipgate_id} ({on_one_line(self.name)})" if self.name else sipgate_id


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
    if hook.status != "ok" or (hook.call_id or "").startswith(TEST_CALLS):
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

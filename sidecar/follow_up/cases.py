"""Which waiting hooks belong to which call, and what is known of it already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from sidecar.calls.conversation.caller_log import Told
from sidecar.calls.conversation.joining import Gathering, Links, gathered, links_of
from sidecar.calls.conversation.legs import Heard
from sidecar.calls.conversation.phones import PhoneUse, phones_to_ask_about
from sidecar.calls.decide import was_switched_off
from sidecar.calls.sipgate.events import CallEvent, Direction, Unreadable, read_hook
from sidecar.store.calls import conversations as saved_calls
from sidecar.store.calls.conversations import Caller, Known
from sidecar.store.calls.phones import answered_since
from sidecar.store.database import Connection
from sidecar.store.journal.hooks import hooks_of
from sidecar.store.journal.rows import HookRow, HookStatus, StoredHook

MOST_OF_A_KIND = 20  # hooks of one event of one leg that are listened to: more is a loop, or an attack
MOST_HOOKS, MOST_LEGS, MOST_BYTES = 1000, 250, 256 * 1024  # of one call
OUTLIVED = 60.0  # seconds after a call's end, from which on its xcid alone joins nothing to it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call on the desk: the conversation it is known as, if any, with all its hooks, old and new."""

    id: int | None
    younger: tuple[int, ...] = ()  # conversations that prove to be the same call
    keys: tuple[str, ...] = ()  # that do not lead here yet
    hooks: tuple[int, ...] = ()  # ids of the new ones
    surplus: tuple[int, ...] = ()  # ids of new ones that nobody listens to
    heard: tuple[Heard, ...] = ()
    elsewhere: tuple[PhoneUse, ...] = ()  # other calls answered at its phones, as far as they may end this one
    known: Mapping[int, Known] = field(default_factory=dict)
    is_past: bool = False  # its hooks were deleted: nothing can be made of the rest
    unwanted: bool = False  # all of it was heard while the integration was switched off

    @property
    def told(self) -> Told:
        """What Zammad's caller log has been told of it."""
        return self.known[self.id].told if self.id is not None else Told()

    @property
    def caller(self) -> Caller | None:
        """Who it was with, as far as that was looked up."""
        return self.known[self.id].caller if self.id is not None else None


def open_cases(connection: Connection, waiting: Sequence[StoredHook], waking: Sequence[int]) -> list[Case]:
    """A case for every call that waiting hooks tell of, and for every conversation that time has woken."""
    heard = [heard_in(hook) for hook in waiting]
    links = [links_of(hook.event) if hook else None for hook in heard]
    homes = saved_calls.conversations_with_keys(connection, chain.from_iterable(each.keys for each in links if each))
    involved = dict.fromkeys([*homes.values(), *waking])
    known = saved_calls.known_of(connection, involved)
    earlier = {number: _said_in(hooks) for number, hooks in hooks_of(connection, involved).items()}
    for key in _outlived(homes, known, links, heard):
        del homes[key]
    gatherings = gathered(links, homes, {number: _roots(said) for number, said in earlier.items()})
    touched = {number for gathering in gatherings for number in gathering.conversations}
    asleep = [number for number in waking if number not in touched]
    for gathering in gatherings:
        gathering.keys -= homes.keys()  # only those are left that lead nowhere yet
    cases = [_case(Gathering(conversations={number}), (), (), earlier, known) for number in asleep]
    cases += [_case(gathering, waiting, heard, earlier, known) for gathering in gatherings]
    cases = _with_later_answers(connection, cases)
    unread = tuple(hook.id for hook, said in zip(waiting, heard, strict=True) if said is None)
    return [*cases, Case(id=None, surplus=unread)] if unread else cases


def _case(
    gathering: Gathering,
    waiting: Sequence[StoredHook],
    heard: Sequence[Heard | None],
    earlier: Mapping[int, Sequence[Heard]],
    known: Mapping[int, Known],
) -> Case:
    numbers = sorted(gathering.conversations)
    listener = _Listener(chain.from_iterable(earlier[number] for number in numbers))
    taken = [place for place in gathering.hooks if (said := heard[place]) is not None and listener.takes(said)]
    left = set(gathering.hooks).difference(taken)
    return Case(
        id=numbers[0] if numbers else None,
        younger=tuple(numbers[1:]),
        keys=tuple(sorted(gathering.keys)) if taken else (),
        hooks=tuple(waiting[place].id for place in taken),
        surplus=tuple(waiting[place].id for place in sorted(left)),
        heard=tuple(listener.heard),
        known={number: known[number] for number in numbers},
        is_past=any(_is_past(known[number], earlier[number]) for number in numbers),
        unwanted=not numbers and all(was_switched_off(waiting[place].decision) for place in gathering.hooks),
    )


def _with_later_answers(connection: Connection, cases: Sequence[Case]) -> list[Case]:
    elsewhere = answers_elsewhere(connection, [(case.heard, case.known) for case in cases])
    return [
        replace(case, elsewhere=answers) if answers else case for case, answers in zip(cases, elsewhere, strict=True)
    ]


def answers_elsewhere(
    connection: Connection, calls: Sequence[tuple[Collection[Heard], Collection[int]]]
) -> list[tuple[PhoneUse, ...]]:
    """For each of these calls, with the conversations it is known as, what its phones answered since its last hook."""
    phones = [phones_to_ask_about(heard) for heard, _ in calls]
    since = [max((hook.at for hook in heard), default=0.0) for heard, _ in calls]
    asked = [at for at, those in zip(since, phones, strict=True) if those]
    if not asked:
        return [() for _ in calls]
    found = answered_since(connection, frozenset(chain.from_iterable(phones)), min(asked))
    return [
        tuple(use for number, use in found if those and number not in known and use.at > at)
        for those, at, (_, known) in zip(phones, since, calls, strict=True)
    ]


class _Listener:
    """Hears a call's hooks up to a limit, so that a flood of them costs no more than a call does."""

    def __init__(self, earlier: Iterable[Heard]) -> None:
        self.heard = [*earlier]
        self._of_a_kind = Counter(map(_kind, self.heard))
        self._legs = {heard.event.call_id for heard in self.heard}
        self._bytes = sum(heard.size for heard in self.heard)

    def takes(self, heard: Heard) -> bool:
        if self._has_enough(heard):
            return False
        self._of_a_kind[_kind(heard)] += 1
        self._legs.add(heard.event.call_id)
        self._bytes += heard.size
        self.heard.append(heard)
        return True

    def _has_enough(self, heard: Heard) -> bool:
        return (
            len(self.heard) >= MOST_HOOKS
            or self._of_a_kind[_kind(heard)] >= MOST_OF_A_KIND
            or (len(self._legs) >= MOST_LEGS and heard.event.call_id not in self._legs)
            or self._bytes + heard.size > MOST_BYTES
        )


def _kind(heard: Heard) -> tuple[str, type]:
    return heard.event.call_id, type(heard.event)


def _is_past(known: Known, said: Sequence[Heard]) -> bool:
    """Whether its first hooks are gone: old ones are deleted after `retention.hooks_days`, conversations stay."""
    return all(heard.at > known.started_at for heard in said)


def _roots(said: Iterable[Heard]) -> frozenset[str]:
    """The legs that came from none."""
    return frozenset(links.legs[0] for heard in said if (links := links_of(heard.event)).fresh)


def _outlived(
    homes: Mapping[str, int],
    known: Mapping[int, Known],
    links: Sequence[Links | None],
    heard: Sequence[Heard | None],
) -> list[str]:
    """Keys of xcids that turn up again long after their call has ended: another call uses them now."""
    again: dict[str, float] = {}
    for each, said in zip(links, heard, strict=True):
        if each and said and each.shared:
            again.setdefault(each.shared, said.at)
    ends = {key: known[homes[key]].ended_at for key in again if key in homes}
    return [key for key, ended_at in ends.items() if ended_at is not None and again[key] > ended_at + OUTLIVED]


def _said_in(hooks: Iterable[StoredHook]) -> list[Heard]:
    return [heard for hook in hooks if (heard := heard_in(hook)) is not None]


def heard_in(hook: HookRow) -> Heard | None:
    """The hook as the fold sees it; None where this version cannot read it."""
    event: CallEvent | Unreadable = read_hook(
        hook.body, content_type=hook.content_type, path_direction=Direction(hook.path)
    )
    if isinstance(event, Unreadable):
        return None
    rejected = hook.reason if hook.rejected else None
    filled = hook.status == HookStatus.HISTORY
    return Heard(at=hook.received_at, event=event, rejected=rejected, size=len(hook.body), filled=filled)

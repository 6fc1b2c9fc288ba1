"""From what sipgate told to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.reasons import because
from sidecar.calls.rules.routing import CallerId
from sidecar.check.finding import Finding, Level, found, ok, problem, warning
from sidecar.check.sipgate.facts import Facts, Told
from sidecar.check.sipgate.hook_urls import Expected, faults_of_urls
from sidecar.codes.findings import Topic
from sidecar.codes.sipgate import AtSipgate, SipgateUse, Unseen
from sidecar.sipgate.account import reason_of_sipgate
from sipgate_client import SipgateError, SipgateForbiddenError, SipgateTokenError
from sipgate_client.failures import is_for_classic_alone
from sipgate_client.records import Account, HookLogEntry, HookSettings, Kind, Line, Notice, OwnNumber, TokenOwner

T = TypeVar("T")
RECENT_HOOKS = 50  # of sipgate's log
SCOPES: Mapping[SipgateUse, str] = {
    SipgateUse.KIND: "groups:read",
    SipgateUse.ACCOUNT: "account:read",
    SipgateUse.PEOPLE: "users:read",
    SipgateUse.NUMBERS: "numbers:read",
    SipgateUse.HOOK_URLS: "settings:sipgateio:read",
    SipgateUse.HOOK_LOG: "log:webhooks:read",
    SipgateUse.LINES: "phonelines:read",
    SipgateUse.CHANNELS: "channels:read",
    SipgateUse.PHONES: "devices:read",
    SipgateUse.NOTICES: "notifications:read",
    SipgateUse.HISTORY: "history:read",
}
UNSEEN: Mapping[SipgateUse, Unseen] = {
    SipgateUse.KIND: Unseen.KIND,
    SipgateUse.ACCOUNT: Unseen.ACCOUNT,
    SipgateUse.PEOPLE: Unseen.PEOPLE,
    SipgateUse.NUMBERS: Unseen.NUMBERS,
    SipgateUse.HOOK_URLS: Unseen.HOOK_URLS,
    SipgateUse.HOOK_LOG: Unseen.HOOK_LOG,
    SipgateUse.LINES: Unseen.LINES,
    SipgateUse.CHANNELS: Unseen.CHANNELS,
    SipgateUse.PHONES: Unseen.PHONES,
    SipgateUse.NOTICES: Unseen.NOTICES,
    SipgateUse.HISTORY: Unseen.HISTORY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownElsewhere:
    """What the rest of the check knows.

    `mailboxes`: e-mail addresses that become tickets, lower case; `makes_tickets`: whether missed calls do, too.
    """

    expected: Expected
    country: str
    caller_ids: Sequence[CallerId] = ()
    mailboxes: frozenset[str] = field(default_factory=frozenset)
    makes_tickets: bool = False
    now: float


def findings_of(facts: Facts, known: KnownElsewhere) -> Iterator[Finding]:
    """What stops everything is said once, however much was still to be asked."""
    said: set[str] = set()
    for finding in _findings(facts, known):
        code = finding.reason.code
        if code not in said or code not in {AtSipgate.TOKEN_REFUSED, AtSipgate.UNREACHED}:
            yield finding
        said.add(code)


def _findings(facts: Facts, known: KnownElsewhere) -> Iterator[Finding]:
    if not isinstance(facts.owner, TokenOwner):
        if facts.owner is not None:
            yield _unreached(facts.owner)
        return
    owner = facts.owner
    yield ok(Topic.SIPGATE, because(AtSipgate.TOKEN_GOOD, account=owner.master_sip_id, user=owner.user_id))
    yield from _judged(facts.kind, SipgateUse.KIND, _kind)
    yield from _judged(facts.hook_settings, SipgateUse.HOOK_URLS, lambda settings: _hooks(settings, facts, known))
    yield from _judged(facts.hook_log, SipgateUse.HOOK_LOG, lambda log: _log(log, known.now))
    yield from _judged(facts.numbers, SipgateUse.NUMBERS, lambda numbers: _caller_ids(numbers, known))
    yield from _judged(facts.account, SipgateUse.ACCOUNT, lambda account: _history(account, facts.kind))
    yield from _judged(facts.newest_calls, SipgateUse.HISTORY, _nothing)
    yield from _judged(facts.users, SipgateUse.PEOPLE, _nothing)
    yield from _judged(facts.phones, SipgateUse.PHONES, _nothing)
    yield from _judged(facts.notices, SipgateUse.NOTICES, lambda notices: _notices(notices, known))


def _unreached(error: SipgateError) -> Finding:
    if isinstance(error, SipgateTokenError):
        return problem(Topic.SIPGATE, because(AtSipgate.TOKEN_REFUSED, error=reason_of_sipgate(error)))
    return warning(Topic.SIPGATE, because(AtSipgate.UNREACHED, error=reason_of_sipgate(error)))


def _judged(what: Told[T] | None, use: SipgateUse, judge: Callable[[T], Iterator[Finding]]) -> Iterator[Finding]:
    match what:
        case None:
            return
        case SipgateError():
            yield _not_had(what, use)
        case _:
            yield from judge(what)


def _not_had(error: SipgateError, use: SipgateUse) -> Finding:
    if is_for_classic_alone(error):
        return _not_available(use)
    if isinstance(error, SipgateTokenError) or error.retry_after:
        return _unreached(error)
    unseen, reason = because(UNSEEN[use]), reason_of_sipgate(error)
    if isinstance(error, SipgateForbiddenError):
        told = because(AtSipgate.FORBIDDEN, use=because(use), unseen=unseen, scope=SCOPES[use], error=reason)
        return warning(Topic.SIPGATE, told)
    return warning(Topic.SIPGATE, because(AtSipgate.UNREAD, use=because(use), unseen=unseen, error=reason))


def _not_available(use: SipgateUse) -> Finding:
    return ok(Topic.SIPGATE, because(AtSipgate.NOT_AVAILABLE, use=because(use), unseen=because(UNSEEN[use])))


def _nothing(_answer: object) -> Iterator[Finding]:
    """That it was shown is enough."""
    return iter(())


def _kind(kind: Kind) -> Iterator[Finding]:
    match kind:
        case Kind.CLASSIC:
            yield ok(Topic.SIPGATE, because(AtSipgate.CLASSIC))
        case Kind.NEO:
            yield ok(Topic.SIPGATE, because(AtSipgate.NEO))


def _hooks(settings: HookSettings, facts: Facts, known: KnownElsewhere) -> Iterator[Finding]:
    faults = faults_of_urls(settings.incoming_url, settings.outgoing_url, known.expected)
    yield from (problem(Topic.SIPGATE_HOOKS, fault) for fault in faults)
    if not faults:
        code = AtSipgate.URLS_OURS if known.expected.current else AtSipgate.URLS_LEAD_HERE
        yield ok(Topic.SIPGATE_HOOKS, because(code))
    yield from _allowed_lines(settings.allowed, facts)
    if not settings.log:
        yield ok(Topic.SIPGATE_HOOKS, because(AtSipgate.LOG_OFF))


def _allowed_lines(allowed: Sequence[str] | None, facts: Facts) -> Iterator[Finding]:
    if allowed is None:
        yield ok(Topic.SIPGATE_HOOKS, because(AtSipgate.ALL_LINES))
    elif not allowed:
        yield problem(Topic.SIPGATE_HOOKS, because(AtSipgate.NO_LINES))
    else:
        use = SipgateUse.CHANNELS if facts.kind is Kind.NEO else SipgateUse.LINES
        yield from _judged(facts.lines, use, lambda lines: _compared(allowed, lines, facts.kind))


def _compared(allowed: Sequence[str], lines: Sequence[Line], kind: Told[Kind] | None) -> Iterator[Finding]:
    """Whether Neo lists its channels here is not known: where none of them is, nothing is said to be missing."""
    names = {line.id: because(AtSipgate.LINE, name=f"{line.id} {line.alias}".strip()) for line in lines}
    there = [names.get(each, because(AtSipgate.LINE, name=each)) for each in allowed]
    yield ok(Topic.SIPGATE_HOOKS, because(AtSipgate.LINES, lines=there))
    missing = [name for line, name in names.items() if line not in allowed]
    if missing and (kind is not Kind.NEO or len(missing) < len(names)):
        yield warning(Topic.SIPGATE_HOOKS, because(AtSipgate.LINES_MISSING, lines=missing))


def _log(log: Sequence[HookLogEntry], now: float) -> Iterator[Finding]:
    newest = sorted(log, key=lambda entry: entry.created, reverse=True)[:RECENT_HOOKS]
    bad = [entry for entry in newest if entry.status != str(int(HTTPStatus.OK)) or entry.xml_error]
    if not newest:
        yield ok(Topic.SIPGATE_HOOKS, because(AtSipgate.LOG_EMPTY))
    elif bad:
        told = bad[0].xml_error or bad[0].status
        age = now - bad[0].created.timestamp()
        failed = because(AtSipgate.LOG_BAD, count=len(bad), of=len(newest), age=age, status=told)
        yield warning(Topic.SIPGATE_HOOKS, failed)
    else:
        age = now - newest[0].created.timestamp()
        yield ok(Topic.SIPGATE_HOOKS, because(AtSipgate.LOG_GOOD, count=len(newest), age=age))


def _caller_ids(numbers: Sequence[OwnNumber], known: KnownElsewhere) -> Iterator[Finding]:
    own = {e164_digits(each.number, known.country) for each in numbers}
    foreign = [each for each in known.caller_ids if each.digits not in own]
    yield from (warning(Topic.CALLER_IDS, because(AtSipgate.CALLER_ID_FOREIGN, chosen=each.reason)) for each in foreign)
    if known.caller_ids and not foreign:
        yield ok(Topic.CALLER_IDS, because(AtSipgate.CALLER_IDS_OWN, count=len(known.caller_ids)))


def _history(account: Account, kind: Told[Kind] | None) -> Iterator[Finding]:
    if kind is Kind.NEO:
        yield _not_available(SipgateUse.HISTORY)
        return
    code = AtSipgate.CALLS_KEPT if account.history_kept else AtSipgate.CALLS_NOT_KEPT
    yield found(Level.OK if account.history_kept else Level.WARNING, Topic.SIPGATE, because(code))


def _notices(notices: Sequence[Notice], known: KnownElsewhere) -> Iterator[Finding]:
    """Two tickets are too many, one is none."""
    level = Level.WARNING if known.makes_tickets else Level.OK
    code = AtSipgate.NOTICE if known.makes_tickets else AtSipgate.NOTICE_ALONE
    for notice in notices:
        if notice.email.strip().lower() in known.mailboxes:
            yield found(level, Topic.SIPGATE, because(code, email=notice.email, line=notice.endpoint_alias))

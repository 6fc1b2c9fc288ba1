"""Faults planted at sipgate: the doctor names each, and nothing where nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sidecar.calls.reasons import because
from sidecar.calls.rules.routing import CallerId, Chosen
from sidecar.check.finding import Finding, Level
from sidecar.check.sipgate.facts import Facts
from sidecar.check.sipgate.hook_urls import Expected
from sidecar.check.sipgate.judgement import KnownElsewhere, findings_of
from sidecar.codes.sipgate import AtSipgate
from sidecar.words.sentences import explained
from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate, seeds
from tests.sentences import ENGLISH, GERMAN
from tests.sipgate_client.accounts import asked

pytestmark = pytest.mark.anyio

TOKEN, OLD_TOKEN = "current-token-1", "previous-token-2"
NOW = datetime(2026, 9, 28, 8, 0, tzinfo=UTC).timestamp()
OURS = f"https://zammad.example.com/api/v1/sipgate/{TOKEN}"
CALLER_ID = CallerId(digits="493023125000", reason=because(Chosen.BY_DEFAULT, digits="493023125000"))
KNOWN = KnownElsewhere(
    expected=Expected(public_url="https://zammad.example.com", current=TOKEN, previous=OLD_TOKEN),
    country="DE",
    caller_ids=(CALLER_ID,),
    mailboxes=frozenset({"support@example.com"}),
    makes_tickets=True,
    now=NOW,
)


def healthy(kind: Kind = Kind.CLASSIC) -> SimulatedSipgate:
    sim = SimulatedSipgate(kind)
    assert sim.hook_settings is not None
    sim.hook_settings |= {"incomingUrl": f"{OURS}/in", "outgoingUrl": f"{OURS}/out"}
    sim.hook_log = [{"created": "2026-09-28T07:40:00Z", "url": "", "request": "", "xmlError": "", "status": "200"}]
    return sim


async def found(sim: SimulatedSipgate, known: KnownElsewhere = KNOWN, *, token: str = "") -> list[Finding]:
    facts = Facts()
    async with asked(sim, token=token) as sipgate:
        await facts.gather(sipgate)
    findings = list(findings_of(facts, known))
    words = " ".join(str(explained(each.reason, ENGLISH)) for each in findings)
    assert not [secret for secret in (TOKEN, OLD_TOKEN, sim.token) if secret in words]
    return findings


def codes(findings: list[Finding]) -> set[str]:
    return {each.reason.code for each in findings if each.level is not Level.OK}


@pytest.mark.parametrize("kind", Kind)
async def test_where_nothing_is_wrong_nothing_is_said_to_be(kind: Kind) -> None:
    findings = await found(healthy(kind))
    assert codes(findings) == set()
    assert (AtSipgate.NEO in {each.reason.code for each in findings}) is (kind is Kind.NEO)


async def test_asking_changes_nothing_and_takes_no_more_than_five_users() -> None:
    sim = healthy()
    sim.users = [{**sim.users[0], "id": f"w{number}"} for number in range(20)]
    await found(sim)
    assert {request.method for request in sim.requests} == {"GET"}
    assert len([request for request in sim.requests if request.path.endswith("/notifications")]) == 5


def _set(**fields: object) -> Callable[[SimulatedSipgate], None]:
    def plant(sim: SimulatedSipgate) -> None:
        assert sim.hook_settings is not None
        sim.hook_settings |= fields

    return plant


def _allow_all_but(scope: str) -> Callable[[SimulatedSipgate], None]:
    every = {"users:read", "devices:read", "phonelines:read", "groups:read", "numbers:read"}
    every |= {"settings:sipgateio:read", "log:webhooks:read", "account:read", "notifications:read", "history:read"}

    def plant(sim: SimulatedSipgate) -> None:
        sim.scopes = frozenset(every - {scope})

    return plant


def _keep_no_calls(sim: SimulatedSipgate) -> None:
    sim.history_life_time = "NONE"


def _mail_zammad(sim: SimulatedSipgate) -> None:
    line = {"endpointId": "p0", "endpointAlias": "Nina", "emails": [{"id": "1", "email": "Support@example.com"}]}
    sim.notices["w0"] = {"call": [line], "voicemail": [], "sms": [], "fax": []}


def _answer_badly(sim: SimulatedSipgate) -> None:
    sim.hook_log.append({"created": "2026-09-28T07:41:00Z", "url": "", "xmlError": "", "status": "502"})


def _answer_nonsense(sim: SimulatedSipgate) -> None:
    sim.hook_log.append({"created": "2026-09-28T07:41:00Z", "url": "", "xmlError": "no Response", "status": "200"})


def _not_booked(sim: SimulatedSipgate) -> None:
    sim.hook_settings = None


def _another_number(sim: SimulatedSipgate) -> None:
    sim.numbers = sim.numbers[1:]


def _out_of_order(sim: SimulatedSipgate) -> None:
    sim.faults.fail(404, path="/numbers")


def _fall_over_at(path: str) -> Callable[[SimulatedSipgate], None]:
    return lambda sim: sim.faults.fail(503, path=path)


def _have_enough_of(path: str) -> Callable[[SimulatedSipgate], None]:
    return lambda sim: sim.faults.fail(429, path=path, headers={"Retry-After": "600"})


PLANTED: list[tuple[Callable[[SimulatedSipgate], None], AtSipgate, Level]] = [
    (_set(incomingUrl=""), AtSipgate.URL_EMPTY, Level.PROBLEM),
    (_set(incomingUrl="https://other.example/api/v1/sipgate/x/in"), AtSipgate.URL_ELSEWHERE, Level.PROBLEM),
    (_set(incomingUrl=OURS.replace(".com", ".com:8443") + "/in"), AtSipgate.URL_ELSEWHERE, Level.PROBLEM),
    (_set(outgoingUrl="https://zammad.example.com/hooks"), AtSipgate.URL_PATH, Level.PROBLEM),
    (_set(incomingUrl=OURS.replace(".com", ".com/telephone") + "/in"), AtSipgate.URL_PATH, Level.PROBLEM),
    (_set(incomingUrl=OURS.replace(TOKEN, OLD_TOKEN) + "/in"), AtSipgate.URL_OLD_TOKEN, Level.PROBLEM),
    (_set(outgoingUrl=OURS.replace(TOKEN, "mistyped") + "/out"), AtSipgate.URL_WRONG_TOKEN, Level.PROBLEM),
    (_set(outgoingUrl=f"{OURS}/in"), AtSipgate.URL_SWAPPED, Level.PROBLEM),
    (_set(outgoingUrl=""), AtSipgate.URL_EMPTY, Level.PROBLEM),
    (_set(incomingUrl=OURS.replace("https://", "http://") + "/in"), AtSipgate.URL_SCHEME, Level.PROBLEM),
    (_set(incomingUrl=f"{OURS}/in//"), AtSipgate.URL_PATH, Level.PROBLEM),
    (_set(incomingUrl=OURS), AtSipgate.URL_PATH, Level.PROBLEM),
    (_set(incomingUrl="https://["), AtSipgate.URL_UNREADABLE, Level.PROBLEM),
    (_set(outgoingUrl=f"zammad.example.com/{OLD_TOKEN}"), AtSipgate.URL_UNREADABLE, Level.PROBLEM),
    (_set(whitelist=[]), AtSipgate.NO_LINES, Level.PROBLEM),
    (_set(whitelist=["p0", "g0"]), AtSipgate.LINES_MISSING, Level.WARNING),
    (_answer_badly, AtSipgate.LOG_BAD, Level.WARNING),
    (_answer_nonsense, AtSipgate.LOG_BAD, Level.WARNING),
    (_not_booked, AtSipgate.FORBIDDEN, Level.WARNING),
    (_another_number, AtSipgate.CALLER_ID_FOREIGN, Level.WARNING),
    (_keep_no_calls, AtSipgate.CALLS_NOT_KEPT, Level.WARNING),
    (_mail_zammad, AtSipgate.NOTICE, Level.WARNING),
    (_allow_all_but("numbers:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("phonelines:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("groups:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("users:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("devices:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("history:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("account:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("notifications:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_allow_all_but("log:webhooks:read"), AtSipgate.FORBIDDEN, Level.WARNING),
    (_out_of_order, AtSipgate.UNREAD, Level.WARNING),
    (_fall_over_at("/users"), AtSipgate.UNREAD, Level.WARNING),
    (_fall_over_at("/history"), AtSipgate.UNREAD, Level.WARNING),
    (_have_enough_of("/numbers"), AtSipgate.UNREACHED, Level.WARNING),
]


@pytest.mark.parametrize(("plant", "code", "level"), PLANTED)
async def test_a_planted_fault_is_named_and_nothing_else(
    plant: Callable[[SimulatedSipgate], None], code: AtSipgate, level: Level
) -> None:
    sim = healthy()
    plant(sim)
    findings = await found(sim)
    assert codes(findings) == {code}
    [finding] = [each for each in findings if each.reason.code == code]
    assert finding.level is level
    for words in (ENGLISH, GERMAN):
        said = explained(finding.reason, words)
        assert said.what
        assert said.why
        assert said.cure


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (OURS.replace("https://", "http://") + "/in", "begins with http://, server.public_url with https://"),
        ("https://crm.example:8443/hook", "leads somewhere else: to crm.example:8443"),
        ("https://zammad.example.com/hook", "leads to zammad.example.com, but its path is not that of the hooks"),
    ],
)
async def test_what_is_wrong_with_a_hook_url_is_said(url: str, said: str) -> None:
    sim = healthy()
    _set(incomingUrl=url)(sim)
    assert f"the hook URL for incoming calls {said}" in [
        explained(each.reason, ENGLISH).what for each in await found(sim)
    ]


async def test_while_no_token_is_known_none_is_said_to_be_right() -> None:
    unknown = Expected(public_url="https://zammad.example.com", current=None, previous=None)
    said = {each.reason.code for each in await found(healthy(), replace(KNOWN, expected=unknown))}
    assert AtSipgate.URLS_LEAD_HERE in said
    assert AtSipgate.URLS_OURS not in said


async def test_an_e_mail_that_becomes_the_only_ticket_is_no_fault() -> None:
    sim = healthy()
    _mail_zammad(sim)
    assert codes(await found(sim, replace(KNOWN, makes_tickets=False))) == set()


async def test_what_a_missing_scope_switches_off_is_said() -> None:
    sim = healthy()
    _allow_all_but("history:read")(sim)
    [finding] = [each for each in await found(sim) if each.level is Level.WARNING]
    assert "messages left on a mailbox are not found" in explained(finding.reason, ENGLISH).why
    assert "Sprachnachrichten werden nicht gefunden" in explained(finding.reason, GERMAN).why


async def test_a_refused_token_is_one_cause() -> None:
    sim = healthy()
    findings = await found(sim, token="withdrawn")
    assert [each.reason.code for each in findings] == [AtSipgate.TOKEN_REFUSED]
    assert len(sim.requests) == 1


async def test_a_sipgate_that_is_not_there_is_no_problem_of_the_sidecars() -> None:
    sim = healthy()
    sim.faults.fail(503)
    [finding] = await found(sim)
    assert (finding.reason.code, finding.level) == (AtSipgate.UNREACHED, Level.WARNING)


async def test_a_missing_scope_is_named_literally() -> None:
    sim = healthy()
    _allow_all_but("settings:sipgateio:read")(sim)
    [finding] = [each for each in await found(sim) if each.level is Level.WARNING]
    assert "lacks the scope settings:sipgateio:read" in explained(finding.reason, ENGLISH).cure


async def test_the_number_of_an_agent_counts_like_a_row_of_the_table() -> None:
    of_agent = CallerId(digits="4930999", reason=because(Chosen.OF_AGENT, digits="4930999", name="Jane"))
    assert codes(await found(healthy(), replace(KNOWN, caller_ids=(CALLER_ID, of_agent)))) == {
        AtSipgate.CALLER_ID_FOREIGN
    }


async def test_on_neo_history_is_not_available_and_never_no_calls() -> None:
    findings = await found(healthy(Kind.NEO))
    said = [explained(each.reason, ENGLISH).what for each in findings]
    assert "the history of calls: not available on this kind of account" in said
    assert not [each for each in findings if each.reason.code in {AtSipgate.CALLS_KEPT, AtSipgate.CALLS_NOT_KEPT}]


async def test_an_account_with_nothing_in_it_is_no_fault() -> None:
    sim = healthy()
    sim.users, sim.devices, sim.phone_lines, sim.groups, sim.numbers, sim.hook_log = [], {}, {}, [], [], []
    assert codes(await found(sim, replace(KNOWN, caller_ids=()))) == set()


async def test_a_token_that_is_withdrawn_meanwhile_is_named_once() -> None:
    sim = healthy()
    sim.faults.fail(401, path="/numbers")
    findings = [each for each in await found(sim) if each.level is not Level.OK]
    assert [each.reason.code for each in findings] == [AtSipgate.TOKEN_REFUSED]


@pytest.mark.parametrize(("allowed", "named"), [([seeds.CHANNEL], set()), (["p0"], set()), ([], {AtSipgate.NO_LINES})])
async def test_on_neo_channels_are_compared_where_the_list_names_any(allowed: list[str], named: set[AtSipgate]) -> None:
    sim = healthy(Kind.NEO)
    _set(whitelist=allowed)(sim)
    assert codes(await found(sim)) == named
    sim.channels.append({"id": "0b9f2c1e-1111-4222-8333-444455556666", "name": "Sales", "users": []})
    more = {AtSipgate.LINES_MISSING} if allowed == [seeds.CHANNEL] else set()
    assert codes(await found(sim)) == named | more


async def test_a_slash_behind_the_address_is_no_fault() -> None:
    sim = healthy()
    _set(incomingUrl=f"{OURS}/in/")(sim)
    assert {finding.level for finding in await found(sim)} == {Level.OK}

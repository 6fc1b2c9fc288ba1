"""The door to sipgate, over ASGI: every situation of the hook path, in its order, and nothing but 200 for a hook."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from structlog.testing import capture_logs

from sidecar.calls.events import CallEvent
from sidecar.calls.rules import Rules
from sidecar.hooks import HookDoor, hook_routes
from sidecar.metrics import Metrics
from sidecar.signature import SignatureMode, signature_checker
from sidecar.store.journal import HookRow
from sidecar.tokens import HookTokens
from tests.calls.rule_settings import route, written_rules
from tests.sipgate_recordings import RecordedHook, recorded_hooks, signed_body

pytestmark = pytest.mark.anyio

TOKEN = "s3cret-token"
PUBLIC_URL = "https://zammad.example.com"
URL_IN = f"{PUBLIC_URL}/api/v1/sipgate/{TOKEN}/in"
LET_RING = f'<Response onAnswer="{URL_IN}" onHangup="{URL_IN}"/>'
NEW_CALL = "event=newCall&direction=in&callId=c-1&from=491715000000&to=4930600000"
BODY, SIGNATURE = signed_body("signed_captured")
NOW = 1_700_000_000.0


class ListJournal:
    """Keeps rows in memory; `fault` is raised instead, `durable` is what it says of each row."""

    def __init__(self, *, durable: bool = True, fault: Exception | None = None) -> None:
        self.rows: list[HookRow] = []
        self.durable = durable
        self.fault = fault

    async def record(self, row: HookRow) -> bool:
        if self.fault:
            raise self.fault
        self.rows.append(row)
        return self.durable


@dataclass(kw_only=True)
class Sidecar:
    """A door with its surroundings, to be changed before the first request."""

    tokens: HookTokens = field(default_factory=lambda: HookTokens(current=TOKEN))
    rules: Rules | None = field(default_factory=lambda: written_rules(block=[{"caller_id": "4989*", "note": "spam"}]))
    mode: SignatureMode = "report"
    journal: ListJournal = field(default_factory=ListJournal)
    metrics: Metrics = field(default_factory=Metrics)
    public_url: str = PUBLIC_URL
    known_call: Callable[[CallEvent], Awaitable[bool]] | None = None
    broken_rules: Exception | None = None

    def current_rules(self) -> Rules | None:
        if self.broken_rules:
            raise self.broken_rules
        return self.rules

    def app(self) -> Starlette:
        lookup = {"known_call": self.known_call} if self.known_call else {}
        door = HookDoor(
            tokens=lambda: self.tokens,
            rules=self.current_rules,
            signatures=signature_checker(),
            signature_mode=self.mode,
            journal=self.journal,
            public_url=lambda: self.public_url,
            metrics=self.metrics,
            clock=lambda: NOW,
            **lookup,
        )
        return Starlette(routes=hook_routes(door))

    async def request(self, method: str, path: str, **parts: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app(), client=("203.0.113.9", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://sidecar") as client:
            return await client.request(method, path, **parts)

    async def post(
        self, body: str | bytes = NEW_CALL, side: str = "in", *, token: str = TOKEN, **headers: str
    ) -> httpx.Response:
        sent = {"content-type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.request("POST", f"/api/v1/sipgate/{token}/{side}", content=body, headers=sent)

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"sidecar_{name}", labels) or 0.0

    def hooks(self, outcome: str, event: str = "none", direction: str = "in") -> float:
        return self.counted("hooks_total", direction=direction, event=event, outcome=outcome)


def assert_xml(response: httpx.Response, xml: str = "<Response/>", status: int = 200) -> None:
    assert (response.status_code, response.text) == (status, xml)
    assert response.headers["content-type"] == "application/xml"
    assert response.headers["content-length"] == str(len(response.content))
    assert "content-encoding" not in response.headers


# the answers


async def test_a_call_without_rule_rings_and_its_events_are_asked_for() -> None:
    sidecar = Sidecar()
    assert_xml(await sidecar.post(), LET_RING)
    assert sidecar.hooks("let_ring", "newCall") == 1
    assert sidecar.counted("hook_seconds_count") == 1
    assert sidecar.counted("last_hook_timestamp_seconds") == NOW


async def test_the_row_holds_the_hook_as_it_came_and_the_answer_without_token() -> None:
    sidecar = Sidecar()
    await sidecar.post()
    assert sidecar.journal.rows == [
        HookRow(
            received_at=NOW,
            path="in",
            content_type="application/x-www-form-urlencoded",
            body=NEW_CALL.encode(),
            source="203.0.113.9",
            signature="missing",
            event="newCall",
            call_id="c-1",
            direction="in",
            caller="491715000000",
            callee="4930600000",
            status="ok",
            decision="no rule applies",
            rejected=False,
            answer=LET_RING.replace(TOKEN, "…"),
        )
    ]


async def test_a_blocked_caller_hears_busy() -> None:
    sidecar = Sidecar()
    response = await sidecar.post(NEW_CALL.replace("491715000000", "4989123456"))
    assert_xml(response, f'<Response onHangup="{URL_IN}"><Reject reason="busy"/></Response>')
    (row,) = sidecar.journal.rows
    assert (row.rejected, row.decision) == (True, "blocked: spam (4989*)")
    assert sidecar.hooks("reject", "newCall") == 1


async def test_an_outbound_call_gets_its_caller_id() -> None:
    sidecar = Sidecar(rules=written_rules(routes=[route("41*", "493077")]))
    url = f"{PUBLIC_URL}/api/v1/sipgate/{TOKEN}/out"
    response = await sidecar.post("event=newCall&callId=1&from=w0&to=%2B41791234567", "out")
    dial = '<Dial callerId="493077"><Number>41791234567</Number></Dial>'
    assert_xml(response, f'<Response onAnswer="{url}" onHangup="{url}">{dial}</Response>')
    assert sidecar.hooks("dial", "newCall", "out") == 1


async def test_the_path_says_where_the_callbacks_point_and_the_body_what_the_call_is() -> None:
    sidecar = Sidecar(rules=written_rules(default="493077"))
    response = await sidecar.post("event=newCall&direction=out&callId=1&to=41791234567", "in")
    assert URL_IN in response.text
    assert "<Dial" in response.text


@pytest.mark.parametrize("event", ["answer", "hangup", "dtmf"])
async def test_later_events_are_acknowledged(event: str) -> None:
    sidecar = Sidecar()
    assert_xml(await sidecar.post(f"event={event}&callId=c-1&from=4989123456"))
    assert [row.event for row in sidecar.journal.rows] == [event]
    assert sidecar.hooks("acknowledge", event) == 1


@pytest.mark.parametrize("hook", recorded_hooks(), ids=lambda hook: hook.name)
async def test_every_recorded_hook_is_answered_and_kept(hook: RecordedHook) -> None:
    sidecar = Sidecar(rules=written_rules(default="493077", block=[{"caller_id": "491715000000"}]))
    for side in [hook.direction] if hook.direction else ["in", "out"]:
        response = await sidecar.post(hook.body, side, content_type=hook.content_type)
        assert response.status_code == 200
        assert ET.fromstring(response.content).tag == "Response"  # noqa: S314 - our own output
        assert sidecar.journal.rows[-1].body == hook.body


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        ("", "application/x-www-form-urlencoded", "unreadable: no event"),
        ("event=hold&callId=1", "application/x-www-form-urlencoded", "unreadable: unknown event: hold"),
        ("event=newCall", "application/x-www-form-urlencoded", "unreadable: no callId"),
        (NEW_CALL, "application/json", "unreadable: content type is no form: application/json"),
    ],
)
async def test_an_unreadable_hook_is_kept_with_the_reason(body: str, content_type: str, reason: str) -> None:
    sidecar = Sidecar()
    assert_xml(await sidecar.post(body, content_type=content_type))
    (row,) = sidecar.journal.rows
    assert (row.status, row.decision, row.event, row.call_id) == ("unreadable", reason, None, None)
    assert row.body == body.encode()
    assert sidecar.hooks("unreadable") == 1


async def test_an_empty_content_type_counts_as_a_form() -> None:
    sidecar = Sidecar()
    assert_xml(await sidecar.post(content_type=""), LET_RING)
    response = await sidecar.request("POST", f"/api/v1/sipgate/{TOKEN}/in", content=NEW_CALL.encode())
    assert_xml(response, LET_RING)


async def test_public_urls_and_tokens_are_escaped_in_xml() -> None:
    sidecar = Sidecar(public_url="https://h.example/?a=1&b", tokens=HookTokens(current='t&"<ü'))
    response = await sidecar.post(token="t&%22<%C3%BC")
    assert response.status_code == 200
    url = ET.fromstring(response.content).get("onHangup")  # noqa: S314 - our own output
    assert url == "https://h.example/?a=1&b/api/v1/sipgate/t%26%22%3C%C3%BC/in"


# tokens, paths, methods


async def test_a_wrong_token_is_refused_and_nothing_is_stored() -> None:
    sidecar = Sidecar()
    assert_xml(await sidecar.post(token="guess"), status=401)
    assert sidecar.journal.rows == []
    assert sidecar.hooks("wrong_token") == 1


async def test_while_no_token_is_known_the_call_goes_on_and_nothing_is_stored() -> None:
    sidecar = Sidecar(tokens=HookTokens(), rules=None)
    assert_xml(await sidecar.post())
    assert sidecar.journal.rows == []
    assert sidecar.hooks("no_token_known") == 1


async def test_the_token_before_is_accepted_while_the_overlap_lasts() -> None:
    sidecar = Sidecar(tokens=HookTokens(current="new", previous=TOKEN, previous_until=NOW + 1))
    assert_xml(await sidecar.post(), LET_RING)
    sidecar.tokens = HookTokens(current="new", previous=TOKEN, previous_until=NOW)
    assert_xml(await sidecar.post(), status=401)


async def test_before_the_rules_are_loaded_calls_ring_and_are_kept() -> None:
    sidecar = Sidecar(rules=None)
    assert_xml(await sidecar.post(), LET_RING)
    assert [row.decision for row in sidecar.journal.rows] == ["rules are not loaded yet"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
async def test_other_methods_are_405(method: str) -> None:
    sidecar = Sidecar()
    response = await sidecar.request(method, f"/api/v1/sipgate/{TOKEN}/in")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert sidecar.journal.rows == []


@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["", "/", "/in", "/out", "//in", f"/{TOKEN}", f"/{TOKEN}/", f"/{TOKEN}/in/", f"/{TOKEN}/IN", f"/x/{TOKEN}/in"],
)
async def test_a_path_without_token_and_side_is_404_and_never_a_redirect(method: str, path: str) -> None:
    assert (await Sidecar().request(method, f"/api/v1/sipgate{path}", content=b"")).status_code == 404


# size


async def test_a_body_of_64_kib_is_read_and_one_byte_more_is_413() -> None:
    sidecar = Sidecar()
    longest = NEW_CALL.encode() + b"&x=" + b"a" * (64 * 1024 - len(NEW_CALL) - 3)
    assert_xml(await sidecar.post(longest), LET_RING)
    assert_xml(await sidecar.post(longest + b"a"), status=413)
    assert len(sidecar.journal.rows) == 1
    assert sidecar.hooks("too_large") == 1


async def test_200_fields_are_read_and_one_more_is_413() -> None:
    sidecar = Sidecar()
    body = "event=newCall&callId=1" + "&x=1" * 198
    assert_xml(await sidecar.post(body), LET_RING)
    assert_xml(await sidecar.post(body + "&"), status=413)


async def test_a_wrong_token_is_refused_before_the_size_is_looked_at() -> None:
    assert_xml(await Sidecar().post(b"a" * 100_000, token="guess"), status=401)


async def test_an_endless_body_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"a" * 65_536

    scope: dict[str, Any] = asgi_scope(headers=[])
    body = endless()

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": await anext(body), "more_body": True}

    messages = await call_asgi(Sidecar(), scope, receive)
    assert messages[0]["status"] == 413
    assert (b"connection", b"close") in messages[0]["headers"]
    assert sent <= 17


async def test_an_announced_giant_is_refused_unread() -> None:
    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("must not be read")

    messages = await call_asgi(Sidecar(), asgi_scope(headers=[(b"content-length", b"99999999")]), receive)
    assert messages[0]["status"] == 413


async def test_a_sender_that_goes_away_gets_no_answer_and_leaves_no_row() -> None:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    sidecar = Sidecar()
    assert await call_asgi(sidecar, asgi_scope(headers=[]), receive) == []
    assert sidecar.journal.rows == []


def asgi_scope(*, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    path = f"/api/v1/sipgate/{TOKEN}/in"
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "headers": headers,
        "query_string": b"",
    }


async def call_asgi(
    sidecar: Sidecar, scope: dict[str, Any], receive: Callable[[], Awaitable[MutableMapping[str, Any]]]
) -> list[MutableMapping[str, Any]]:
    messages: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(message)

    await sidecar.app()(scope, receive, send)
    return messages


# signatures


@pytest.mark.parametrize("mode", ["report", "enforce"])
async def test_what_sipgate_has_signed_is_answered(mode: SignatureMode) -> None:
    sidecar = Sidecar(mode=mode)
    assert_xml(await sidecar.post(BODY, x_sipgate_signature=SIGNATURE.decode()), LET_RING)
    assert [row.signature for row in sidecar.journal.rows] == ["valid"]
    assert sidecar.counted("signatures_total", result="valid") == 1


@pytest.mark.parametrize(("headers", "result"), [({}, "missing"), ({"x_sipgate_signature": "AAAA"}, "invalid")])
async def test_enforce_refuses_what_sipgate_has_not_signed(headers: dict[str, str], result: str) -> None:
    sidecar = Sidecar(mode="enforce")
    assert_xml(await sidecar.post(BODY, **headers), status=403)
    assert sidecar.journal.rows == []
    assert sidecar.hooks("wrong_signature") == 1
    assert sidecar.counted("signatures_total", result=result) == 1


@pytest.mark.parametrize(("headers", "result"), [({}, "missing"), ({"x_sipgate_signature": "AAAA"}, "invalid")])
async def test_report_answers_and_keeps_the_result(headers: dict[str, str], result: str) -> None:
    sidecar = Sidecar()
    assert_xml(await sidecar.post(BODY, **headers), LET_RING)
    assert [row.signature for row in sidecar.journal.rows] == [result]


async def test_off_looks_at_no_signature() -> None:
    sidecar = Sidecar(mode="off")
    assert_xml(await sidecar.post(BODY, x_sipgate_signature="AAAA"), LET_RING)
    assert [row.signature for row in sidecar.journal.rows] == ["off"]


async def test_a_signature_sent_twice_is_wrong() -> None:
    sidecar = Sidecar(mode="enforce")
    headers = [("x-sipgate-signature", SIGNATURE.decode())] * 2
    response = await sidecar.request("POST", f"/api/v1/sipgate/{TOKEN}/in", content=BODY, headers=headers)
    assert_xml(response, status=403)


async def test_a_signed_body_is_verified_before_it_is_read() -> None:
    body, signature = signed_body("signed_nodetest")
    sidecar = Sidecar(mode="enforce")
    assert_xml(await sidecar.post(body, x_sipgate_signature=signature.decode()))
    assert [row.decision for row in sidecar.journal.rows] == ["unreadable: no callId"]


# the nonce of `check`


async def test_a_nonce_comes_back_before_signature_and_journal() -> None:
    sidecar = Sidecar(mode="enforce")
    response = await sidecar.post("", x_sidecar_nonce="n-1")
    assert_xml(response)
    assert response.headers["x-sidecar-nonce"] == "n-1"
    assert sidecar.journal.rows == []


async def test_a_nonce_needs_the_token() -> None:
    response = await Sidecar().post("", token="guess", x_sidecar_nonce="n-1")
    assert response.status_code == 401
    assert "x-sidecar-nonce" not in response.headers


# the switch in Zammad


async def test_switched_off_calls_go_on_and_are_only_counted() -> None:
    sidecar = Sidecar(rules=written_rules(block=[{"caller_id": "*"}], enabled=False))
    for body in (NEW_CALL, "event=hangup&callId=c-1", "event=hold&callId=1"):
        assert_xml(await sidecar.post(body))
    assert sidecar.journal.rows == []
    assert sidecar.hooks("switched_off", "newCall") == 1
    assert sidecar.counted("journal_failures_total") == 0


async def test_switched_off_hooks_of_known_calls_are_kept() -> None:
    async def known(event: CallEvent) -> bool:
        return event.call_id == "c-1"

    sidecar = Sidecar(rules=written_rules(enabled=False), known_call=known)
    assert_xml(await sidecar.post("event=hangup&callId=c-1"))
    assert_xml(await sidecar.post("event=hangup&callId=c-2"))
    assert [(row.call_id, row.decision) for row in sidecar.journal.rows] == [
        ("c-1", "integration is switched off in Zammad")
    ]


async def test_switched_off_a_stuck_database_does_not_keep_the_phone_waiting() -> None:
    async def stuck(_event: CallEvent) -> bool:
        await asyncio.Event().wait()
        return True

    sidecar = Sidecar(rules=written_rules(enabled=False), known_call=stuck)
    assert_xml(await sidecar.post("event=hangup&callId=c-1"))
    assert sidecar.counted("journal_failures_total") == 1


# faults


@pytest.mark.parametrize(
    "journal", [ListJournal(durable=False), ListJournal(fault=RuntimeError("disk"))], ids=["over budget", "fault"]
)
async def test_a_journal_that_does_not_keep_the_row_changes_no_answer(journal: ListJournal) -> None:
    sidecar = Sidecar(journal=journal)
    response = await sidecar.post(NEW_CALL.replace("491715000000", "4989123456"))
    assert_xml(response, f'<Response onHangup="{URL_IN}"><Reject reason="busy"/></Response>')
    assert sidecar.counted("journal_failures_total") == 1


@pytest.mark.parametrize(("event", "xml"), [("newCall", LET_RING), ("hangup", "<Response/>")])
async def test_a_fault_in_the_rules_lets_the_call_go_on_and_keeps_the_hook(event: str, xml: str) -> None:
    sidecar = Sidecar(broken_rules=KeyError("491715000000"))
    assert_xml(await sidecar.post(NEW_CALL.replace("newCall", event)), xml)
    assert [(row.status, row.event, row.decision) for row in sidecar.journal.rows] == [
        ("fault", event, "internal fault")
    ]
    assert sidecar.hooks("fault", event) == 1


async def test_any_other_fault_is_answered_too() -> None:
    sidecar = Sidecar(public_url="\ud800")  # cannot be encoded
    assert_xml(await sidecar.post())
    assert sidecar.hooks("fault") == 1


async def test_no_log_holds_a_token_or_a_number(caplog: pytest.LogCaptureFixture) -> None:
    structlog.reset_defaults()
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        fault = RuntimeError(f"{TOKEN} 491715000000")
        await Sidecar(journal=ListJournal(fault=fault), broken_rules=fault).post()
        await Sidecar().post(token="guess-49171")
        await Sidecar(mode="enforce").post()
    assert len(logs) == 2
    assert {entry["event"] for entry in logs} == {"hook_fault"}
    assert {entry["error"] for entry in logs} == {"RuntimeError"}
    for secret in (TOKEN, "guess", "49171"):
        assert secret not in str(logs)
    assert TOKEN not in "".join(record.getMessage() for record in caplog.records if "sidecar" in record.name)


# any bytes


@pytest.mark.parametrize("side", ["in", "out"])
@given(
    body=st.binary(max_size=400)
    | st.dictionaries(
        st.sampled_from(["event", "callId", "from", "to", "user[]", "userId[]", "direction", "cause"]),
        st.sampled_from(["newCall", "answer", "in", "out", "4989123456", "anonymous", ""]) | st.text(max_size=20),
    ).map(lambda form: urlencode(form, errors="replace").encode())
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_body_is_answered_with_well_formed_xml(side: str, body: bytes) -> None:
    sidecar = Sidecar(rules=written_rules(default="493077", block=[{"caller_id": "49*"}, {"caller_id": "anonymous"}]))
    response = asyncio.run(sidecar.post(body, side))
    assert response.status_code == (413 if body.count(b"&") >= 200 else 200)
    assert ET.fromstring(response.content).tag == "Response"  # noqa: S314 - our own output
    assert len(sidecar.journal.rows) == (response.status_code == 200)

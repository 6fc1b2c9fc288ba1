"""The door to sipgate: how hooks are answered and kept, and nothing but 200 for a hook, whatever breaks."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from sidecar.calls.decide import Decided
from sidecar.calls.reasons import as_text, because
from sidecar.calls.sipgate.events import CallEvent
from sidecar.errors import StoreError
from sidecar.hooks.http import MOST_OF_A_HEADER
from sidecar.hooks.tokens import HookTokens
from sidecar.store.journal.rows import HookRow
from tests.sentences import said_by
from tests.sidecar.calls.rules.rule_settings import route, written_rules
from tests.sidecar.hooks.hook_door import (
    LET_RING,
    NEW_CALL,
    NOW,
    PUBLIC_URL,
    TOKEN,
    URL_IN,
    ListJournal,
    Sidecar,
    assert_xml,
)
from tests.sipgate_recordings import RecordedHook, recorded_hooks

pytestmark = pytest.mark.anyio


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
            decision=as_text(because(Decided.NO_RULE)),
            rejected=False,
            answer=LET_RING.replace(TOKEN, "…"),
        )
    ]


async def test_a_blocked_caller_hears_busy() -> None:
    sidecar = Sidecar()
    response = await sidecar.post(NEW_CALL.replace("491715000000", "4989123456"))
    assert_xml(response, f'<Response onHangup="{URL_IN}"><Reject reason="busy"/></Response>')
    (row,) = sidecar.journal.rows
    assert (row.rejected, said_by(row.decision)) == (True, "blocked: spam (4989*)")
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
    assert (row.status, said_by(row.decision), row.event, row.call_id) == ("unreadable", reason, None, None)
    assert row.body == body.encode()
    assert sidecar.hooks("unreadable") == 1


async def test_of_a_long_header_the_beginning_is_kept() -> None:
    sidecar = Sidecar()
    assert_xml(await sidecar.post(content_type="text/" + "x" * 5000))
    kept = sidecar.journal.rows[-1].content_type or ""
    assert kept.startswith("text/xxx")
    assert len(kept) == MOST_OF_A_HEADER


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
    assert [(row.call_id, said_by(row.decision)) for row in sidecar.journal.rows] == [
        ("c-1", "integration is switched off in Zammad")
    ]


async def test_switched_off_a_stuck_database_keeps_no_phone_waiting_and_no_call_open() -> None:
    async def stuck(_event: CallEvent) -> bool:
        await asyncio.Event().wait()
        return True

    sidecar = Sidecar(rules=written_rules(enabled=False), known_call=stuck)
    assert_xml(await sidecar.post("event=hangup&callId=c-1"))
    assert [row.call_id for row in sidecar.journal.rows] == ["c-1"], "in doubt the hook is kept: the fold looks again"


async def test_switched_off_without_a_database_the_hook_is_kept_as_well() -> None:
    async def gone(_event: CallEvent) -> bool:
        raise StoreError("connection refused")

    sidecar = Sidecar(rules=written_rules(enabled=False), known_call=gone)
    assert_xml(await sidecar.post("event=hangup&callId=c-1"))
    assert [row.call_id for row in sidecar.journal.rows] == ["c-1"]
    assert sidecar.counted("journal_failures_total") == 0


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
    assert [(row.status, row.event, said_by(row.decision)) for row in sidecar.journal.rows] == [
        ("fault", event, "internal fault")
    ]
    assert sidecar.hooks("fault", event) == 1


async def test_any_other_fault_is_answered_too() -> None:
    sidecar = Sidecar(public_url="\ud800")  # cannot be encoded
    assert_xml(await sidecar.post())
    assert sidecar.hooks("fault") == 1


async def test_no_log_holds_a_token_or_a_number(caplog: pytest.LogCaptureFixture) -> None:
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


async def test_whoever_watches_is_shown_each_hook_that_is_kept() -> None:
    seen: list[HookRow] = []
    sidecar = Sidecar(watchers=[seen.append])
    await sidecar.post()
    await sidecar.post(token="wrong")
    assert seen == sidecar.journal.rows != []


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

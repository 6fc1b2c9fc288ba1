"""The door to sipgate: tokens, paths, methods, sizes and signatures, in the order they are looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import pytest

from sidecar.hooks.signature import SignatureMode
from sidecar.hooks.tokens import HookTokens
from tests.sentences import said_by
from tests.sidecar.hooks.hook_door import LET_RING, NEW_CALL, NOW, TOKEN, Sidecar, assert_xml
from tests.sipgate_recordings import signed_body

pytestmark = pytest.mark.anyio

BODY, SIGNATURE = signed_body("signed_captured")


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
    assert [said_by(row.decision) for row in sidecar.journal.rows] == ["rules are not loaded yet"]


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
    ["", "/", "/in", "/out", "//in", f"/{TOKEN}", f"/{TOKEN}/", f"/{TOKEN}/in//", f"/{TOKEN}/IN", f"/x/{TOKEN}/in"],
)
async def test_a_path_without_token_and_side_is_404_and_never_a_redirect(method: str, path: str) -> None:
    assert (await Sidecar().request(method, f"/api/v1/sipgate{path}", content=b"")).status_code == 404


async def test_a_slash_behind_the_path_is_allowed_as_in_zammad() -> None:
    sidecar = Sidecar()
    assert (await sidecar.request("POST", f"/api/v1/sipgate/{TOKEN}/in/", content=NEW_CALL)).status_code == 200
    assert len(sidecar.journal.rows) == 1


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
    assert [said_by(row.decision) for row in sidecar.journal.rows] == ["unreadable: no callId"]


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

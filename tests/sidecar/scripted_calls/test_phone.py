"""The scripted phone does what the XML says, and nothing else."""

from __future__ import annotations

import httpx
import pytest

from sidecar.demo.company import JANE
from sidecar.scripted_calls.phone import Act, Exchange, Order, Phone, wishes_in
from sidecar.scripted_calls.script import Script, answered

pytestmark = pytest.mark.anyio
CALL = Script(direction="in", caller="49301234567", callee="493023125000", steps=answered(JANE, by=JANE))


class Exchanged:
    """What was posted to a sidecar that gives the same answer to everything."""

    def __init__(self, xml: str) -> None:
        self._xml = xml
        self.requests: list[httpx.Request] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, text=self._xml)

    async def play(self) -> list[Exchange]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(self.answer)) as client:
            urls = {"in": "http://sidecar.example/in", "out": "http://sidecar.example/out"}
            phone = Phone(client=client, urls=urls, sign=lambda body: f"signed {len(body)}")
            return [exchange async for exchange in phone.play(CALL, call="c1")]


async def test_further_events_go_where_the_answer_said() -> None:
    sidecar = Exchanged('<Response onAnswer="http://a.example/x?a=1&amp;b=2" onHangup="http://h.example/y"/>')
    await sidecar.play()
    assert [str(request.url) for request in sidecar.requests] == [
        "http://sidecar.example/in",
        "http://a.example/x?a=1&b=2",
        "http://h.example/y",
    ]


@pytest.mark.parametrize("xml", ["<Response/>", "no XML", ""])
async def test_without_callbacks_nothing_more_is_sent(xml: str) -> None:
    assert len(await Exchanged(xml).play()) == 1


async def test_a_rejected_call_is_never_answered() -> None:
    exchanges = await Exchanged(
        '<Response onAnswer="http://a.example" onHangup="http://h.example"><Reject reason="busy"/></Response>'
    ).play()
    assert [exchange.step.event for exchange in exchanges] == ["newCall", "hangup"]


async def test_hooks_look_as_sipgate_sends_them() -> None:
    sidecar = Exchanged("<Response/>")
    await sidecar.play()
    request = sidecar.requests[0]
    assert request.method == "POST"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert request.headers["User-Agent"] == "sipgate.io"
    assert request.headers["X-Sipgate-Signature"] == f"signed {len(request.content)}"
    assert b"user%5B%5D=Jane+Doe" in request.content


def test_a_caller_id_is_read_with_the_number_that_is_dialled() -> None:
    xml = '<Response onHangup="u"><Dial callerId="4930"><Number>41446681800</Number></Dial></Response>'
    assert wishes_in(xml).order == Order(act=Act.DIALS, number="41446681800", caller_id="4930")

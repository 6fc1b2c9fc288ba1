"""A scripted phone: posts hooks as sipgate does, and does what the answers say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError, fromstring

import httpx

from sidecar.scripted_calls.script import Script, Step, form_of

_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "User-Agent": "sipgate.io",
    "Accept": "application/xml, text/plain, text/html",
    "Accept-Charset": "utf-8",
    "Accept-Encoding": "gzip,deflate",
}


class Act(StrEnum):
    RINGS = "rings"
    BUSY = "busy"
    REJECTS = "rejects"
    DIALS = "dials"
    GOES_ON = "goes on"
    MISREAD = "misread"  # nothing that sipgate would understand


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What sipgate is told to do with a call; where it dials: whom, and as whom."""

    act: Act
    number: str = ""
    caller_id: str = ""


RINGS, BUSY = Order(act=Act.RINGS), Order(act=Act.BUSY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What an answer asks of sipgate; an empty URL asks for no further event."""

    order: Order = Order(act=Act.GOES_ON)
    on_answer: str = ""
    on_hangup: str = ""

    @property
    def rejected(self) -> bool:
        return self.order.act in {Act.BUSY, Act.REJECTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One hook and its answer."""

    step: Step
    form: Sequence[tuple[str, str]]
    status: int
    xml: str
    wishes: Wishes


class Phone:
    """Follows the answers: a leg whose `newCall` was not told where to send further events sends none.

    Args:
        urls: what is entered at sipgate, by direction.
        sign: the value of X-Sipgate-Signature for a body; none is sent without it.
        on_host: where an URL of an answer is really looked for.

    """

    def __init__(
        self,
        *,
        client: httpx.AsyncClient,
        urls: Mapping[str, str],
        sign: Callable[[bytes], str] | None = None,
        on_host: Callable[[str], str] = lambda url: url,
    ) -> None:
        self._client = client
        self._urls = urls
        self._sign = sign
        self._on_host = on_host

    async def play(self, script: Script, *, call: str) -> AsyncIterator[Exchange]:
        """Each hook that is really sent, once it is answered. The next one waits for whoever iterates.

        Raises: httpx.HTTPError.
        """
        legs: dict[str, Wishes] = {}
        for step in script.steps:
            first = step.event == "newCall"
            url = self._urls[script.direction] if first else _wanted_at(step, legs)
            if not url:
                continue
            exchange = await self._post(step, url if first else self._on_host(url), form_of(step, script, call=call))
            if first:
                legs[step.leg] = exchange.wishes
            yield exchange

    async def _post(self, step: Step, url: str, form: list[tuple[str, str]]) -> Exchange:
        body = urlencode(form).encode()
        signed = {"X-Sipgate-Signature": self._sign(body)} if self._sign else {}
        answer = await self._client.post(url, content=body, headers={**_HEADERS, **signed})
        return Exchange(step=step, form=form, status=answer.status_code, xml=answer.text, wishes=wishes_in(answer.text))


def _wanted_at(step: Step, legs: Mapping[str, Wishes]) -> str:
    wishes = legs.get(step.leg, Wishes())
    if step.event == "hangup":
        return wishes.on_hangup
    return "" if wishes.rejected else wishes.on_answer


def wishes_in(xml: str) -> Wishes:
    """What sipgate would understand of an answer; nothing of one that is no XML."""
    try:
        response = fromstring(xml)  # noqa: S314 - the answer of our own service
    except ParseError:
        return Wishes(order=Order(act=Act.MISREAD))
    return Wishes(
        order=_order_in(response),
        on_answer=response.get("onAnswer", ""),
        on_hangup=response.get("onHangup", ""),
    )


def _order_in(response: Element) -> Order:
    if (reject := response.find("Reject")) is not None:
        return BUSY if reject.get("reason") == "busy" else Order(act=Act.REJECTS)
    if (dial := response.find("Dial")) is not None:
        return Order(act=Act.DIALS, number=dial.findtext("Number", ""), caller_id=dial.get("callerId", ""))
    return RINGS if response.get("onHangup") else Order(act=Act.GOES_ON)

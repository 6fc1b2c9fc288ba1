"""An agent writes a note about the call that has just ended, on the sidecar's own page, as a browser without script."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx

from sidecar.demo.set_up import SetUp
from sidecar.words.wording import Words
from zammad_client.simulator import Simulator
from zammad_client.simulator.models.tickets import Ticket

AUTHOR = 4  # Jane
_TIMEOUT = 20.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNote:
    """`ticket` is the title of the one it goes into."""

    ticket: str
    text: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSeen:
    """As it stands in the ticket; without minutes no time was booked, without a text nothing was written."""

    ticket: str
    text: str
    minutes: float | None

    def in_words(self, words: Words) -> str:
        """`5 min in Delivery: He will call again`."""
        text = self.text or words.gettext("no note")
        if self.minutes is None:
            return words.gettext("no time in {ticket}: {text}", ticket=self.ticket, text=text)
        minutes = words.count(self.minutes)
        return words.gettext("{minutes} min in {ticket}: {text}", minutes=minutes, ticket=self.ticket, text=text)


async def write_note(set_up: SetUp, call: int, note: CallNote) -> None:
    """`call`: the number of its conversation. Raises: httpx.HTTPError."""
    page = f"{set_up.sidecar_url}/sidecar/calls/{call}/note"
    async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=True) as browser:
        await browser.get(f"{set_up.zammad_url}/sim/login", params={"user": AUTHOR})
        await browser.get(f"{set_up.sidecar_url}/sidecar/sign-in")
        form = (await browser.get(page)).text
        fields = {
            **{name: _hidden(form, name) for name in ("csrf", "key")},
            "note": note.text,
            "minutes": str(note.minutes),
            "number": _newest(set_up.sim, note.ticket).number,
            "then": "leave",
        }
        await browser.post(f"{page}/save", data=fields, headers={"Origin": set_up.sidecar_url})


def newest_note(sim: Simulator, note: CallNote) -> NoteSeen:
    ticket = _newest(sim, note.ticket)
    with sim.lock:
        written = any(note.text in article.body for article in ticket.articles)
        booked = [booking.units for booking in ticket.booked]
    return NoteSeen(ticket=ticket.title, text=note.text if written else "", minutes=booked[-1] if booked else None)


def _newest(sim: Simulator, title: str) -> Ticket:
    with sim.lock:
        return [ticket for ticket in sim.tickets.all() if ticket.title == title][-1]


def _hidden(form: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', form)
    return found[1] if found else ""

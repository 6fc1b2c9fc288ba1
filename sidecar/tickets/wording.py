"""What stands in callback tickets: titles and articles, in one language and zone for the whole company."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sidecar.calls.callbacks.unindexed import unlike_numbers, unlike_numbers_in_address
from sidecar.calls.pages.listing import ListedCall
from sidecar.words.marks import N_plural
from sidecar.words.wording import Words

LONGEST_TITLE = 200  # characters; Zammad takes 250
AGAIN = N_plural(
    "{caller} called again, {total} times in all.",
    "{caller} called again {count} times, {total} times in all.",
    by="count",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWording:
    """`story`: the address of a call's page. No text holds digits that Zammad takes for a number, but the title."""

    words: Words
    story: Callable[[int], str]
    messages: frozenset[int] = frozenset()  # calls that a voicemail has answered

    def title(self, call: ListedCall) -> str:
        return self.words.gettext("Missed call from {caller}", caller=self._caller(call))[:LONGEST_TITLE]

    @property
    def subject(self) -> str:
        return self.words.gettext("Missed call")

    def subject_of_talk(self, talk: ListedCall) -> str:
        return self.words.gettext("Called back") if talk.outbound else self.words.gettext("Called again and talked")

    def first(self, calls: Sequence[ListedCall]) -> str:
        said = self.words.gettext("{caller} called and reached nobody.", caller=self._caller(calls[-1]))
        return self._article([said, "", *map(self._attempt, calls)], calls[-1])

    def again(self, calls: Sequence[ListedCall], *, total: int) -> str:
        said = self.words.said(AGAIN, caller=self._caller(calls[-1]), count=len(calls), total=total)
        return self._article([said, "", *map(self._attempt, calls)], calls[-1])

    def talk(self, talk: ListedCall, calls: Sequence[ListedCall], *, total: int) -> str:
        """`calls`: those before it that no article tells of yet."""
        about = {
            "agent": talk.agent or self.words.gettext("Somebody"),
            "caller": self._caller(talk),
            "when": self.words.when(talk.answered_at or talk.started_at),
            "span": self.words.in_units(talk.talking or 0.0),
        }
        if talk.outbound:
            said = self.words.gettext("{agent} called {caller} back, {when}, and talked for {span}.", **about)
        else:
            said = self.words.gettext("{caller} called again, {when}, and talked to {agent} for {span}.", **about)
        lines = [said]
        if calls:
            before = self.words.said(AGAIN, caller=self._caller(calls[-1]), count=len(calls), total=total)
            lines += ["", before, *map(self._attempt, calls)]
        return self._article(lines, talk)

    def _attempt(self, call: ListedCall) -> str:
        if call.id in self.messages:
            when, line = self.words.when(call.started_at), self.words.phone(call.line)
            return self.words.gettext("{when}: left a message on {line}.", when=when, line=line)
        waited = (call.ended_at or call.started_at) - call.started_at
        return self.words.gettext(
            "{when}: rang for {span} on {line}.",
            when=self.words.when(call.started_at),
            span=self.words.in_units(waited),
            line=self.words.phone(call.line),
        )

    def _caller(self, call: ListedCall) -> str:
        number = self.words.phone(call.number or call.other_party)
        return f"{call.person} ({number})" if call.customer is not None and call.person else number

    def _article(self, lines: Sequence[str], call: ListedCall) -> str:
        return f"{unlike_numbers(chr(10).join(lines))}\n\n{unlike_numbers_in_address(self.story(call.id))}"

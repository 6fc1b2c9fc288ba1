"""How things are said to one person: messages in their language, times of their zone, spans and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from gettext import NullTranslations

from sidecar.words import formats
from sidecar.words.catalogues import translations
from sidecar.words.formats import NOTHING, isolated
from sidecar.words.languages import SOURCE
from sidecar.words.marks import Message, Plural
from sidecar.words.terms import TERMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Spans are seconds, instants UTC epoch seconds. Equal ones say everything alike."""

    language: str = SOURCE
    zone: str = "UTC"

    @property
    def catalogue(self) -> NullTranslations:
        return translations(self.language)

    def gettext(self, message: str, **values: object) -> str:
        said = self.catalogue.gettext(message)
        return said.format(**{name: isolated(value) for name, value in values.items()}) if values else said

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """`{count}` is written as the language does."""
        return self.catalogue.ngettext(one, many, count).format(count=self.count(count), **values)

    def said(self, message: Message, **values: object) -> str:
        """A message that was marked elsewhere."""
        match message:
            case str():
                return self.gettext(message, **values)
            case Plural(one=one, many=many, by=by):
                number = values.get(by, 0)
                return self.catalogue.ngettext(one, many, number if isinstance(number, int) else 0).format(**values)

    def term(self, kind: str, value: str) -> str:
        """The word for a code; what a newer release has stored is shown as it is."""
        known = TERMS[kind].get(value)
        return self.gettext(known) if known else value

    def moment(self, at: float) -> datetime:
        return formats.moment(at, self.zone)

    def clock(self, at: float) -> str:
        return formats.clock(self.moment(at), self.language)

    def exact_clock(self, at: float) -> str:
        return formats.exact_clock(self.moment(at), self.language)

    def day(self, at: float) -> str:
        return formats.day(self.moment(at), self.language)

    def short_day(self, at: float) -> str:
        """Mon 3 Nov or Mo., 3. Nov."""
        return formats.short_day(self.moment(at), self.language)

    def shortest_day(self, day: date) -> str:
        """Mon 03/11 or Mo., 3.11.: as below a column."""
        return formats.shortest_day(day, self.language)

    def dates(self, first: date, last: date) -> str:
        """14 Oct 2026, or 1 Oct 2026 to 14 Oct 2026."""
        if first == last:
            return formats.day(first, self.language)
        return f"{formats.day(first, self.language)} \N{EN DASH} {formats.day(last, self.language)}"

    def weekday(self, number: int) -> str:
        """Mon or Mo.; Monday is 0."""
        return formats.weekday(number, self.language)

    def when(self, at: float) -> str:
        return f"{self.day(at)}, {self.clock(at)}"

    def exactly(self, at: float) -> str:
        return f"{self.day(at)}, {self.exact_clock(at)}"

    def iso(self, at: float) -> str:
        """For the machine: `<time datetime>`."""
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")

    def span(self, seconds: float | None) -> str:
        """3:07, or 1:02:03 from an hour on: as in columns."""
        return NOTHING if seconds is None else formats.as_clock(seconds)

    def in_units(self, seconds: float) -> str:
        """1 min 8 secs: as in sentences."""
        return formats.in_units(seconds, self.language)

    def ago(self, seconds: float) -> str:
        """3 days ago."""
        return formats.ago(seconds, self.language)

    def hours(self, seconds: float) -> str:
        """4:05 h, for sums."""
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours}:{minutes:02} h"

    def seconds(self, seconds: float | None) -> str:
        return NOTHING if seconds is None else formats.seconds(seconds, self.language)

    def percent(self, share: float | None) -> str:
        return NOTHING if share is None else formats.percent(share, self.language)

    def count(self, number: float) -> str:
        """1,234.5 or 1.234,5."""
        return formats.decimal(number, self.language)

    def some_of(self, names: Sequence[str], most: int = 3) -> str:
        """The first ones, and how many more there are."""
        shown, more = ", ".join(self.names(names[:most])), len(names) - most
        if more <= 0:
            return shown
        return self.ngettext("{names} and {count} more", "{names} and {count} more", more, names=shown)

    def names(self, names: Iterable[str]) -> list[str]:
        """With words for whoever has none."""
        return [name or self.gettext("somebody without a name") for name in names]

    def phone(self, number: str | None) -> str:
        """Of any number; a dash where there is none."""
        return self.caller(number) if number else NOTHING

    def caller(self, number: str | None) -> str:
        """Of who calls: sipgate says nothing, or "anonymous", where the number is withheld."""
        return formats.number_as_read(number or "") or self.gettext("Number withheld")

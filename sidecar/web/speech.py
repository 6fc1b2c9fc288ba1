"""How things are said to one visitor: texts of their language, times of their zone, spans, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from sidecar.calls.identification import reasons_in
from sidecar.calls.listing import ListedCall
from sidecar.web.words import WORDS

LANGUAGES = ("en", "de")
NOTHING = "\N{EN DASH}"
_WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    language: str
    zone: str

    def __call__(self, key: str, **values: object) -> str:
        """The text of this key. Raises: KeyError for one that does not exist."""
        text = WORDS[key][LANGUAGES.index(self.language)]
        return text.format(**values) if values else text

    def moment(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, ZoneInfo(self.zone))

    def clock(self, at: float) -> str:
        return f"{self.moment(at):%H:%M}"

    def exact_clock(self, at: float) -> str:
        return f"{self.moment(at):%H:%M:%S}"

    def day(self, at: float) -> str:
        moment = self.moment(at)
        return f"{moment:%d.%m.%Y}" if self.language == "de" else f"{moment:%Y-%m-%d}"

    def when(self, at: float) -> str:
        return f"{self.day(at)}, {self.clock(at)}"

    def iso(self, at: float) -> str:
        """For the machine: `<time datetime>`."""
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")

    def span(self, seconds: float | None) -> str:
        """3:07, or 1:02:03 from an hour on."""
        if seconds is None:
            return NOTHING
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

    def hours(self, seconds: float) -> str:
        """4:05 h, for sums."""
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours}:{minutes:02} h"

    def seconds(self, seconds: float | None) -> str:
        return NOTHING if seconds is None else f"{round(seconds)} s"

    def percent(self, share: float | None) -> str:
        return NOTHING if share is None else f"{round(100 * share)} %"

    def count(self, number: int) -> str:
        """1,234 or 1.234."""
        return f"{number:,}".replace(",", "." if self.language == "de" else ",")

    def phone(self, number: str | None) -> str:
        """Of any number; a dash where there is none."""
        return shown_number(number) or self("number.withheld") if number else NOTHING

    def caller(self, number: str | None) -> str:
        """Of who calls: sipgate says nothing, or "anonymous", where the number is withheld."""
        return shown_number(number or "") or self("number.withheld")

    def other_party(self, call: ListedCall) -> str:
        number = call.number or call.other_party
        return self.phone(number) if call.outbound else self.caller(number)

    def recognised(self, written: str) -> str | None:
        """How a caller was recognised (`Identification.reason`); None where it can only be said as it is written."""
        reasons = reasons_in(written)
        if reasons is None:
            return None
        said = (self(f"reason.{reason.kind}", name=reason.name) for reason in reasons)
        return self("reason.or").join(said) or self("reason.none")

    def midnight(self, day: date) -> float:
        """The beginning of this day here."""
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone)).timestamp()

    def today(self, now: float) -> date:
        return self.moment(now).date()

    def day_after(self, day: date) -> date:
        return day + timedelta(days=1)

    def short_day(self, day: date) -> str:
        return f"{_WEEKDAYS[day.weekday()]} {day:%d.%m.}" if self.language == "de" else f"{day:%a} {day.day} {day:%b}"


@lru_cache(maxsize=16_384)
def shown_number(number: str) -> str:
    """A number as people read it: +49 30 1234567. What is none is shown as it is; nothing for a withheld one."""
    if number.lower() == "anonymous":
        return ""
    digits = number.removeprefix("+")
    if not digits.isdigit() or len(digits) <= 5 or digits.startswith("0"):  # noqa: PLR2004 - up to five: an extension
        return number
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

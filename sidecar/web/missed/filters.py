"""What stands in the URL of the missed calls, so that a search can be kept as a bookmark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import urlencode

from sidecar.calls.pages.missed_search import MissedSearch, Whose
from sidecar.calls.pages.search import terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedFilters:
    """As written; what cannot be understood is no condition."""

    q: str = ""
    whose: str = ""
    line: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> MissedFilters:
        return cls(**{field.name: query.get(field.name, "").strip()[:200] for field in fields(cls)})

    def search(self, user_id: int, country: str) -> MissedSearch:
        whose = Whose(self.whose) if self.whose in list(Whose) else Whose.ALL
        return MissedSearch(
            terms=terms_of(self.q, country),
            whose=whose,
            line=self.line or None,
            person=user_id if whose is Whose.MINE else None,
        )

    def query(self, **more: object) -> str:
        """For an address: only what is set."""
        return urlencode({name: value for name, value in {**asdict(self), **more}.items() if value not in ("", None)})

    def __bool__(self) -> bool:
        return any(asdict(self).values())

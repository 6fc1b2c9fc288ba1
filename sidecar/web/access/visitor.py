"""The person in front of a page: who they are, what they may do, how they want it shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from sidecar.store.calls.visibility import SEES_ALL, Viewer
from sidecar.web.access.permissions import ADMIN
from sidecar.web.options import WebOptions, zone_named, zone_of
from sidecar.words.languages import LANGUAGES, language_asked_for
from sidecar.words.wording import Words

LANGUAGE_COOKIE = "sidecar_language"
ZONE_COOKIE = "sidecar_zone"
THEME_COOKIE = "sidecar_theme"
THEMES = ("auto", "light", "dark")
VIEW_COOKIE = "sidecar_view"
VIEWS = ("auto", "classic", "desktop")  # of Zammad; auto: as chosen there, where the browser tells it


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    user_id: int
    name: str
    permissions: frozenset[str]
    session_key: str
    csrf: str = field(repr=False)
    viewer: Viewer
    words: Words

    @property
    def is_admin(self) -> bool:
        return ADMIN in self.permissions


def viewer_of(
    user_id: int, permissions: frozenset[str], options: WebOptions, queues: frozenset[str] | None = None
) -> Viewer:
    """With `web.restrict_to_own` everybody but admins sees only calls they took part in, with a Caller Log Filter in
    Zammad besides those only calls of their queues.
    """
    if ADMIN in permissions:
        return SEES_ALL
    if options.restrict_to_own:
        return Viewer(user_id=user_id, only_own=True)
    return SEES_ALL if queues is None else Viewer(user_id=user_id, queues=queues)


def words_for(request: Request, options: WebOptions) -> Words:
    """Language and time zone: what was chosen, else what the browser asks for and where the telephones are."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    language = chosen if chosen in LANGUAGES else language_asked_for(request.headers.get("Accept-Language", ""))
    zone = request.cookies.get(ZONE_COOKIE, "")
    return Words(language=language, zone=zone if zone and zone_named(zone) else zone_of(options.country))


def theme_of(request: Request) -> str:
    theme = request.cookies.get(THEME_COOKIE, "")
    return theme if theme in THEMES else "auto"


def view_of(request: Request) -> str:
    view = request.cookies.get(VIEW_COOKIE, "")
    return view if view in VIEWS else "auto"

"""What can be asked of Zammad and done in it, as async verbs. All of them raise ZammadError and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

import httpx

from rest_transport.errors import Trouble
from rest_transport.session import Turn
from zammad_client.errors import UnusableTokenError, ZammadRefusedError, ZammadUnavailableError
from zammad_client.failures import ZAMMAD
from zammad_client.reading import (
    acknowledged,
    attribute_from,
    call_log_from,
    email_from,
    instant_from,
    list_of,
    mandatory_from,
    names_of_fields,
    organization_from,
    setting_from,
    shown_settings_from,
    user_from,
)
from zammad_client.records import Attribute, CallLogRow, Json, Organization, Setting, User
from zammad_client.session import Session
from zammad_client.taskbar import Taskbar
from zammad_client.tickets import Tickets

SEARCH_PAGE = 200  # the most that every version gives in a search
NEWEST_FIRST = {"sort_by": "updated_at", "order_by": "desc"}
MOST_SEARCHED = 50  # pages
BY_ID = {"sort_by": "id", "order_by": "asc"}
# People are asked for without names beside ids, which takes a tenth of the time (docs/reference/zammad.md section 5.1).
PLAIN = {"expand": "false"}
FEW = 4  # requests at once of whoever has time
MIGRATION = 60.0  # seconds
MASKED = 500  # what older versions answer to what they did not expect
INTEGRATION = "admin.integration"  # shows in the list of settings, which comes with any permission below `admin`
OF_INTEGRATION = "sipgate_config"
READABLE_WITH = {  # permission -> what can be read with it alone (docs/reference/zammad.md section 8.1)
    "ticket.agent": "ticket_recent",
    "cti.agent": "cti/log",
    "admin.user": "users/import_example",
    "admin.object": "object_manager_attributes",
}


class Zammad:
    """One Zammad, asked as its service user. `timeout` is for a whole verb, retries of a read included.

    Raises: ValueError for a URL or a token that can never work.
    """

    def __init__(
        self,
        *,
        url: str,
        token: str,
        timeout: float = 10.0,
        verify: bool | str = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = _usable_url(url)
        self._session = Session(
            url=self.url, token=_usable_token(token), timeout=timeout, verify=verify, wire=transport
        )

    def in_turn(self, turn: Turn, *, threads: int = FEW) -> Zammad:
        """The same Zammad for whoever has time: each request waits for its turn first. Closed with this one.

        At most so many requests at once, in threads that nobody else waits for.
        """
        zammad = copy.copy(self)
        zammad._session = self._session.in_turn(turn, threads=threads)  # noqa: SLF001 - its own
        return zammad

    def __repr__(self) -> str:
        return f"Zammad(url={self.url!r})"

    @property
    def tickets(self) -> Tickets:
        """What can be asked and done about tickets, in the same turn."""
        return Tickets(self._session)

    @property
    def taskbar(self) -> Taskbar:
        """What agents have open in the desktop view."""
        return Taskbar(self._session)

    async def aclose(self) -> None:
        self._session.close()

    # people and organizations

    async def me(self) -> User:
        """The service user."""
        return await self._session.read(lambda api: api.user.me(), user_from)

    async def fields_of_users(self) -> frozenset[str]:
        """The names of all attributes of users, custom ones too: no permission is needed."""
        return await self._session.read(lambda api: api.session.get("users/me").json(), names_of_fields)

    async def session_user(self, cookie: str, *, user_agent: str = "", client_ip: str = "") -> User | None:
        """Whose browser this is, by the cookies it sent; None without a valid session of Zammad's.

        Browser and address go along: else Zammad would note this machine as a new device of that person, and might
        write to them about it (docs/reference/zammad.md section 8.3).
        """
        sent = {b"Cookie": cookie, b"User-Agent": user_agent, b"X-Forwarded-For": client_ip}
        headers = httpx.Headers({name: value.encode("latin-1", "replace") for name, value in sent.items() if value})
        try:
            return await self._session.read(
                lambda api: api.user.me(), user_from, headers=headers, secrets=_cookie_values(cookie)
            )
        except ZammadRefusedError as error:
            if error.status in {401, 403}:
                return None
            raise

    async def users_page(self, page: int, *, per_page: int = 500) -> list[User]:
        """Ascending by id, inactive ones too; empty past the end."""
        filters = PLAIN | {"per_page": per_page}
        return await self._session.read(lambda api: _raw(api.user.all(page, filters)), list_of(user_from))

    async def highest_user_id(self) -> int:
        """As nobody tells how many users there are; 0 where there is none."""
        filters = PLAIN | {"sort_by": "id", "order_by": "desc", "per_page": 1}
        found = await self._session.read(lambda api: _raw(api.user.search("*", 1, filters)), list_of(user_from))
        return found[0].id if found else 0

    async def recent_users(self, page: int, *, per_page: int = SEARCH_PAGE) -> list[User]:
        """Last changed first."""
        filters = PLAIN | NEWEST_FIRST | {"per_page": per_page}
        return await self._session.read(lambda api: _raw(api.user.search("*", page, filters)), list_of(user_from))

    async def users_with_permission(self, permission: str) -> list[User]:
        """The active ones, each once, by id: in an order that nobody leaves by logging in while pages are read."""
        found: dict[int, User] = {}
        for page in range(1, MOST_SEARCHED + 1):
            users = await self._users_with_permission_page(permission, page)
            new = {user.id: user for user in users if user.id not in found}
            found |= new
            if not new:
                return [user for _, user in sorted(found.items()) if user.active]
        raise ZAMMAD.unreadable("a list without an end")

    async def searches_for_nothing(self) -> bool:
        """Whether this Zammad searches without a query: 6.x and later do (docs/reference/zammad.md section 10.1)."""
        try:
            await self._session.read(
                lambda api: api.session.get("users/search", params=PLAIN | {"per_page": 1}).json(), list_of(user_from)
            )
        except ZammadUnavailableError as error:
            if error.status != MASKED:
                raise
            return False
        return True

    async def users_named(self, text: str) -> list[User]:
        """Ten of those whom Zammad's search finds by this text, inactive ones too: enough for a look, not to decide."""
        return await self._users_found(text, 1, per_page=10)

    async def user_known_as(self, name: str) -> User | None:
        """The one with this login or e-mail, inactive ones too.

        Newer versions search every text, so that many may be found who only mention it.
        """
        for page in range(1, MOST_SEARCHED + 1):
            users = await self._users_found(name, page)
            found = (user for user in users if name.lower() in {user.login.lower(), user.email.lower()})
            if (user := next(found, None)) or not users:
                return user
        return None

    async def _users_found(self, text: str, page: int, *, per_page: int = SEARCH_PAGE) -> list[User]:
        filters = PLAIN | BY_ID | {"per_page": per_page}
        return await self._session.read(lambda api: _raw(api.user.search(text, page, filters)), list_of(user_from))

    async def _users_with_permission_page(self, permission: str, page: int) -> list[User]:
        filters = PLAIN | BY_ID | {"permissions[]": permission, "per_page": SEARCH_PAGE}
        return await self._session.read(lambda api: _raw(api.user.search("*", page, filters)), list_of(user_from))

    async def user(self, user_id: int, *, deadline: float | None = None) -> User:
        """`deadline`: seconds for the whole verb."""
        return await self._session.read(lambda api: api.user.find(user_id), user_from, deadline=deadline)

    async def create_user(self, user: Mapping[str, Json], *, on_behalf_of: str | None = None) -> User:
        headers = self._session.headers_for(on_behalf_of)
        return await self._session.write(lambda api: api.user.create(dict(user)), user_from, headers=headers)

    async def update_user(self, user_id: int, changes: Mapping[str, Json], *, on_behalf_of: str | None = None) -> User:
        """Changes only the named attributes; those that do not exist are ignored by Zammad."""
        headers = self._session.headers_for(on_behalf_of)
        return await self._session.write(
            lambda api: api.user.update(user_id, dict(changes)), user_from, headers=headers
        )

    async def mandatory_fields(self, user_id: int) -> frozenset[str]:
        """Of this user's record, for whoever asks; writes nothing (docs/reference/zammad.md section 5.2).

        Raises: ZammadRefusedError with status 404 in versions that cannot tell.
        """
        asked = {
            "event": "core_workflow",
            "request_id": "sidecar",
            "class_name": "User",
            "screen": "edit",
            "params": {"id": user_id},
        }
        return await self._session.read(
            lambda api: api.session.post("core_workflows/perform", json=asked).json(), mandatory_from
        )

    async def organizations_page(self, page: int, *, per_page: int = 500) -> list[Organization]:
        filters = PLAIN | {"per_page": per_page}
        return await self._session.read(
            lambda api: _raw(api.organization.all(page, filters)), list_of(organization_from)
        )

    async def recent_organizations(self, page: int, *, per_page: int = SEARCH_PAGE) -> list[Organization]:
        filters = PLAIN | NEWEST_FIRST | {"per_page": per_page}
        return await self._session.read(
            lambda api: _raw(api.organization.search("*", page, filters)), list_of(organization_from)
        )

    async def organization(self, organization_id: int) -> Organization:
        return await self._session.read(lambda api: api.organization.find(organization_id), organization_from)

    # settings, attributes, the clock

    async def settings(self) -> list[Setting]:
        """Those that this token may see."""
        return await self._session.read(lambda api: api.session.get("settings").json(), list_of(setting_from))

    async def setting(self, setting_id: int) -> Setting:
        """An unknown id is ZammadUnavailableError, status 500 (docs/reference/zammad.md section 3)."""
        return await self._session.read(lambda api: api.session.get(f"settings/{setting_id}").json(), setting_from)

    async def write_setting(self, setting_id: int, value: Json, *, on_behalf_of: str | None = None) -> Setting:
        """Replaces the whole value; the last writer wins."""
        change = {"state_current": {"value": value}}
        headers = self._session.headers_for(on_behalf_of)
        return await self._session.write(
            lambda api: api.session.put(f"settings/{setting_id}", json=change).json(), setting_from, headers=headers
        )

    async def mailboxes(self) -> list[str]:
        """E-mail addresses whose mail becomes tickets; needs `ticket.agent`."""
        return await self._session.read(lambda api: api.session.get("email_addresses").json(), list_of(email_from))

    async def attributes(self) -> list[Attribute]:
        path = "object_manager_attributes"
        return await self._session.read(lambda api: api.session.get(path).json(), list_of(attribute_from))

    async def create_attribute(self, definition: Mapping[str, Json]) -> Attribute:
        path = "object_manager_attributes"
        return await self._session.write(
            lambda api: api.session.post(path, json=dict(definition)).json(), attribute_from
        )

    async def migrate_attributes(self) -> None:
        """Newer versions restart themselves a moment later (docs/reference/zammad.md section 4)."""
        path = "object_manager_attributes_execute_migrations"
        await self._session.write(lambda api: api.session.post(path).json(), acknowledged, deadline=MIGRATION)

    async def shown_settings(self) -> Mapping[str, Json]:
        """Those that Zammad shows everybody who is signed in (docs/reference/zammad.md section 6.3)."""
        return await self._session.read(lambda api: api.session.get("signshow").json(), shown_settings_from)

    async def server_time(self) -> datetime | None:
        """None where none is told: Zammad's app server, reached without a proxy, sends no Date header."""
        return await self._session.read(
            lambda api: api.session.get("users/me").headers.get("Date"),
            lambda date: None if date is None else instant_from(date),
        )

    async def try_permission(self, permission: str) -> None:
        """Reads something that needs exactly this permission. Raises: ZammadRefusedError, 403 where it is missing."""
        if permission == INTEGRATION:
            return await self._try_integration()
        path = READABLE_WITH[permission]
        return await self._session.read(lambda api: api.session.get(path).status_code, lambda _status: None)

    async def _try_integration(self) -> None:
        if not any(setting.name == OF_INTEGRATION for setting in await self.settings()):
            message = f"{OF_INTEGRATION} is not among the settings that are shown"
            raise ZammadRefusedError(message, status=403, trouble=Trouble.HIDDEN, detail=OF_INTEGRATION)

    # calls

    async def call_event(self, cti_token: str, event: Mapping[str, Json]) -> None:
        """One event of a call to the generic CTI endpoint (docs/reference/zammad.md section 1), never repeated.

        Raises: ZammadRefusedError for "Object already exists!" too, ZammadUnavailableError with status 500 for a call
        that Zammad does not know.
        """
        path = f"cti/{quote(cti_token, safe='')}"
        await self._session.write(
            lambda api: api.session.post(path, json=dict(event)).json(),
            acknowledged,
            headers=httpx.Headers(),
            secrets=(cti_token, quote(cti_token, safe="")),
        )

    async def call_log(self, *, deadline: float | None = None) -> list[CallLogRow]:
        """The newest rows, as many as `cti_config.view_limit` says (docs/reference/zammad.md section 1.6)."""
        return await self._session.read(lambda api: api.session.get("cti/log").json(), call_log_from, deadline=deadline)

    async def mark_done(self, row_id: int, done: bool = True) -> None:  # noqa: FBT001, FBT002 - a plain flag
        await self._session.write(
            lambda api: api.session.post(f"cti/done/{row_id}", json={"done": done}).json(), acknowledged
        )

    async def write_http_log(self, entry: Mapping[str, Json]) -> None:
        await self._session.write(lambda api: api.session.post("http_logs", json=dict(entry)).json(), acknowledged)


def _raw(page: Sequence[Json]) -> Json:
    """The answer itself: as a sequence zammad-py's page hides that an object came instead of an array."""
    return page._items  # type: ignore[attr-defined]  # noqa: SLF001 - zammad-py 3.2 gives no other way


def _usable_url(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"the URL of Zammad cannot be read: {error}") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ValueError("the URL of Zammad must begin with https:// or http:// and name a host")
    if parsed.userinfo or parsed.query or parsed.fragment:
        raise ValueError("the URL of Zammad must have no user, password, query or fragment")
    return url.rstrip("/")


def _usable_token(token: str) -> str:
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UnusableTokenError("the token for Zammad is empty or has characters that no token has")
    return token


def _cookie_values(cookie: str) -> tuple[str, ...]:
    values = (pair.partition("=")[2].strip() for pair in cookie.split(";"))
    return (cookie, *(value for value in values if value))

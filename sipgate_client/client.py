"""What can be asked of sipgate and done there, as async verbs. All raise SipgateError and nothing else.

There is no verb that deletes anything: some of sipgate's delete more than one thing at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote, urlsplit

import httpx

from rest_transport.errors import UnreadableAnswerError
from rest_transport.exchange import Exchange
from rest_transport.session import Json, Session
from sipgate_client import reading as r
from sipgate_client.errors import SipgateForbiddenError, SipgateRefusedError
from sipgate_client.failures import SIPGATE, is_for_classic_alone
from sipgate_client.politeness import Politeness
from sipgate_client.records import (
    Account,
    Channel,
    Device,
    HistoryEntry,
    HookLogEntry,
    HookSettings,
    Kind,
    Line,
    Notice,
    OwnNumber,
    Recording,
    SipgateUser,
    TokenOwner,
)

T = TypeVar("T")
BASE_URL = "https://api.sipgate.com/v2"
PAGE = 100  # entries: larger pages of the history have ended in 504
MOST_PAGES = 100
RECORDING_TIME = 30.0  # seconds
THREADS = 2


class Sipgate:
    """One account, asked with a personal access token. `timeout` is for a whole verb, retries of a read included."""

    def __init__(
        self,
        *,
        token_id: str,
        token: str,
        url: str = BASE_URL,
        timeout: float = 10.0,
        politeness: Politeness | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        auth = httpx.BasicAuth(token_id, token)
        authorization = next(auth.auth_flow(httpx.Request("GET", self._url))).headers["Authorization"]
        self._headers = httpx.Headers({"Authorization": authorization})
        self._secrets = (token, authorization.removeprefix("Basic "))
        session = Session(SIPGATE, base_url=f"{self._url}/", timeout=timeout, transport=transport)
        self._session = session.in_turn((politeness or Politeness()).turn, threads=THREADS)

    def __repr__(self) -> str:
        return f"Sipgate(url={self._url!r})"

    async def aclose(self) -> None:
        self._session.close()

    # whose account this is

    async def token_owner(self) -> TokenOwner:
        """Needs no scope."""
        return await self._get("authorization/userinfo", r.token_owner_from)

    async def account(self) -> Account:
        return await self._get("account", r.account_from)

    async def kind(self) -> Kind:
        """Raises: SipgateForbiddenError where sipgate does not say which."""
        try:
            await self.groups()
        except SipgateForbiddenError as error:
            if is_for_classic_alone(error):
                return Kind.NEO
            raise
        return Kind.CLASSIC

    # who and what is there

    async def users(self) -> list[SipgateUser]:
        return await self._get("users", r.items_of(r.user_from))

    async def devices(self, user_id: str, *, kind: Kind) -> list[Device]:
        """On Neo the apps come only if asked for."""
        apps = {"type": "all"} if kind is Kind.NEO else {}
        return await self._get(f"{_part(user_id)}/devices", r.items_of(r.device_from), **apps)

    async def phone_lines(self, user_id: str) -> list[Line]:
        return await self._get(f"{_part(user_id)}/phonelines", r.items_of(r.line_from))

    async def groups(self) -> list[Line]:
        return await self._get("groups", r.items_of(r.line_from))

    async def channels(self) -> list[Channel]:
        return await self._get("channels", r.items_of(r.channel_from))

    async def numbers(self) -> list[OwnNumber]:
        found: dict[tuple[str, str], OwnNumber] = {}
        for page in range(MOST_PAGES):
            rows = await self._get("numbers", r.items_of(r.number_from), offset=str(page * PAGE), limit=str(PAGE))
            found |= {(row.number, row.endpoint_id): row for row in rows}
            if len(rows) < PAGE:
                break
        return list(found.values())

    async def notices(self, user_id: str) -> list[Notice]:
        """E-mails that sipgate itself sends for this user's lines."""
        return await self._get(f"{_part(user_id)}/notifications", r.notices_from)

    # hooks

    async def hook_settings(self) -> HookSettings:
        return await self._get("settings/sipgateio", r.hook_settings_from)

    async def write_hook_urls(self, settings: HookSettings, *, incoming_url: str, outgoing_url: str) -> None:
        """`settings`: as just read; all else is sent back unchanged."""
        body = {**settings.rest, "incomingUrl": incoming_url, "outgoingUrl": outgoing_url}
        await self._write(lambda exchange: exchange.put("settings/sipgateio", json=body), _nothing)

    async def hook_log(self) -> list[HookLogEntry]:
        """Of the last hooks, as long as sipgate keeps a log."""
        return await self._get("log/webhooks", r.items_of(r.hook_log_entry_from))

    # calls

    async def history(self, *, since: datetime, until: datetime) -> list[HistoryEntry]:
        """All calls and voicemails begun then, each once. On Neo this is empty without an error: do not ask there."""
        found: dict[str, HistoryEntry] = {}
        for archived in ("false", "true"):
            for page in range(MOST_PAGES):
                entries = await self._history_page(since, until, archived, page * PAGE)
                found |= {entry.id: entry for entry in entries}
                if len(entries) < PAGE:
                    break
        return sorted(found.values(), key=lambda entry: (entry.created, entry.id))

    async def _history_page(self, since: datetime, until: datetime, archived: str, offset: int) -> list[HistoryEntry]:
        window = f"from={_instant(since)}&to={_instant(until)}&archived={archived}"
        path = f"history?types=CALL&types=VOICEMAIL&{window}&offset={offset}&limit={PAGE}"
        return await self._get(path, r.items_of(r.entry_from))

    async def recording(self, entry_id: str) -> Recording:
        """The voicemail itself. Its link is read anew each time, and known to nobody outside of this verb.

        Raises: SipgateRefusedError, 404, where there is none (any more).
        """
        link = await self._get(f"history/{_part(entry_id)}", r.recording_link_from)
        if not link:
            raise SipgateRefusedError("there is no recording", status=404)
        if not self._may_be_fetched(link):
            raise SipgateRefusedError("the recording lies where nothing is fetched from")
        return await self._session.read(
            lambda exchange: _recording(exchange.get(link)),
            lambda recording: recording,
            headers=httpx.Headers({"Accept": "*/*"}),
            secrets=(link,),
            deadline=RECORDING_TIME,
        )

    def _may_be_fetched(self, link: str) -> bool:
        try:
            there, ours = urlsplit(link), urlsplit(self._url)
        except ValueError:
            return False
        return (there.scheme == "https" and bool(there.hostname)) or (there.scheme, there.netloc) == (
            ours.scheme,
            ours.netloc,
        )

    async def call(self, *, device_id: str, callee: str, kind: Kind) -> str:
        """Rings this device, then calls. The answer is the `callId` of the hooks that follow. Sent once.

        `callee`: digits. Raises: SipgateOutcomeUnknownError where it may be ringing.
        """
        path, body = _call_request(device_id, callee, kind)
        return await self._write(lambda exchange: exchange.post(path, json=body).json(), r.session_id_from)

    async def _get(self, path: str, read: Callable[[Json], T], **params: str) -> T:
        return await self._session.read(
            lambda exchange: _json_of(exchange, path, params), read, headers=self._headers, secrets=self._secrets
        )

    async def _write(self, ask: Callable[[Exchange], Json], read: Callable[[Json], T]) -> T:
        return await self._session.write(ask, read, headers=self._headers, secrets=self._secrets)


def _call_request(device_id: str, callee: str, kind: Kind) -> tuple[str, dict[str, str]]:
    """Neo's is seen in one client alone: digits without plus."""
    match kind:
        case Kind.CLASSIC:
            return "sessions/calls", {"caller": device_id, "callee": f"+{callee}"}
        case Kind.NEO:
            return "calls", {"deviceId": device_id, "targetNumber": callee}


def _json_of(exchange: Exchange, path: str, params: dict[str, str]) -> Json:
    return exchange.get(path, params=params).json()


def _recording(response: httpx.Response) -> Recording:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not media_type.startswith("audio/"):
        raise UnreadableAnswerError("it is no audio")
    return Recording(media_type=media_type, content=response.content)


def _nothing(_value: Json) -> None:
    """The body of a write is never looked at."""


def _part(text: str) -> str:
    return quote(text, safe="")


def _instant(at: datetime) -> str:
    return quote(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), safe="")

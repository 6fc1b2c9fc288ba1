"""What the simulated account holds, and what was asked of it."""

from __future__ import annotations

import base64
import threading
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sipgate_client.records import Json, Kind

from . import seeds
from .faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY_SCOPE = frozenset({"all"})
RECORDINGS = "/recordings/"  # of the simulator itself: where voicemails lie


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    method: str
    path: str
    query: str
    authorized: bool  # with an Authorization header


class SimulatedSipgate:
    """`on_call` is told device, callee and session id of each call that a POST has begun."""

    def __init__(self, kind: Kind = Kind.CLASSIC) -> None:
        self.kind = kind
        self.lock = threading.RLock()
        self.faults = Faults()
        self.token_id, self.token = "token-A1B2C3", "11112222-3333-4444-8555-666677778888"
        self.scopes: frozenset[str] = EVERY_SCOPE
        self.user_id, self.master_sip_id = "w0", "1234567"
        self.history_life_time = "UNLIMITED"
        self.history_hidden = kind is Kind.NEO  # a new account of this kind; one that was moved still shows it
        self.users: list[dict[str, Json]] = deepcopy(seeds.USERS)
        self.devices: dict[str, list[dict[str, Json]]] = deepcopy(seeds.DEVICES)
        self.phone_lines: dict[str, list[dict[str, Json]]] = deepcopy(seeds.PHONE_LINES)
        self.groups: list[dict[str, Json]] = deepcopy(seeds.GROUPS)
        self.numbers: list[dict[str, Json]] = deepcopy(seeds.NUMBERS)
        self.channels: list[dict[str, Json]] = deepcopy(seeds.CHANNELS)
        self.notices: dict[str, dict[str, Json]] = {}
        self.hook_settings: dict[str, Json] | None = deepcopy(seeds.HOOK_SETTINGS)
        self.hook_log: list[dict[str, Json]] = []
        self.history: list[dict[str, Json]] = []
        self.recordings: dict[str, bytes] = {}
        self.requests: list[Asked] = []
        self.calls: list[dict[str, str]] = []
        self.on_call: Callable[[str, str, str], None] = lambda _device, _callee, _session_id: None

    @property
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.token_id}:{self.token}".encode()).decode()

    def may(self, scope: str) -> bool:
        """`sessions:calls:write` is also within `sessions:write`."""
        head, _, tail = scope.partition(":")
        wider = f"{head}:{tail.rpartition(':')[2]}"
        return bool(self.scopes & {"all", scope, wider})

    def begin_call(self, device: str, callee: str) -> str:
        session_id = f"A1B2C3D4E5F6{len(self.calls) + 1:04X}"
        self.calls.append({"device": device, "callee": callee, "session_id": session_id})
        return session_id

    def add_call(self, **fields: Json) -> dict[str, Json]:
        """One entry of the history, newest first as in sipgate's pages; `fields` as sipgate names them."""
        entry = {**seeds.CALL, "id": str(9000000001 + len(self.history)), **fields}
        self.history.insert(0, entry)
        return entry

    def add_voicemail(self, recording: bytes | None = b"ID3", *, base_url: str = "", **fields: Json) -> dict[str, Json]:
        """`base_url` is where this simulator is reached: its recordings lie there."""
        entry = {**seeds.VOICEMAIL, "id": str(9000000001 + len(self.history)), **fields}
        if recording is not None:
            name = f"secret-{entry['id']}.mp3"
            self.recordings[name] = recording
            entry["recordingUrl"] = f"{base_url}{RECORDINGS}{name}"
        self.history.insert(0, entry)
        return entry

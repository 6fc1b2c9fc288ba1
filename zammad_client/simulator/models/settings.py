"""Settings by id, and by name for tests (docs/reference/zammad.md section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zammad_client.records import Json

from .clock import later, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from zammad_client.simulator.versions import Version

_INTEGRATION = "admin.integration"
EMPTY_CONFIG: Json = {
    "outbound": {"routing_table": [], "default_caller_id": ""},
    "inbound": {"block_caller_ids": []},
}


_DESKTOP_SWITCH = (190, "ui_desktop_beta_switch", "UI::Desktop", "UI Desktop Beta Switch", False, _INTEGRATION)
_MASK = "**********"
_SECRET_NAMES = ("_password", "_secret", "_key")
_SECRET_KEYS = ("password", "secret", "key", "token")


@dataclass(slots=True, kw_only=True)
class Setting:
    id: int
    name: str
    area: str
    title: str
    initial: Json
    value: Json
    permission: str
    created_at: float
    updated_at: float

    def as_json(self, *, masked: bool) -> dict[str, Json]:
        """`masked`: with what might be a secret hidden."""
        return {
            "id": self.id,
            "title": self.title,
            "name": self.name,
            "area": self.area,
            "description": f"Defines the {self.title}.",
            "options": self._options(),
            "state_current": {"value": _masked(self.name, self.value) if masked else self.value},
            "state_initial": {"value": self.initial},
            "frontend": isinstance(self.initial, bool),
            "preferences": {"prio": 1, **self._triggers(), "permission": [self.permission]},
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
        }

    def _options(self) -> Json:
        if not isinstance(self.initial, bool):
            return {}
        choices = {"true": "yes", "false": "no"}
        return {"form": [{"display": "", "null": True, "name": self.name, "tag": "boolean", "options": choices}]}

    def _triggers(self) -> Json:
        if not isinstance(self.initial, bool):
            return {}
        return {"trigger": ["menu:render", "cti:reload"], "authentication": True}


def _masked(name: str, value: Json) -> Json:
    """The tokens of telephony are no secret to whoever may read them at all."""
    if name.endswith(_SECRET_NAMES):
        return _MASK
    if isinstance(value, dict):
        return {key: _MASK if key.endswith(_SECRET_KEYS) else each for key, each in value.items()}
    return value


def _seeds(version: Version) -> list[tuple[int, str, str, str, Json, str]]:
    """Ids, names and areas as the recorded systems have them."""
    first = version.first_phone_setting
    return [
        (3, "product_name", "System::Branding", "Product Name", "Zammad Helpdesk", "admin.branding"),
        (11, "fqdn", "System::Base", "Fully Qualified Domain Name", "zammad.example", "admin.system"),
        (first, "sipgate_integration", "Integration::Switch", "sipgate.io integration", False, _INTEGRATION),
        (first + 1, "sipgate_token", "Integration::Sipgate", "sipgate.io Token", "", _INTEGRATION),
        (first + 2, "sipgate_config", "Integration::Sipgate", "sipgate.io config", EMPTY_CONFIG, _INTEGRATION),
        (first + 3, "sipgate_alternative_fqdn", "Integration::Sipgate::Expert", "sipgate.io alternative fqdn", "",
         _INTEGRATION),
        (first + 4, "cti_integration", "Integration::Switch", "CTI integration", False, _INTEGRATION),
        (first + 5, "cti_config", "Integration::Cti", "CTI config", EMPTY_CONFIG, _INTEGRATION),
        (first + 6, "cti_token", "Integration::Cti", "CTI Token", "", _INTEGRATION),
        (first + 7, "cti_customer_last_activity", "Integration::Cti", "CTI customer last activity", 2592000,
         _INTEGRATION),
        (first + 8, "placetel_integration", "Integration::Switch", "Placetel integration", False, _INTEGRATION),
        (first + 20, "github_config", "Integration::GitHub", "GitHub config", {"api_token": "a secret"}, _INTEGRATION),
        *([_DESKTOP_SWITCH] if version.desktop_switch else []),
    ]  # fmt: skip


class Settings(MutableMapping[str, Json]):
    """`settings["sipgate_config"] = {...}` is what an admin's save does; values are copies."""

    def __init__(self, *, version: Version, now: Callable[[], float]) -> None:
        self._now = now
        self._version = version
        self._by_id: dict[int, Setting] = {}
        self._by_name: dict[str, Setting] = {}
        start = now()
        for setting_id, name, area, title, initial, permission in _seeds(version):
            setting = Setting(
                id=setting_id, name=name, area=area, title=title, initial=initial, value=deepcopy(initial),
                permission=permission, created_at=start, updated_at=start,
            )  # fmt: skip
            self._by_id[setting_id] = self._by_name[name] = setting

    def __getitem__(self, name: str) -> Json:
        return deepcopy(self._by_name[name].value)

    def __setitem__(self, name: str, value: Json) -> None:
        setting = self._by_name[name]
        setting.value = deepcopy(value)
        setting.updated_at = later(self._now(), setting.updated_at)

    def __delitem__(self, name: str) -> None:
        del self._by_id[self._by_name.pop(name).id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def raw(self, name: str) -> Json:
        """The value itself, for reading only: no copy for each CTI request."""
        setting = self._by_name.get(name)
        return setting.value if setting else None

    def id_of(self, name: str) -> int:
        return self._by_name[name].id

    def renumber(self, name: str, setting_id: int) -> None:
        """As after a restored backup: the same setting under another id."""
        setting = self._by_name[name]
        del self._by_id[setting.id]
        setting.id = setting_id
        self._by_id[setting_id] = setting

    def find(self, setting_id: int) -> Setting | None:
        return self._by_id.get(setting_id)

    def shown(self, setting: Setting) -> dict[str, Json]:
        return setting.as_json(masked=self._version.secrets_masked)

    def records(self) -> Iterable[Setting]:
        return self._by_id.values()

"""Object attributes, and the migration that makes columns of custom ones (docs/reference/zammad.md section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import stamp
from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zammad_client.records import Json
    from zammad_client.simulator.versions import Version

_BUILT_IN = {
    "User": ("login", "firstname", "lastname", "email", "web", "phone", "mobile", "fax", "organization_id",
             "department", "street", "zip", "city", "country", "address", "password", "vip", "note", "role_ids",
             "group_ids", "active"),
    "Organization": ("name", "shared", "domain_assignment", "domain", "note", "active"),
    "Group": ("name", "assignment_timeout", "follow_up_possible", "follow_up_assignment", "email_address_id",
              "signature_id", "note", "active"),
    "Ticket": ("number", "title", "customer_id", "organization_id", "type", "group_id", "owner_id", "state_id",
               "priority_id", "tags"),
}  # fmt: skip

_NOTHING: Mapping[str, Json] = {}
STANDARD: tuple[tuple[str, str, str, str], ...] = (  # object, name, display, data type: what the sidecar installs
    ("User", "cti_blocked", "Block calls", "boolean"),
    ("User", "sipgate_users", "Sipgate users", "input"),
    ("User", "sipgate_number", "Sipgate number", "input"),
    ("User", "cti_more_numbers", "More phone numbers", "textarea"),
    ("User", "cti_numbers", "Phone numbers (E.164)", "textarea"),
    ("Organization", "cti_main_numbers", "Main numbers", "textarea"),
    ("Organization", "cti_blocked", "Block calls", "boolean"),
    ("User", "cti_desktop_tab", "Calls open a tab in the desktop view", "boolean"),
    ("Group", "cti_callbacks", "Callback tickets for lines", "textarea"),
)


@dataclass(slots=True, kw_only=True)
class Attribute:
    id: int
    object: str
    definition: Mapping[str, Json]
    created_at: float
    created_by_id: int
    built_in: bool
    pending: bool

    @property
    def name(self) -> str:
        return str(self.definition["name"])

    @property
    def required(self) -> bool:
        """On the screen for changing a record."""
        screen = self.definition.get("screens", {}).get("edit", {})
        return any(each.get("required") for each in screen.values())

    def as_json(self) -> dict[str, Json]:
        return {
            "id": self.id,
            **self.definition,
            "data_option_new": {},
            "editable": not self.built_in,
            "to_create": self.pending,
            "to_migrate": self.pending,
            "to_delete": False,
            "to_config": False,
            "created_by_id": self.created_by_id,
            "updated_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.created_at),
        }


class Attributes:
    def __init__(self, *, version: Version, now: float) -> None:
        self._version = version
        self.optional_for_service: set[str] = set()  # names; by a core workflow for its role
        self._list: list[Attribute] = []
        self._columns: dict[str, dict[str, str]] = {}  # object -> name -> data type, of migrated custom attributes
        self._defaults: dict[tuple[str, bool], Mapping[str, Json]] = {}
        for model, names in _BUILT_IN.items():
            for name in names:
                self._append(model, _built_in_definition(name), now=now, by=1, built_in=True)

    def all(self) -> list[Attribute]:
        return self._list

    def columns(self, model: str) -> Mapping[str, str]:
        return self._columns.get(model, {})

    def defaults_of(self, model: str, *, new: bool) -> Mapping[str, Json]:
        """What a record shows for attributes nobody has set: new records differ from changed ones."""
        if (model, new) not in self._defaults:
            empty = "" if new else None
            columns = self.columns(model)
            self._defaults[model, new] = {name: _default(kind, empty) for name, kind in columns.items()}
        return self._defaults[model, new]

    def create(self, model: str, definition: Mapping[str, Json], *, by: int, now: float) -> Attribute:
        """Raises: Refusal where Zammad's validation does."""
        name = str(definition.get("name", ""))
        self._check_name(name)
        if any(each.object == model and each.name == name for each in self._list):
            raise Refusal(422, self._version.exists)
        option = {"null": True, "options": {}, "relation": ""} | definition.get("data_option", {})
        known = ("name", "display", "data_type", "active", "screens", "position")
        kept = {key: definition[key] for key in known if key in definition}
        return self._append(model, kept | {"data_option": option}, now=now, by=by, built_in=False)

    def migrate(self) -> bool:
        """Whether anything was pending."""
        self._defaults.clear()
        pending = any(each.pending for each in self._list)
        for attribute in self._list:
            if attribute.pending:
                attribute.pending = False
                columns = self._columns.setdefault(attribute.object, {})
                columns[attribute.name] = str(attribute.definition["data_type"])
        return pending

    def install_standard(self, *, now: float) -> None:
        for model, name, display, data_type in STANDARD:
            definition = {"name": name, "display": display, "data_type": data_type, "active": True, "screens": {}}
            self.create(model, definition | {"position": 1550}, by=1, now=now)
        self.migrate()

    def shown_anyway(self, model: str) -> Mapping[str, Json]:
        """What also a record shows that nobody has changed since the migration."""
        return self.defaults_of(model, new=False) if self._version.keys_at_once else _NOTHING

    def mandatory(self, model: str) -> list[str]:
        """On the screen where somebody with the rights of an agent or an admin of users edits a record."""
        columns = self.columns(model)
        return [each.name for each in self._list if each.object == model and each.name in columns and each.required]

    def _check_name(self, name: str) -> None:
        problems = []
        if " " in name:
            problems.append("Name spaces are not allowed")
        if not re.fullmatch(r"[a-z0-9_]+", name):
            problems.append("Name Only lowercase letters, numbers, and '_' are allowed")
        if name.endswith(("_id", "_ids")):
            problems.append(self._version.name_with_id)
        if problems and self._version.all_messages:
            raise Refusal(422, "Validation failed: " + ", ".join(problems))
        if problems:
            raise Refusal(422, problems[0])

    def _append(self, model: str, definition: Mapping[str, Json], *, now: float, by: int, built_in: bool) -> Attribute:
        attribute = Attribute(
            id=len(self._list) + 1,
            object=model,
            definition=definition,
            created_at=now,
            created_by_id=by,
            built_in=built_in,
            pending=not built_in,
        )
        self._list.append(attribute)
        return attribute


def _default(data_type: str, empty: str | None) -> Json:
    return False if data_type == "boolean" else empty


def _built_in_definition(name: str) -> Mapping[str, Json]:
    return {
        "name": name,
        "display": name.removesuffix("_id").replace("_", " ").capitalize(),
        "data_type": "boolean" if name in {"active", "vip", "shared"} else "input",
        "data_option": {"type": "text", "maxlength": 150, "null": True},
        "active": True,
        "screens": {},
        "position": 100,
    }

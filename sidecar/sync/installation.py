"""What is set up once inside Zammad: CTI integration, a customer, attributes (docs/reference/zammad.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.reasons import Reason, because
from sidecar.codes.faults import Fault
from sidecar.codes.findings import Obstacle
from sidecar.faults import NotAllowedError
from zammad_client.client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import Attribute, Json, Setting, User

_SHOWN = {"shown": True, "required": False}
_HIDDEN = {"shown": False, "required": False}
_VIEW = {"ticket.agent": {"shown": True}, "ticket.customer": {"shown": False}}
_USER_SCREENS = {
    "create": {"ticket.agent": _SHOWN, "admin.user": _SHOWN, "ticket.customer": _HIDDEN},
    "edit": {"ticket.agent": _SHOWN, "admin.user": _SHOWN},
    "view": {**_VIEW, "admin.user": {"shown": True}},
    "signup": {"ticket.customer": _HIDDEN},
    "invite_customer": {"ticket.agent": _HIDDEN, "admin.user": _HIDDEN},
    "invite_agent": {"admin.user": _HIDDEN},
}
_ORGANIZATION_SCREENS = {
    "create": {"ticket.agent": _SHOWN, "admin.organization": _SHOWN},
    "edit": {"ticket.agent": _SHOWN, "admin.organization": _SHOWN},
    "view": {**_VIEW, "admin.organization": {"shown": True}},
}
_GROUP_SCREENS = {
    "create": {"admin.group": _SHOWN},
    "edit": {"admin.group": _SHOWN},
    "view": {"admin.group": {"shown": True}},
}
_BOOLEAN: Mapping[str, Json] = {
    "data_type": "boolean",
    "data_option": {"options": {"true": "yes", "false": "no"}, "default": False},
}
_TEXTAREA: Mapping[str, Json] = {"data_type": "textarea", "data_option": {"maxlength": 2000, "default": ""}}


def _input(longest: int) -> Mapping[str, Json]:
    return {"data_type": "input", "data_option": {"type": "text", "maxlength": longest, "default": ""}}


def _of_user(name: str, display: str, position: int, kind: Mapping[str, Json]) -> Mapping[str, Json]:
    common = {"object": "User", "active": True, "screens": _USER_SCREENS}
    return {**common, "name": name, "display": display, "position": position, **kind}


def _of_organization(name: str, display: str, position: int, kind: Mapping[str, Json]) -> Mapping[str, Json]:
    common = {"object": "Organization", "active": True, "screens": _ORGANIZATION_SCREENS}
    return {**common, "name": name, "display": display, "position": position, **kind}


def _of_group(name: str, display: str, position: int, kind: Mapping[str, Json]) -> Mapping[str, Json]:
    common = {"object": "Group", "active": True, "screens": _GROUP_SCREENS}
    return {**common, "name": name, "display": display, "position": position, **kind}


DEFINITIONS: tuple[Mapping[str, Json], ...] = (
    _of_user("cti_blocked", "Block calls", 1550, _BOOLEAN),
    _of_user("sipgate_users", "Sipgate users", 1560, _input(250)),
    _of_user("sipgate_number", "Sipgate number", 1565, _input(50)),
    _of_user("cti_more_numbers", "More phone numbers", 1568, _TEXTAREA),
    _of_user("cti_numbers", "Phone numbers (E.164, maintained automatically)", 1570, _TEXTAREA),
    _of_organization("cti_main_numbers", "Main numbers", 1550, _TEXTAREA),
    _of_organization("cti_blocked", "Block calls", 1560, _BOOLEAN),
    _of_user("cti_desktop_tab", "Calls open a tab in the desktop view", 1575, _BOOLEAN),
    _of_group("cti_callbacks", "Callback tickets for lines", 1550, _TEXTAREA),
)
UNKNOWN_CALLER = "sipgate-unknown-caller"  # login of the customer who collects the tickets of callers nobody knows
TEXT_TYPES = frozenset({"input", "textarea"})  # either holds a text
INTEGRATION = "cti_integration"
COLLECTOR = f"customer {UNKNOWN_CALLER}"
FORBIDDEN = 403


class Todo(StrEnum):
    """What is still to be done, if anything."""

    CREATE = "create"
    MIGRATE = "migrate"
    SWITCH_ON = "switch on"
    PRESENT = "present"  # nothing
    WRONG = "wrong"  # only an admin can put it right


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is needed inside Zammad, and how it stands."""

    name: str  # User.cti_blocked, cti_integration
    state: Todo
    obstacle: Reason | None = None  # an `Obstacle`, where it is wrong
    definition: Mapping[str, Json] | None = None
    setting: Setting | None = None
    user: Mapping[str, Json] | None = None


async def planned_steps(zammad: Zammad, *, collector_name: str = "Unknown caller") -> list[Step]:
    """In the order in which they are to be carried out: after the last one newer versions restart themselves.

    Raises: ZammadError, for instance where the permission admin.object is missing.
    """
    existing = {(each.object, each.name): each for each in await _attributes(zammad)}
    steps = [_attribute_step(each, existing.get((each["object"], each["name"]))) for each in DEFINITIONS]
    settings = [setting for setting in await zammad.settings() if setting.name == INTEGRATION]
    collector = await zammad.user_known_as(UNKNOWN_CALLER)
    return [_integration_step(settings), _collector_step(collector, collector_name), *steps]


async def _attributes(zammad: Zammad) -> list[Attribute]:
    try:
        return await zammad.attributes()
    except ZammadRefusedError as error:
        if error.status != FORBIDDEN:
            raise
        missing = because(Fault.NO_ADMIN_OBJECT, words=error.message, status=error.status)
        raise NotAllowedError(error.message, missing, status=error.status) from error


def _attribute_step(definition: Mapping[str, Json], existing: Attribute | None) -> Step:
    name = f"{definition['object']}.{definition['name']}"
    if existing is None:
        return Step(name=name, state=Todo.CREATE, definition=definition)
    if not _same_kind(existing.data_type, definition["data_type"]):
        wanted = str(definition["data_type"])
        return _wrong(name, because(Obstacle.OTHER_KIND, existing=existing.data_type, wanted=wanted))
    if not existing.active:
        return _wrong(name, because(Obstacle.SWITCHED_OFF))
    return Step(name=name, state=Todo.MIGRATE if existing.to_migrate else Todo.PRESENT)


def _same_kind(existing: str, wanted: str) -> bool:
    return existing == wanted or {existing, wanted} <= TEXT_TYPES


def _integration_step(settings: Sequence[Setting]) -> Step:
    if not settings:
        return _wrong(INTEGRATION, because(Obstacle.HIDDEN))
    state = Todo.PRESENT if settings[0].value is True else Todo.SWITCH_ON
    return Step(name=INTEGRATION, state=state, setting=settings[0])


def _collector_step(found: User | None, name: str) -> Step:
    """Whom the tickets of callers nobody knows belong to: without an address nobody is written to."""
    if found is None:
        user = {"login": UNKNOWN_CALLER, "firstname": "", "lastname": name, "roles": ["Customer"]}
        return Step(name=COLLECTOR, state=Todo.CREATE, user=user)
    return Step(name=COLLECTOR, state=Todo.PRESENT) if found.active else _wrong(COLLECTOR, because(Obstacle.INACTIVE))


def _wrong(name: str, obstacle: Reason) -> Step:
    return Step(name=name, state=Todo.WRONG, obstacle=obstacle)


async def carry_out(zammad: Zammad, steps: Sequence[Step]) -> None:
    """All but the migration. Steps that are wrong or done are passed over.

    Raises: ZammadError; what was done stays, and a new plan goes on from there.
    """
    for step in steps:
        if step.state is Todo.SWITCH_ON and step.setting:
            await zammad.write_setting(step.setting.id, True)
        if step.user is not None:
            await zammad.create_user(step.user)
        if step.definition is not None:
            await _create(zammad, step.definition)


async def _create(zammad: Zammad, definition: Mapping[str, Json]) -> None:
    """What an attempt without an answer has created is there already (docs/reference/zammad.md section 4)."""
    try:
        await zammad.create_attribute(definition)
    except ZammadRefusedError as error:
        if "already exists" not in error.message.casefold():
            raise


def needs_restart(steps: Sequence[Step]) -> bool:
    """Whether attributes are to be migrated: one migration for all, each asks for a restart."""
    return any(step.state is Todo.MIGRATE or step.definition is not None for step in steps)

"""Reads the settings that make the rules, and writes the one thing through that Zammad looks for elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sidecar.calls.reasons import because
from sidecar.calls.rules.rules import ZammadSettings
from sidecar.codes.faults import Fault
from sidecar.faults import NotAllowedError
from zammad_client.client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import Json, Setting

NAMES = ("sipgate_integration", "sipgate_token", "sipgate_config", "cti_integration", "cti_token", "cti_config")
MOST_ROWS = 10_000  # of the caller log; more is no number of rows anybody meant
FORBIDDEN = 403


class SettingsReader:
    """Reads the list of settings, cheaper for Zammad than six by their ids (docs/reference/zammad.md section 5.1)."""

    def __init__(self, zammad: Zammad) -> None:
        self._zammad = zammad
        self._id_of_cti_config = 0

    async def read(self) -> ZammadSettings:
        """Raises: ZammadError; ZammadRefusedError also where the token does not see all six."""
        found = {setting.name: setting for setting in await self._visible() if setting.name in NAMES}
        missing = [name for name in NAMES if name not in found]
        if missing:
            unseen = because(Fault.SETTINGS_HIDDEN, settings=", ".join(missing))
            raise NotAllowedError(f"settings not visible: {', '.join(missing)}", unseen)
        self._id_of_cti_config = found["cti_config"].id
        return _settings_from({name: found[name].value for name in NAMES})

    async def write_view_limit_through(self, settings: ZammadSettings) -> ZammadSettings:
        """The page keeps `view_limit` in `sipgate_config`, Zammad reads the one in `cti_config`.

        Nothing else of `cti_config` is changed: it is read anew just before. Raises: ZammadError.
        """
        wanted = _view_limit(settings.sipgate_config)
        if wanted is None or not _lacks(settings.cti_config, wanted):
            return settings
        present = (await self._zammad.setting(self._id_of_cti_config)).value
        if _lacks(present, wanted):
            written = await self._zammad.write_setting(self._id_of_cti_config, {**present, "view_limit": wanted})
            present = written.value
        return replace(settings, cti_config=present)

    async def _visible(self) -> list[Setting]:
        try:
            return await self._zammad.settings()
        except ZammadRefusedError as error:
            if error.status == FORBIDDEN:
                missing = because(Fault.NO_ADMIN_INTEGRATION, words=error.message, status=error.status)
                raise NotAllowedError(error.message, missing, status=error.status) from error
            raise


def _settings_from(values: Mapping[str, Json]) -> ZammadSettings:
    return ZammadSettings(
        sipgate_integration=values["sipgate_integration"] is True,
        sipgate_token=_text(values["sipgate_token"]),
        sipgate_config=values["sipgate_config"],
        cti_integration=values["cti_integration"] is True,
        cti_token=_text(values["cti_token"]),
        cti_config=values["cti_config"],
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _view_limit(config: Json) -> int | None:
    limit = config.get("view_limit") if isinstance(config, dict) else None
    if isinstance(limit, str) and limit.isascii() and limit.isdigit():
        limit = int(limit[:9])
    return limit if isinstance(limit, int) and not isinstance(limit, bool) and 0 < limit <= MOST_ROWS else None


def _lacks(config: Json, view_limit: int) -> bool:
    """An emptied config is left alone: Zammad calls it "not configured", and that is for an admin to see."""
    return isinstance(config, dict) and bool(config) and config.get("view_limit") != view_limit

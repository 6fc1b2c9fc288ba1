"""Reads the settings that make the rules, and writes the one thing through that Zammad looks for elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import inf

from sidecar.calls.reasons import because
from sidecar.calls.rules.rules import ZammadSettings
from sidecar.codes.faults import Fault
from sidecar.faults import NotAllowedError
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.records import Json, Setting

NAMES = ("sipgate_integration", "sipgate_token", "sipgate_config", "cti_integration", "cti_token", "cti_config")
DESKTOP_VIEW = "ui_desktop_beta_switch"  # listed from 7.0 on (docs/reference/zammad.md section 10.2)
PUBLIC_EVERY = 600.0  # seconds between looks at what hardly ever changes
MOST_ROWS = 10_000  # of the caller log; more is no number of rows anybody meant
FORBIDDEN = 403


class SettingsReader:
    """Reads the list of settings, cheaper for Zammad than six by their ids (docs/reference/zammad.md section 5.1)."""

    def __init__(self, zammad: Zammad, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._zammad = zammad
        self._clock = clock
        self._locale_default = ""
        self._public_due = -inf
        self._id_of_cti_config = 0

    async def read(self) -> ZammadSettings:
        """Raises: ZammadError; ZammadRefusedError also where the token does not see all six."""
        visible = await self._visible()
        found = {setting.name: setting for setting in visible if setting.name in NAMES}
        missing = [name for name in NAMES if name not in found]
        if missing:
            unseen = because(Fault.SETTINGS_HIDDEN, settings=", ".join(missing))
            raise NotAllowedError(f"settings not visible: {', '.join(missing)}", unseen)
        self._id_of_cti_config = found["cti_config"].id
        values = {name: found[name].value for name in NAMES}
        return _settings_from(values, desktop_view=offers_desktop_view(visible), locale=await self._default_locale())

    async def _default_locale(self) -> str:
        """As it was, where that cannot be read: older versions do not tell it."""
        if self._clock() >= self._public_due:
            self._public_due = self._clock() + PUBLIC_EVERY
            try:
                self._locale_default = _text((await self._zammad.shown_settings()).get("locale_default")) or ""
            except ZammadError:
                return self._locale_default
        return self._locale_default

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


def offers_desktop_view(settings: Iterable[Setting]) -> bool:
    """Whether agents may choose it."""
    return any(setting.name == DESKTOP_VIEW and setting.value is True for setting in settings)


def _settings_from(values: Mapping[str, Json], *, desktop_view: bool, locale: str) -> ZammadSettings:
    return ZammadSettings(
        sipgate_integration=values["sipgate_integration"] is True,
        sipgate_token=_text(values["sipgate_token"]),
        sipgate_config=values["sipgate_config"],
        cti_integration=values["cti_integration"] is True,
        cti_token=_text(values["cti_token"]),
        cti_config=values["cti_config"],
        desktop_view=desktop_view,
        locale_default=locale,
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

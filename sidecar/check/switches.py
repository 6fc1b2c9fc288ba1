"""Zammad's settings: switches, tokens, and what of its own telephony would get in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import anyio

from sidecar.calls.rules.rules import ZammadSettings
from sidecar.check.finding import Finding, ok, problem, warning
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.records import Json

INSTALL = "run `sipgate-sidecar install`"
_OPENS_NOTHING = "Zammad takes no calls from the sidecar: no caller log, no dialogs."
_ATTEMPTS = 3  # Zammad may run several processes, and each keeps its own copy of the settings
_HARMLESS = {"event": "newCall", "direction": "check", "callId": "sidecar-check", "from": "anonymous", "to": "0"}
_UNPROCESSABLE, _UNAUTHORIZED = 422, 401


def switch_findings(
    settings: ZammadSettings, others: Mapping[str, Json], configured_token: str | None
) -> Iterator[Finding]:
    """`others`: all settings the token sees, by name."""
    yield _sipgate_switch(settings)
    if not settings.cti_integration:
        yield problem("cti_integration", "Zammad's CTI integration is off", why=_OPENS_NOTHING, cure=INSTALL)
    if others.get("placetel_integration") is True:
        yield warning(
            "placetel_integration",
            "Zammad's Placetel integration is on as well",
            why="Calls that reach both are listed twice, and open two dialogs.",
            cure="turn off the one that is not used, System > Integrations",
        )
    yield from _tokens(settings, configured_token)
    yield from _cti_config(settings.cti_config)


def _sipgate_switch(settings: ZammadSettings) -> Finding:
    if settings.sipgate_integration:
        return ok("sipgate_integration", "the switch on Zammad's sipgate.io page is on")
    return warning(
        "sipgate_integration",
        "the switch on Zammad's sipgate.io page is off",
        why="It is the sidecar's own switch: calls are neither blocked nor logged, and nothing opens.",
        cure="turn it on, System > Integrations > sipgate.io",
    )


def _tokens(settings: ZammadSettings, configured: str | None) -> Iterator[Finding]:
    if not settings.cti_token:
        cure = "open System > Integrations > CTI (generic) in Zammad once, then restart Zammad"
        yield problem("cti_token", "Zammad has no token for its CTI endpoint", why=_OPENS_NOTHING, cure=cure)
    if not (configured or settings.sipgate_token):
        yield problem(
            "sipgate_token",
            "there is no token for the hook path, neither Zammad's nor sipgate.token",
            why="Hooks are answered, but neither kept nor shown to anybody.",
            cure="set sipgate.token, and enter the URLs of `sipgate-sidecar check --show-urls` at sipgate",
        )
    elif configured and settings.sipgate_token and configured != settings.sipgate_token:
        yield warning(
            "sipgate_token",
            "sipgate.token differs from the token on Zammad's sipgate.io page",
            why="The URL that Zammad shows is refused by the sidecar.",
            cure="enter the URLs of `sipgate-sidecar check --show-urls` at sipgate, or take sipgate.token out",
        )


def _cti_config(config: Json) -> Iterator[Finding]:
    if not isinstance(config, dict) or not (config.get("inbound") and config.get("outbound")):
        cure = "save the page System > Integrations > CTI (generic) in Zammad once"
        yield problem("cti_config", "the settings of Zammad's CTI page are empty", why=_OPENS_NOTHING, cure=cure)
        return
    page = "System > Integrations > CTI (generic)"
    if config.get("notify_map"):
        yield warning(
            "cti_config",
            "the CTI page has rows that say who is notified of which queue",
            why="Agents in none of these rows see an empty caller log and no ringing calls.",
            cure=f"remove the rows, {page}",
        )
    if _rows(config["inbound"], "block_caller_ids"):
        yield warning(
            "cti_config",
            "the CTI page has a block list of its own",
            why="It blocks nothing here, but Zammad lists these calls as rejected although they rang.",
            cure=f"move its rows to the sipgate.io page, then remove them from {page}",
        )
    if _rows(config["outbound"], "routing_table") or _rows(config["outbound"], "default_caller_id"):
        yield warning(
            "cti_config",
            "the CTI page has caller ids of its own",
            why="Zammad's caller log shows them instead of the extension that really called.",
            cure=f"move them to the sipgate.io page, then remove them from {page}",
        )


def _rows(section: Json, key: str) -> bool:
    return isinstance(section, dict) and bool(section.get(key))


async def endpoint_findings(zammad: Zammad, cti_token: str) -> list[Finding]:
    """Whether Zammad's processes really take calls: asked with a direction that none accepts, so nothing changes."""
    answers: list[ZammadError | None] = []

    async def ask() -> None:
        try:
            await zammad.call_event(cti_token, _HARMLESS)
        except ZammadError as error:
            answers.append(error)
        else:
            answers.append(None)

    async with anyio.create_task_group() as tasks:
        for _ in range(_ATTEMPTS):
            tasks.start_soon(ask)
    judged = [judge_endpoint(answer) for answer in answers]
    return [next((finding for finding in judged if finding.level != "ok"), judged[0])]


def judge_endpoint(answer: ZammadError | None) -> Finding:
    """Zammad looks at switch, configuration and token first, and at the direction last."""
    words = answer.message if answer else "it took a call with an impossible direction"
    status = answer.status if isinstance(answer, ZammadRefusedError) else None
    if status == _UNPROCESSABLE and "direction" in words.lower():
        return ok("CTI endpoint", "Zammad takes calls from the sidecar")
    if status == _UNPROCESSABLE and words.lower().startswith("feature"):
        return problem(
            "CTI endpoint",
            f"the setting is on, but Zammad's process says: {words}",
            why=_OPENS_NOTHING,
            cure="wait 15 seconds and check again; if it stays so, a process of Zammad's has old settings: "
            "restart Zammad",
        )
    if status == _UNAUTHORIZED:
        return problem(
            "CTI endpoint",
            f"Zammad's process does not know the cti_token that its settings show: {words}",
            why=_OPENS_NOTHING,
            cure="the token was changed just now, or a process of Zammad's has old settings: restart Zammad",
        )
    return warning(
        "CTI endpoint",
        f"could not be tried: {words}",
        why="Whether Zammad takes calls is not known.",
        cure="run `sipgate-sidecar check` again; if it stays so, look into Zammad's log",
    )

"""Zammad's settings: switches, tokens, and what of its own telephony would get in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import anyio

from sidecar.calls.reasons import because
from sidecar.calls.rules.rules import ZammadSettings
from sidecar.check.finding import Finding, Level, ok, problem, warning
from sidecar.codes.findings import Switches, Topic
from sidecar.faults import reason_of
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.records import Json

_ATTEMPTS = 3  # Zammad may run several processes, and each keeps its own copy of the settings
_HARMLESS = {"event": "newCall", "direction": "check", "callId": "sidecar-check", "from": "anonymous", "to": "0"}
_UNPROCESSABLE, _UNAUTHORIZED = 422, 401


def switch_findings(
    settings: ZammadSettings, others: Mapping[str, Json], configured_token: str | None
) -> Iterator[Finding]:
    """`others`: all settings the token sees, by name."""
    judged = ok if settings.sipgate_integration else warning
    switch = because(Switches.ON if settings.sipgate_integration else Switches.OFF)
    yield judged(because(Topic.SETTING, setting="sipgate_integration"), switch)
    if not settings.cti_integration:
        yield problem(because(Topic.SETTING, setting="cti_integration"), because(Switches.CTI_OFF))
    if others.get("placetel_integration") is True:
        yield warning(because(Topic.SETTING, setting="placetel_integration"), because(Switches.PLACETEL_ON))
    yield from _tokens(settings, configured_token)
    yield from _cti_config(settings.cti_config)


def _tokens(settings: ZammadSettings, configured: str | None) -> Iterator[Finding]:
    of_hooks = because(Topic.SETTING, setting="sipgate_token")
    if not settings.cti_token:
        yield problem(because(Topic.SETTING, setting="cti_token"), because(Switches.NO_CTI_TOKEN))
    if not (configured or settings.sipgate_token):
        yield problem(of_hooks, because(Switches.NO_HOOK_TOKEN))
    elif configured and settings.sipgate_token and configured != settings.sipgate_token:
        yield warning(of_hooks, because(Switches.TOKENS_DIFFER))


def _cti_config(config: Json) -> Iterator[Finding]:
    subject = because(Topic.SETTING, setting="cti_config")
    if not isinstance(config, dict) or not (config.get("inbound") and config.get("outbound")):
        yield problem(subject, because(Switches.CTI_PAGE_EMPTY))
        return
    if config.get("notify_map"):
        yield warning(subject, because(Switches.NOTIFIES_SOME))
    for queue in _strange_queues(config.get("notify_map")):
        yield warning(subject, because(Switches.NO_SUCH_QUEUE, queue=queue))
    if _rows(config["inbound"], "block_caller_ids"):
        yield warning(subject, because(Switches.OTHER_BLOCK_LIST))
    if _rows(config["outbound"], "routing_table") or _rows(config["outbound"], "default_caller_id"):
        yield warning(subject, because(Switches.OTHER_CALLER_IDS))


def _strange_queues(rows: Json) -> Iterator[str]:
    """Queues of the Caller Log Filter that no call of ours has: those are digits of a line."""
    for row in rows if isinstance(rows, list) else ():
        queue = str(row.get("queue") or "") if isinstance(row, dict) else ""
        if not (queue.isascii() and queue.isdecimal()):
            yield queue[:100]


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
    return [next((finding for finding in judged if finding.level is not Level.OK), judged[0])]


def judge_endpoint(answer: ZammadError | None) -> Finding:
    """Zammad looks at switch, configuration and token first, and at the direction last."""
    if answer is None:
        return warning(Topic.CTI_ENDPOINT, because(Switches.IMPOSSIBLE_TAKEN))
    words, status = answer.message, answer.status if isinstance(answer, ZammadRefusedError) else None
    if status == _UNPROCESSABLE and "direction" in words.lower():
        return ok(Topic.CTI_ENDPOINT, because(Switches.ENDPOINT_OPEN))
    if status == _UNPROCESSABLE and words.lower().startswith("feature"):
        return problem(Topic.CTI_ENDPOINT, because(Switches.OLD_SETTINGS, words=words))
    if status == _UNAUTHORIZED:
        return problem(Topic.CTI_ENDPOINT, because(Switches.OLD_TOKEN, words=words))
    return warning(Topic.CTI_ENDPOINT, because(Switches.ENDPOINT_UNTRIED, error=reason_of(answer)))

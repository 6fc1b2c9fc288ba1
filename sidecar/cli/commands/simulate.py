"""`simulate`: a scripted call for a running sidecar."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx
import typer
from rich.console import Console

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.reasons import Reason, because
from sidecar.calls.trace import Dialog
from sidecar.cli.database import existing_database
from sidecar.cli.language import said, words_for
from sidecar.cli.output import print_table
from sidecar.cli.settings import settings_from
from sidecar.codes.configuration import Misconfigured
from sidecar.config import Settings
from sidecar.config.sources import at_key
from sidecar.errors import ConfigurationError, StoreError
from sidecar.follow_up.call_trace import why_dialog
from sidecar.follow_up.office import habits_from
from sidecar.hooks.http import HIDDEN_TOKEN, PREFIX
from sidecar.scripted_calls.phone import Exchange, Phone
from sidecar.scripted_calls.rehearsal import (
    Saved,
    as_sipgate_sends,
    at,
    blocked_caller,
    colleague,
    is_simulated,
    may_call,
    outcome_in,
    read_saved,
)
from sidecar.scripted_calls.scenarios import SCENARIOS
from sidecar.scripted_calls.script import Script, call_ids
from sidecar.store.calls.outcome import CallOutcome
from sidecar.store.database import Connection, Database
from sidecar.sync.kept import saved_rules
from sidecar.sync.setting_rows import is_sipgate_id
from sidecar.sync.settings import SettingsReader
from sidecar.words.marks import N_
from sidecar.words.sentences import sentence
from sidecar.zammad import zammad_of

_TALK = 1.0  # seconds between hooks: what Zammad opens for an answer needs the call to go on for a moment
_SWITCHED_OFF = N_(
    "the integration is switched off in Zammad: hooks are answered with <Response/> and nothing comes of them; "
    "switch it on, System > Integrations > sipgate.io, and try again after {seconds} s"
)
_REFUSALS = {
    401: N_("the sidecar does not accept this token: is it another sidecar's configuration?"),
    403: N_("the sidecar takes signed hooks alone (sipgate.signature: enforce), and only sipgate can sign"),
    404: N_("there is no sidecar at this address"),
}
_NO_SCENARIO = N_("there is no scenario {scenario}, but {scenarios}")
_NO_NUMBER = N_("{written} is no number that could call; anonymous is one that is withheld")
_NO_AGENT = N_("{written} is no sipgate user: they look like w0")
_REAL_ZAMMAD = N_("{url} is no simulated Zammad. Play a test call in it?")
_NO_DATABASE = N_("the sidecar's database is out of reach, only its answers are shown: {error}")
_NOBODY_BLOCKED = N_("no number that could call is on the block list: name one with --from")
_ADD_AGENT = N_(
    "To have one open: add {sipgate_user} to the table of users on Zammad's sipgate.io page, "
    'or to "Sipgate users" of the agent.'
)
_NOT_THERE = N_("nothing of it is in the database: does this configuration belong to that sidecar?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the command line asks for."""

    scenario: str
    to: str
    outside: str | None
    agents: tuple[str | None, str | None]
    yes: bool


def simulate(
    *,
    config: Path | None,
    scenario: str,
    to: str | None,
    outside: str | None,
    agent: str | None,
    second_agent: str | None,
    yes: bool,
) -> None:
    if scenario not in SCENARIOS:
        known = ", ".join(SCENARIOS)
        raise typer.BadParameter(words_for().gettext(_NO_SCENARIO, scenario=scenario, scenarios=known))
    _refuse_what_cannot_be(outside, (agent, second_agent))
    settings = settings_from(config)
    wanted = _Wanted(
        scenario=scenario,
        to=(to or _address(settings)).rstrip("/"),
        outside=outside,
        agents=(agent, second_agent),
        yes=yes,
    )
    if not anyio.run(_simulate, settings, wanted):
        raise typer.Exit(1)


def _refuse_what_cannot_be(outside: str | None, agents: tuple[str | None, ...]) -> None:
    """Raises: typer.BadParameter."""
    if outside is not None and not may_call(outside):
        raise typer.BadParameter(words_for().gettext(_NO_NUMBER, written=outside))
    for agent in agents:
        if agent is not None and not is_sipgate_id(agent):
            raise typer.BadParameter(words_for().gettext(_NO_AGENT, written=agent))


async def _simulate(settings: Settings, wanted: _Wanted) -> bool:
    with ExitStack() as open_things:
        database, saved = _opened(settings, open_things)
        if saved.rules is not None and not saved.rules.enabled:
            typer.echo(words_for().gettext(_SWITCHED_OFF, seconds=round(settings.sync.settings_every)), err=True)
            return False
        script = _script(wanted, saved, settings.phone.country)
        call = f"sidecar-test-{secrets.token_hex(4)}"
        async with httpx.AsyncClient(timeout=settings.zammad.timeout, trust_env=False) as client:
            await _may_disturb(settings, wanted, client)
            token = await _token(settings, saved)
            try:
                hooks = await _played(script, call, wanted.to, token, client)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                silent = words_for().gettext(
                    "the sidecar at {url} does not answer: {error}", url=wanted.to, error=error
                )
                typer.echo(silent, err=True)
                return False
        return hooks > 0 and await _shown(database, call_ids(script, call), hooks, settings)


async def _may_disturb(settings: Settings, wanted: _Wanted, client: httpx.AsyncClient) -> None:
    """Raises: typer.Abort where somebody says no, or nobody can be asked."""
    if not wanted.yes and not await is_simulated(settings.zammad.url, client):
        typer.confirm(words_for().gettext(_REAL_ZAMMAD, url=settings.zammad.url), abort=True, err=True)


def _opened(settings: Settings, open_things: ExitStack) -> tuple[Database | None, Saved]:
    """The sidecar's database with what it holds; without one within reach only the answers can be shown."""
    try:
        database = open_things.enter_context(existing_database(settings))
        with database.reading() as connection:
            return database, read_saved(connection, settings.phone.country)
    except StoreError as error:
        words = words_for()
        typer.echo(words.gettext(_NO_DATABASE, error=sentence(error.reason, words)), err=True)
        return None, Saved()


def _script(wanted: _Wanted, saved: Saved, country: str) -> Script:
    chosen = SCENARIOS[wanted.scenario]
    given = as_sipgate_sends(wanted.outside, country) if wanted.outside else None
    number = given or chosen.caller or blocked_caller(saved, country)
    if number is None:
        raise typer.BadParameter(words_for().gettext(_NOBODY_BLOCKED))
    first, second = (colleague(saved.rules, agent, position=place) for place, agent in enumerate(wanted.agents))
    return chosen.script(outside=number, first=first, second=second)


async def _token(settings: Settings, saved: Saved) -> str:
    """Raises: ConfigurationError, ZammadError."""
    if settings.sipgate.token:
        return settings.sipgate.token.get_secret_value()
    if saved.token:
        return saved.token
    zammad = zammad_of(settings)
    try:
        token = (await SettingsReader(zammad).read()).sipgate_token
    finally:
        await zammad.aclose()
    if not token:
        raise ConfigurationError(at_key("sipgate.token", because(Misconfigured.NOWHERE)))
    return token


def _address(settings: Settings) -> str:
    everywhere = settings.server.host in {"0.0.0.0", "::"}  # noqa: S104 - nothing is bound here
    return f"http://{'127.0.0.1' if everywhere else settings.server.host}:{settings.server.port}"


async def _played(script: Script, call: str, base: str, token: str, client: httpx.AsyncClient) -> int:
    """How many hooks were sent; 0 where the sidecar refuses them."""
    urls = {way: f"{base}{PREFIX}/{quote(token, safe='')}/{way}" for way in ("in", "out")}
    hooks = 0
    async for exchange in Phone(client=client, urls=urls, on_host=lambda url: at(base, url)).play(script, call=call):
        _show(exchange, token)
        if exchange.status != 200:  # noqa: PLR2004 - OK
            return 0
        hooks += 1
        await anyio.sleep(_TALK)
    return hooks


def _show(exchange: Exchange, token: str) -> None:
    typer.echo(" ".join(f"{name}={value}" for name, value in exchange.form))
    typer.echo(f"  {exchange.status} {exchange.xml.replace(quote(token, safe=''), HIDDEN_TOKEN)}")
    if exchange.status in _REFUSALS:
        typer.echo(words_for().gettext(_REFUSALS[exchange.status]), err=True)


async def _shown(database: Database | None, call_ids: tuple[str, ...], hooks: int, settings: Settings) -> bool:
    """Whether all of it has reached Zammad, as far as can be seen."""
    if database is None:
        return True
    words, screen = words_for(), Console(file=sys.stderr)
    with screen.status(words.gettext("waiting for what comes of it in Zammad")):  # nothing where nobody watches
        outcome = await outcome_in(database, call_ids, hooks)
    if outcome is None:
        typer.echo(words.gettext(_NOT_THERE), err=True)
        return False
    _show_outcome(outcome)
    _show_dialog(await database.read(lambda connection: _why_dialog(connection, outcome, settings)))
    return outcome.is_final(hooks) and all(parcel.state is ParcelState.DONE for parcel in outcome.parcels)


def _why_dialog(connection: Connection, outcome: CallOutcome, settings: Settings) -> Sequence[Reason]:
    rules = saved_rules(connection, settings.phone.country)
    return why_dialog(connection, outcome, rules=rules, habits=habits_from(settings), now=time.time())


def _show_dialog(reasons: Sequence[Reason]) -> None:
    """The last sentences: whether one has opened, and why not."""
    words = words_for()
    for reason in reasons:
        typer.echo(sentence(reason, words))
    for reason in reasons:
        dialog, who = reason.parameters.get("dialog"), reason.parameters.get("who")
        if isinstance(dialog, Reason) and dialog.code == Dialog.NO_AGENT:
            typer.echo(words.gettext(_ADD_AGENT, sipgate_user=str(who).partition(" ")[0]))


def _show_outcome(outcome: CallOutcome) -> None:
    words = words_for()
    caller = words.gettext("no number to look up")
    if outcome.certainty:
        caller = f"{words.term('certainty', outcome.certainty)}, {said(outcome.recognised, words)}"
    became = words.gettext(
        "call: {state}; caller: {caller}; agent: {agent}",
        state=words.term("state", outcome.state),
        caller=caller,
        agent=outcome.agent or words.gettext("nobody"),
    )
    typer.echo(became)
    for hook in outcome.hooks:
        typer.echo(f"  {hook.event}: {said(hook.reason, words)}")
    columns = (words.gettext("for Zammad"), words.gettext("state"), words.gettext("note"))
    rows = [
        (words.term("delivery", parcel.kind), words.term("delivery state", parcel.state), said(parcel.note, words))
        for parcel in outcome.parcels
    ]
    print_table(columns, [dict(zip(columns, row, strict=True)) for row in rows])

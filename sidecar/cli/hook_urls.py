"""`install --sipgate`: the two addresses at sipgate set to ours, after showing what was there."""

from __future__ import annotations

from urllib.parse import quote

import typer

from sidecar.calls.reasons import Reason, because
from sidecar.check.way_in import hook_urls
from sidecar.codes.configuration import Misconfigured
from sidecar.codes.sipgate import AtSipgate
from sidecar.config import Settings
from sidecar.config.sources import at_key
from sidecar.errors import ConfigurationError
from sidecar.hooks.tokens import hook_token
from sidecar.sipgate.account import reason_of_sipgate, sipgate_of
from sidecar.sync.settings import SettingsReader
from sidecar.words.marks import N_
from sidecar.words.sentences import explained
from sidecar.words.wording import Words
from sidecar.zammad import zammad_of
from sipgate_client import (
    Sipgate,
    SipgateError,
    SipgateOutcomeUnknownError,
    SipgateTokenError,
    SipgateUnavailableError,
)
from sipgate_client.records import HookSettings

_NO_TOKEN = N_("no token is known yet; put right what is said about Zammad, or set sipgate.token")


async def set_hook_urls(settings: Settings, words: Words, *, dry_run: bool, yes: bool) -> None:
    """There is one receiver per account: who is there now is shown in full, to be put back by hand if need be.

    Raises: ConfigurationError without a token for sipgate's interface; ZammadError; typer.Exit where sipgate refuses.
    """
    sipgate = sipgate_of(settings)
    if sipgate is None:
        raise ConfigurationError(at_key("sipgate.api.token", because(Misconfigured.FOR_WRITING)))
    try:
        await _set_hook_urls(sipgate, settings, words, dry_run=dry_run, yes=yes)
    except SipgateError as error:
        said = explained(_why(error), words)
        typer.echo(f"{said.what}\n→ {said.cure}", err=True)
        raise typer.Exit(1) from error
    finally:
        await sipgate.aclose()


async def _set_hook_urls(sipgate: Sipgate, settings: Settings, words: Words, *, dry_run: bool, yes: bool) -> None:
    token = await _hook_token(settings)
    if token is None:
        typer.echo(words.gettext(_NO_TOKEN), err=True)
        raise typer.Exit(1)
    before, after = await sipgate.hook_settings(), hook_urls(settings.server.public_url, token)
    if not _show(before, after, token, words) or dry_run:
        return
    if not yes:
        typer.confirm(words.gettext("Do this?"), abort=True)
    incoming_url, outgoing_url = after
    await sipgate.write_hook_urls(before, incoming_url=incoming_url, outgoing_url=outgoing_url)
    typer.echo(words.gettext("Done."))


def _why(error: SipgateError) -> Reason:
    reason = reason_of_sipgate(error)
    match error:
        case SipgateTokenError():
            return because(AtSipgate.TOKEN_REFUSED, error=reason)
        case SipgateOutcomeUnknownError():
            return because(AtSipgate.URLS_PERHAPS_SET, error=reason)
        case SipgateUnavailableError():
            return because(AtSipgate.UNREACHED, error=reason)
        case _:
            return because(AtSipgate.URLS_REFUSED, error=reason)


async def _hook_token(settings: Settings) -> str | None:
    configured = settings.sipgate.token
    if configured:
        return configured.get_secret_value()
    zammad = zammad_of(settings)
    try:
        return hook_token(configured=None, of_zammad=(await SettingsReader(zammad).read()).sipgate_token)
    finally:
        await zammad.aclose()


def _show(before: HookSettings, after: tuple[str, str], token: str, words: Words) -> bool:
    """Whether there is anything to do. Our own token is left out."""
    was, becomes, nothing = words.gettext("before"), words.gettext("after"), words.gettext("nothing")
    already = words.gettext("there already")
    typer.echo(words.gettext("At sipgate:"))
    changes = 0
    for name, old, new in (
        (words.gettext("incoming calls"), before.incoming_url, after[0]),
        (words.gettext("outgoing calls"), before.outgoing_url, after[1]),
    ):
        if old == new:
            typer.echo(f"  {name}: {_without(token, new)}  {already}")
            continue
        changes += 1
        typer.echo(f"  {name}:")
        typer.echo(f"    {was}: {_without(token, old) or nothing}")
        typer.echo(f"    {becomes}: {_without(token, new)}")
    if not changes:
        typer.echo(words.gettext("Nothing to do."))
    return bool(changes)


def _without(token: str, url: str) -> str:
    return url.replace(quote(token, safe=""), "…").replace(token, "…")

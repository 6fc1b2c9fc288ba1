"""Can people get into the pages: a cookie that lasts, links that lead somewhere, Zammad that vouches for them?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.check.way_in import zammad_answers_at
from sidecar.config import Settings
from zammad_client.errors import ZammadRefusedError, ZammadUnavailableError
from zammad_client.oauth import OAuthProvider

_SUBJECT = "pages"
_NOBODY = "Nobody can sign in to the pages."
_HOW_TO = 'docs/install.md, "Pages on another host"'
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


async def page_findings(settings: Settings) -> list[Finding]:
    """Whoever reaches the pages elsewhere than below `server.public_url` may judge by the words."""
    by_whom = await (_oauth(settings) if settings.web.oauth_client_id else _zammads_session(settings))
    return [*by_whom, *_doubts(settings)]


async def _zammads_session(settings: Settings) -> list[Finding]:
    public_url = settings.server.public_url
    other_host = urlsplit(public_url).hostname != urlsplit(settings.zammad.url).hostname
    if other_host and await zammad_answers_at(public_url) is False:
        what = f"{public_url} is not Zammad's host: its session cookie does not get there"
        return [warning(_SUBJECT, what, why=_NOBODY, cure=f"make an OAuth application in Zammad: {_HOW_TO}")]
    return [ok(_SUBJECT, f"{_address(settings)}/: signed in by Zammad's own session")]


async def _oauth(settings: Settings) -> list[Finding]:
    """Nothing where Zammad cannot be asked: that is another finding."""
    try:
        known = await _is_known(settings)
    except (ZammadUnavailableError, OSError):
        return []
    except ZammadRefusedError as error:
        what = f"Zammad does not say whether it knows the OAuth application: {error}"
        return [warning(_SUBJECT, what, why="People may not be able to sign in.", cure=f"see {_HOW_TO}")]
    if not known:
        what = "Zammad does not know this OAuth application, or it has another secret"
        cure = "copy id and secret from System > API into web.oauth_client_id and web.oauth_client_secret_file"
        return [problem(_SUBJECT, what, why=_NOBODY, cure=cure)]
    said = f"signed in through Zammad's OAuth2; callback URL of its application: {_address(settings)}/sign-in/done"
    return [ok(_SUBJECT, f"{_address(settings)}/: {said}")]


async def _is_known(settings: Settings) -> bool:
    secret, verify = settings.web.oauth_client_secret, settings.zammad.verify_tls
    provider = OAuthProvider(
        url=settings.zammad.url,
        client_id=settings.web.oauth_client_id or "",
        client_secret=secret.get_secret_value() if secret else "",
        verify=verify if isinstance(verify, bool) else str(verify),
    )
    try:
        return await provider.knows_application()
    finally:
        await provider.aclose()


def _doubts(settings: Settings) -> Iterator[Finding]:
    """What can be said without asking anybody."""
    public, zammad = urlsplit(settings.server.public_url), urlsplit(settings.web.zammad_url).hostname or ""
    if public.scheme != "https" and public.hostname not in _THIS_MACHINE:
        yield warning(
            _SUBJECT,
            f"{_address(settings)}/ is no https address",
            why="Browsers keep the cookie of a session over HTTPS only: nobody stays signed in there.",
            cure="let the proxy speak HTTPS, and set server.public_url to that address",
        )
    if not any(sign in zammad for sign in ".:") and zammad != "localhost":
        yield warning(
            _SUBJECT,
            f"links into Zammad lead to {settings.web.zammad_url}",
            why=f"{zammad} is a name of the network inside, such as a container's: browsers do not find it.",
            cure="set web.zammad_url to the address that people open Zammad with",
        )


def _address(settings: Settings) -> str:
    return f"{settings.server.public_url}{settings.web.root_path}"

"""Can people get into the pages: a cookie that lasts, links that lead somewhere, Zammad that vouches for them?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sidecar.calls.reasons import because
from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.check.way_in import zammad_answers_at
from sidecar.codes.findings import SignIn, Topic
from sidecar.config import Settings
from sidecar.faults import reason_of
from zammad_client.errors import ZammadRefusedError, ZammadUnavailableError
from zammad_client.oauth import OAuthProvider

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


async def page_findings(settings: Settings) -> list[Finding]:
    """Whoever reaches the pages elsewhere than below `server.public_url` may judge by the words."""
    by_whom = await (_oauth(settings) if settings.web.oauth_client_id else _zammads_session(settings))
    return [*by_whom, *_doubts(settings)]


async def _zammads_session(settings: Settings) -> list[Finding]:
    public_url = settings.server.public_url
    other_host = urlsplit(public_url).hostname != urlsplit(settings.zammad.url).hostname
    if other_host and await zammad_answers_at(public_url) is False:
        return [warning(Topic.PAGES, because(SignIn.OTHER_HOST, url=public_url))]
    return [ok(Topic.PAGES, because(SignIn.BY_ZAMMAD, address=_address(settings)))]


async def _oauth(settings: Settings) -> list[Finding]:
    """Nothing where Zammad cannot be asked: that is another finding."""
    try:
        known = await _is_known(settings)
    except (ZammadUnavailableError, OSError):
        return []
    except ZammadRefusedError as error:
        return [warning(Topic.PAGES, because(SignIn.OAUTH_UNTRIED, error=reason_of(error)))]
    if not known:
        return [problem(Topic.PAGES, because(SignIn.OAUTH_UNKNOWN))]
    return [ok(Topic.PAGES, because(SignIn.BY_OAUTH, address=_address(settings)))]


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
        yield warning(Topic.PAGES, because(SignIn.NO_HTTPS, address=_address(settings)))
    if not any(sign in zammad for sign in ".:") and zammad != "localhost":
        yield warning(Topic.PAGES, because(SignIn.INNER_NAME, url=settings.web.zammad_url, host=zammad))


def _address(settings: Settings) -> str:
    return f"{settings.server.public_url}{settings.web.root_path}"

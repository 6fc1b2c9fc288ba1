"""The token, the CTI token and cookies of browsers stay inside: in no repr, log line, error or chain of errors."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable

import httpx
import pytest
import respx

from tests.zammad_client.recorded import COOKIE, CTI_TOKEN, TOKEN, answer, some_zammad
from zammad_client import Zammad, ZammadError

pytestmark = pytest.mark.anyio

COOKIE_VALUE = COOKIE.partition("=")[2]
Verb = Callable[[Zammad], Awaitable[object]]
VERBS: list[tuple[Verb, tuple[str, ...]]] = [
    (lambda z: z.call_event(CTI_TOKEN, {"event": "newCall"}), (TOKEN, CTI_TOKEN)),
    (lambda z: z.me(), (TOKEN,)),
    (lambda z: z.session_user(COOKIE), (TOKEN, COOKIE, COOKIE_VALUE)),
]
ANSWERS: list[Callable[[str], httpx.Response]] = [
    lambda said: httpx.Response(404, json={"error": f"No route matches [POST] /api/v1/cti/{said}"}),
    lambda said: httpx.Response(500, json={"error": said}),
    lambda said: httpx.Response(502, text=said),
    lambda said: httpx.Response(301, headers={"Location": f"https://elsewhere.example/{said}"}),
    lambda said: httpx.Response(200, text=said),
]
FAULTS = [httpx.LocalProtocolError, httpx.RemoteProtocolError, httpx.ReadTimeout, httpx.DecodingError]


def everything_said_about(error: BaseException) -> str:
    """Texts and arguments of the error and of everything that it is chained to, suppressed or not."""
    said = "".join(traceback.format_exception(error))
    following: BaseException | None = error
    while following is not None:
        said += f"{following!s}{following!r}{following.args}"
        following = following.__cause__ or following.__context__
    return said


async def everything_said_by(verb: Verb, caplog: pytest.LogCaptureFixture) -> str:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "httpx"), pytest.raises(ZammadError) as failed:
        await verb(some_zammad())
    return everything_said_about(failed.value) + caplog.text


@respx.mock
@pytest.mark.parametrize(("verb", "secrets"), VERBS)
@pytest.mark.parametrize("echo", ANSWERS)
async def test_a_zammad_that_repeats_our_secrets_is_not_quoted_with_them(
    verb: Verb, secrets: tuple[str, ...], echo: Callable[[str], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    respx.route().mock(return_value=echo(" ".join(secrets)))
    said = await everything_said_by(verb, caplog)
    assert not [secret for secret in secrets if secret in said]


@respx.mock
@pytest.mark.parametrize(("verb", "secrets"), VERBS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_what_httpx_says_about_a_header_or_url_is_not_passed_on(
    verb: Verb, secrets: tuple[str, ...], fault: type[httpx.RequestError], caplog: pytest.LogCaptureFixture
) -> None:
    respx.route().mock(side_effect=fault(f"Illegal header value {secrets}"))
    said = await everything_said_by(verb, caplog)
    assert not [secret for secret in secrets if secret in said]


@respx.mock
async def test_a_successful_call_event_is_not_logged_with_its_url(caplog: pytest.LogCaptureFixture) -> None:
    respx.route().mock(return_value=answer("cti_newcall"))
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "httpx"):
        await some_zammad().call_event(CTI_TOKEN, {"event": "newCall"})
    assert CTI_TOKEN not in caplog.text


async def test_a_zammad_that_is_not_there_gets_no_secret_into_the_error(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(ZammadError) as failed:
        await some_zammad("http://127.0.0.1:9").call_event(CTI_TOKEN, {"event": "newCall"})
    assert CTI_TOKEN not in everything_said_about(failed.value) + caplog.text


def test_nothing_reachable_prints_the_token() -> None:
    zammad = some_zammad()
    session = zammad._session
    shown = [
        zammad,
        session,
        session._transport.client,
        session._transport.client.headers,
        session._api,
        session.headers_for(),
    ]
    assert TOKEN not in "".join(f"{each!r}{each!s}" for each in shown)
    assert TOKEN not in str(vars(session._api))

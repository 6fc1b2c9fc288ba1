"""Zammad as OAuth2 provider: what is sent, what is read, and that no error repeats a secret."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import pytest
import respx

from tests.waiting import PATIENCE
from zammad_client.errors import ZammadError, ZammadRefusedError, ZammadUnavailableError
from zammad_client.oauth import DISCOVERY, LIFETIME, OAuthProvider

pytestmark = pytest.mark.anyio
URL = "https://zammad.example.com"
TOKENS = {"access_token": "the-access", "token_type": "Bearer", "expires_in": 7200, "refresh_token": "the-refresh"}


@pytest.fixture
async def provider() -> AsyncIterator[OAuthProvider]:
    provider = OAuthProvider(url=f"{URL}/", client_id="client", client_secret="the-secret")
    yield provider
    await provider.aclose()


async def test_a_code_is_exchanged_with_the_verifier_of_pkce(
    provider: OAuthProvider, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.post(f"{URL}/oauth/token").respond(json=TOKENS)
    tokens = await provider.exchange("the-code", redirect_uri="https://calls.example.com/done", verifier="verifier")
    sent = parse_qs(route.calls.last.request.content.decode())
    assert (tokens.access, tokens.refresh, tokens.lifetime) == ("the-access", "the-refresh", 7200.0)
    assert sent["code_verifier"] == ["verifier"]
    assert sent["grant_type"] == ["authorization_code"]
    assert sent["client_secret"] == ["the-secret"]
    assert "the-access" not in repr(tokens)


async def test_the_browser_is_sent_with_state_and_challenge(provider: OAuthProvider) -> None:
    url = provider.authorize_url(redirect_uri="https://calls.example.com/done", state="state", challenge="challenge")
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{URL}/oauth/authorize?")
    assert (query["state"], query["code_challenge"], query["code_challenge_method"]) == (
        ["state"],
        ["challenge"],
        ["S256"],
    )
    assert "code_challenge" not in provider.authorize_url(redirect_uri="https://c.example.com", state="state")


async def test_browsers_may_have_another_address_of_zammad_than_servers(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post("http://zammad-nginx:8080/oauth/token").respond(json=TOKENS)
    provider = OAuthProvider(url="http://zammad-nginx:8080", browser_url=f"{URL}/", client_id="c", client_secret="s")
    assert provider.authorize_url(redirect_uri="https://c.example.com", state="x").startswith(f"{URL}/oauth/authorize?")
    await provider.exchange("the-code", redirect_uri="https://c.example.com")
    assert route.called
    await provider.aclose()


@pytest.mark.parametrize(
    ("status", "error", "known"),
    [(401, "invalid_client", False), (400, "invalid_grant", True), (401, "invalid_grant", True)],
)
async def test_id_and_secret_are_tried_with_a_code_nobody_was_given(
    provider: OAuthProvider, respx_mock: respx.MockRouter, status: int, error: str, *, known: bool
) -> None:
    respx_mock.post(f"{URL}/oauth/token").respond(status, json={"error": error})
    assert await provider.knows_application() is known


async def test_where_there_is_no_oauth_nothing_is_known_of_the_application(
    provider: OAuthProvider, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(f"{URL}/oauth/token").respond(404, json={"error": "No route matches"})
    with pytest.raises(ZammadRefusedError):
        await provider.knows_application()


@pytest.mark.parametrize(
    ("status", "said", "offered"),
    [
        (200, {"code_challenge_methods_supported": ["plain", "S256"]}, True),
        (200, {"code_challenge_methods_supported": ["plain"]}, False),
        (200, [], False),
        (404, {"error": "No route matches"}, False),
        (503, {}, False),
    ],
)
async def test_pkce_is_used_where_it_is_offered(
    provider: OAuthProvider, respx_mock: respx.MockRouter, *, status: int, said: object, offered: bool
) -> None:
    respx_mock.get(URL + DISCOVERY).respond(status, json=said)
    assert await provider.offers_pkce() is offered


@pytest.mark.parametrize("status", [400, 401, 500, 503])
async def test_no_error_repeats_what_was_sent(
    provider: OAuthProvider, respx_mock: respx.MockRouter, status: int
) -> None:
    words = {"error": "refresh token the-refresh of client the-secret is not valid"}
    respx_mock.post(f"{URL}/oauth/token").respond(status, json=words)
    with pytest.raises(ZammadError) as caught:
        await provider.refresh("the-refresh")
    assert "the-" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_provider_out_of_reach_is_unavailable(provider: OAuthProvider, respx_mock: respx.MockRouter) -> None:
    respx_mock.post(f"{URL}/oauth/token").mock(side_effect=httpx.ConnectError("no route"))
    with pytest.raises(ZammadUnavailableError):
        await provider.refresh("the-refresh")


@pytest.mark.parametrize("answer", [{"json": {"token": 1}}, {"text": "<html>"}, {"json": []}])
async def test_an_answer_nobody_can_read_is_unavailable(
    provider: OAuthProvider, respx_mock: respx.MockRouter, answer: dict[str, object]
) -> None:
    respx_mock.post(f"{URL}/oauth/token").respond(200, **answer)  # type: ignore[arg-type]  # json or text
    with pytest.raises(ZammadUnavailableError):
        await provider.refresh("the-refresh")


async def test_a_token_worth_nothing_belongs_to_nobody(provider: OAuthProvider, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(f"{URL}/api/v1/users/me").respond(401, json={"error": "Can't find User for Token"})
    assert await provider.user_of("the-access") is None
    assert route.calls.last.request.headers["Authorization"] == "Bearer the-access"
    route.respond(422, json={"error": "no"})
    with pytest.raises(ZammadRefusedError):
        await provider.user_of("the-access")


@pytest.mark.parametrize("lifetime", ["10" * 400, "NaN", "Infinity", "-1", "0", "1e18", "null", '"7200"', "[]"])
async def test_a_lifetime_that_no_token_has_is_the_usual_one(
    provider: OAuthProvider, respx_mock: respx.MockRouter, lifetime: str
) -> None:
    said = f'{{"access_token": "a", "refresh_token": "r", "expires_in": {lifetime}}}'
    respx_mock.post(f"{URL}/oauth/token").respond(text=said)
    assert (await provider.exchange("code", redirect_uri="https://c.example.com")).lifetime == LIFETIME


@pytest.mark.parametrize("token", [r"\ud800", r"\u0000", r"a\r\nX: y", "ü", ""])
async def test_a_token_that_cannot_be_sent_is_none(
    provider: OAuthProvider, respx_mock: respx.MockRouter, token: str
) -> None:
    respx_mock.post(f"{URL}/oauth/token").respond(text=f'{{"access_token": "{token}"}}')
    with pytest.raises(ZammadUnavailableError):
        await provider.exchange("code", redirect_uri="https://c.example.com")


async def test_a_cookie_that_comes_with_one_persons_answer_never_goes_out_for_another(
    provider: OAuthProvider, respx_mock: respx.MockRouter
) -> None:
    cookie = {"Set-Cookie": "_zammad_session_x=janes; Path=/"}
    respx_mock.post(f"{URL}/oauth/token").respond(json=TOKENS, headers=cookie)
    route = respx_mock.get(f"{URL}/api/v1/users/me").respond(401, headers=cookie)
    await provider.exchange("code", redirect_uri="https://c.example.com")
    await provider.user_of("of-jane")
    await provider.user_of("of-max")
    assert ["cookie" in call.request.headers for call in route.calls] == [False, False]


class _Trickle(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await anyio.sleep(0.01)


async def test_an_answer_that_trickles_in_for_ever_is_left() -> None:
    wire = httpx.MockTransport(lambda _request: httpx.Response(200, stream=_Trickle()))
    provider = OAuthProvider(url=URL, client_id="client", client_secret="the-secret", timeout=0.1, transport=wire)
    with anyio.fail_after(PATIENCE), pytest.raises(ZammadUnavailableError):
        await provider.user_of("access")
    await provider.aclose()

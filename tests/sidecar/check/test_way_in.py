"""What a knock on the public URL comes to, and what that means."""

from __future__ import annotations

import ssl

import httpx
import pytest

from sidecar.check.way_in import Ending, Knock, doubts, hook_urls, judge, knock, own_address
from sidecar.words.sentences import explained
from tests.sentences import ENGLISH, said
from tests.sidecar.check.patient import door
from tests.zammad_client.recorded import recording

URL = "https://zammad.example.com"
NATIVE = recording("native_bad_direction")

pytestmark = pytest.mark.anyio


async def test_a_sidecar_gives_the_nonce_back() -> None:
    answer = await knock(URL, "t", transport=httpx.ASGITransport(app=door("t")))
    assert answer.ending == "nonce"


async def test_a_nonce_of_somebody_elses_making_does_not_count() -> None:
    replies = httpx.MockTransport(lambda _request: httpx.Response(200, headers={"X-Sidecar-Nonce": "guessed"}))
    assert (await knock(URL, "t", transport=replies)).ending == "answered"


def _raising(error: Exception) -> httpx.MockTransport:
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise error

    return httpx.MockTransport(refuse)


def _tls_failure() -> httpx.ConnectError:
    error = httpx.ConnectError("certificate verify failed")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    return error


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (httpx.ConnectError("[Errno -2] Name or service not known"), "no host"),
        (httpx.ConnectError("[Errno 111] Connection refused"), "no connection"),
        (httpx.ConnectTimeout("timed out"), "no connection"),
        (httpx.ReadTimeout("timed out"), "no answer"),
        (httpx.RemoteProtocolError("gone"), "no answer"),
        (_tls_failure(), "bad certificate"),
    ],
)
async def test_a_knock_that_nobody_answers(error: Exception, ending: str) -> None:
    assert (await knock(URL, "t", transport=_raising(error))).ending == ending


def answered(status: int, content_type: str = "text/html", body: str = "") -> Knock:
    return Knock(ending=Ending.ANSWERED, status=status, content_type=content_type, body=body)


@pytest.mark.parametrize(
    ("outside", "level", "words"),
    [
        (answered(NATIVE["status"], NATIVE["ct"], NATIVE["body"]), "problem", "Zammad itself answers hooks (HTTP 500)"),
        (
            answered(422, "application/xml", "<Response><Error>Feature is disabled</Error></Response>"),
            "problem",
            "Zammad itself",
        ),
        (answered(401, "application/xml", "<Response/>"), "problem", "a sidecar answers, but refuses the token"),
        (answered(200, "application/xml", "<Response/>"), "problem", "without the nonce"),
        (answered(301), "problem", "redirected (HTTP 301), which sipgate does not follow"),
        (answered(404), "problem", "somebody else answers (HTTP 404)"),
        (answered(502), "problem", "the proxy gets no answer (HTTP 502), though the sidecar runs"),
        (Knock(ending=Ending.NO_HOST), "problem", "no such host"),
        (Knock(ending=Ending.BAD_CERTIFICATE), "problem", "its certificate is not valid"),
        (Knock(ending=Ending.NO_CONNECTION), "problem", "no connection, though the sidecar runs"),
    ],
)
def test_what_stands_in_the_way_is_named(outside: Knock, level: str, words: str) -> None:
    finding = judge(URL, outside, runs=True, hooks_arrive=False)
    assert finding.level == level
    all_of_it = explained(finding.reason, ENGLISH)
    assert words in all_of_it.what
    assert all_of_it.why
    assert all_of_it.cure


@pytest.mark.parametrize("outside", [answered(502), Knock(ending=Ending.NO_CONNECTION), Knock(ending=Ending.NO_ANSWER)])
def test_without_a_running_service_silence_is_only_a_warning(outside: Knock) -> None:
    finding = judge(URL, outside, runs=False, hooks_arrive=False)
    assert finding.level == "warning"
    assert explained(finding.reason, ENGLISH).cure == "start `sipgate-sidecar serve`, then check again"


def test_a_router_that_does_not_let_the_network_reach_itself_is_only_a_warning() -> None:
    finding = judge(URL, Knock(ending=Ending.NO_CONNECTION), runs=True, hooks_arrive=True)
    assert finding.level == "warning"
    assert "hooks do arrive" in said(finding.reason)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://zammad.example.com", []),
        ("http://zammad.example.com", ["is not https"]),
        ("https://192.168.1.5", ["192.168.1.5 is an address of the own network"]),
        ("http://localhost:3000", ["is not https", "localhost is an address of the own network"]),
        ("https://93.184.215.14", []),
    ],
)
def test_doubts_about_a_url_as_such(url: str, words: list[str]) -> None:
    found = doubts(url)
    assert [finding.level for finding in found] == ["warning"] * len(words)
    assert all(word in said(finding.reason) for word, finding in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("0.0.0.0", 8600, "http://127.0.0.1:8600"),  # noqa: S104 - what people write
        ("::", 8600, "http://[::1]:8600"),
        ("10.0.0.2", 80, "http://10.0.0.2:80"),
        ("127.0.0.1", 0, None),
    ],
)
def test_where_the_service_itself_is_asked(host: str, port: int, address: str | None) -> None:
    assert own_address(host, port) == address


def test_the_two_urls() -> None:
    assert hook_urls(URL, "t/x") == (f"{URL}/api/v1/sipgate/t%2Fx/in", f"{URL}/api/v1/sipgate/t%2Fx/out")

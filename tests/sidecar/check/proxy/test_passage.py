"""What is made of a request that a proxy has let through otherwise than it was sent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from sidecar.check.proxy.lines import Proxy, line_for, proxy_named
from sidecar.check.proxy.passage import LIE, Arrived, altered, arrived_from, pages_through
from sidecar.check.way_in import Ending, Knock, judge
from sidecar.codes.findings import Passage
from sidecar.words.sentences import explained
from tests.sentences import ENGLISH

pytestmark = pytest.mark.anyio
URL = "https://zammad.example.com"
SENDER, INNER = "203.0.113.5", "172.18.0.3"


@pytest.mark.parametrize(
    ("client", "forwarded", "host", "scheme", "codes"),
    [
        (SENDER, SENDER, "zammad.example.com", "https", []),
        (SENDER, f"{LIE}, {SENDER}", "zammad.example.com:443", "https", []),
        (INNER, None, "zammad.example.com", "https", [Passage.ADDRESS_LOST]),
        (LIE, LIE, "zammad.example.com", "https", [Passage.ADDRESS_BELIEVED]),
        (INNER, SENDER, "zammad.example.com", "https", [Passage.UNTRUSTED]),
        (SENDER, SENDER, "sidecar:8600", "https", [Passage.WRONG_HOST]),
        (SENDER, SENDER, "zammad.example.com", "http", [Passage.SCHEME_LOST]),
    ],
)
def test_what_has_arrived(client: str, forwarded: str | None, host: str, scheme: str, codes: list[Passage]) -> None:
    told = json.dumps({"client": client, "forwarded": forwarded, "host": host, "scheme": scheme})
    arrived = arrived_from(told)
    assert arrived == Arrived(client=client, forwarded=forwarded, host=host, scheme=scheme)
    assert [each.reason.code for each in altered(URL, "nginx/1.28", arrived)] == codes


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"client": 1}', "nothing"])
def test_what_no_sidecar_has_told(text: str) -> None:
    assert arrived_from(text) is None


@pytest.mark.parametrize(
    ("server", "proxy"),
    [
        ("nginx/1.28.0", Proxy.NGINX),
        ("openresty", Proxy.NGINX_PROXY_MANAGER),
        ("Apache/2.4.66 (Debian)", Proxy.APACHE),
        ("Caddy", Proxy.CADDY),
        ("", Proxy.UNNAMED),
    ],
)
def test_a_proxy_is_known_by_what_it_calls_itself(server: str, proxy: Proxy) -> None:
    assert proxy_named(server) is proxy


@pytest.mark.parametrize("proxy", Proxy)
@pytest.mark.parametrize("fault", sorted(set(Passage) - {Passage.TO_HTTPS, Passage.UNTRUSTED}))
def test_every_proxy_has_words_for_every_fault(fault: Passage, proxy: Proxy) -> None:
    assert line_for(fault, proxy)


def test_a_redirect_to_https_says_which_address_to_enter() -> None:
    outside = Knock(ending=Ending.ANSWERED, status=301, location="https://zammad.example.com/api/v1/sipgate/t/in")
    finding = judge("http://zammad.example.com", outside, runs=True, hooks_arrive=False)
    said = explained(finding.reason, ENGLISH)
    assert finding.reason.code == Passage.TO_HTTPS
    assert said.cure == "set server.public_url to https://zammad.example.com, and enter that address at sipgate"


def test_a_path_that_was_cut_short_is_shown_as_it_arrived() -> None:
    outside = Knock(ending=Ending.ANSWERED, status=404, path="/.../in", server="nginx")
    said = explained(judge(URL, outside, runs=True, hooks_arrive=False).reason, ENGLISH)
    assert said.what == f"{URL}: the proxy changes the path; what arrives is /.../in"


Answer = Callable[[httpx.Request], httpx.Response]


def stream(*pieces: bytes) -> Answer:
    async def drops() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return lambda _request: httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=drops())


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (stream(b": one\n\n: two\n\n"), [Passage.BUFFERED]),
        (lambda _request: httpx.Response(200, html="<p>Zammad</p>"), [Passage.PAGES_ELSEWHERE]),
        (lambda _request: httpx.Response(404), [Passage.PAGES_ELSEWHERE]),
        (lambda _request: httpx.Response(502), []),
    ],
)
async def test_how_pages_come_through(answer: Answer, codes: list[Passage]) -> None:
    found = await pages_through(f"{URL}/sidecar", patience=4.0, transport=httpx.MockTransport(answer))
    assert [each.reason.code for each in found] == codes

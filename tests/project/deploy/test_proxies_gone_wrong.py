"""What `check` finds of the proxies of deploy/: nothing as they are, and each fault in the words of that proxy."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from sidecar.check.way_in import way_in
from sidecar.codes.findings import Passage, WayIn
from sidecar.words.sentences import explained
from tests.machine import needs_apache, needs_caddy, needs_haproxy, needs_nginx
from tests.process import HOST, free_port
from tests.project.deploy.proxies import PROXIES, Place, serving, until_it_listens
from tests.sentences import ENGLISH
from tests.sidecar.check.patient import door, served

pytestmark = pytest.mark.anyio
MARKS = {"nginx": needs_nginx, "Apache": needs_apache, "Caddy": needs_caddy, "HAProxy": needs_haproxy}
RIGHT = {WayIn.LEADS_HERE, WayIn.NO_HTTPS, WayIn.PRIVATE}  # the test's own address is not one of the internet
HOOKS_AT = 'ProxyPass "/api/v1/sipgate/" "http://127.0.0.1:8600/api/v1/sipgate/"'
PAGES_AT = 'ProxyPass "/sidecar" "http://127.0.0.1:8600/sidecar"'
FAULTS = [  # proxy, a line of its file, what stands there instead, what is found, and a word of the proxy's own
    ("nginx", "proxy_pass http://sidecar;", "proxy_pass http://sidecar/;", Passage.PATH_CHANGED, "location ^~"),
    ("nginx", "client_max_body_size 1m;", "client_max_body_size 1k;", Passage.BODY_LIMIT, "client_max_body_size"),
    ("nginx", "proxy_set_header Host $http_host;", "", Passage.WRONG_HOST, "proxy_set_header Host"),
    ("nginx", "location ^~ /sidecar/", "location ^~ /elsewhere/", Passage.PAGES_ELSEWHERE, "location ^~ /sidecar"),
    ("Apache", HOOKS_AT, HOOKS_AT.replace("8600/api/v1/sipgate/", "8600/"), Passage.PATH_CHANGED, "ProxyPass"),
    ("Apache", "ProxyPreserveHost On", "ProxyPreserveHost Off", Passage.WRONG_HOST, "ProxyPreserveHost On"),
    ("Apache", 'RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"', "", Passage.ADDRESS_BELIEVED, "REMOTE_ADDR"),
    ("Apache", PAGES_AT, PAGES_AT.replace("8600/sidecar", "8600/"), Passage.PAGES_ELSEWHERE, 'ProxyPass "/sidecar"'),
    ("Caddy", "handle /api/v1/sipgate/*", "handle_path /api/v1/sipgate/*", Passage.PATH_CHANGED, "reverse_proxy"),
    ("HAProxy", "http-request set-header X-Forwarded-For %[src]", "", Passage.ADDRESS_BELIEVED, "X-Forwarded-For"),
]


async def found(name: str, folder: Path, spoilt: tuple[str, str] = ("", "")) -> dict[str, str]:
    """By `check`, from outside: codes, and what they say in full."""
    port = free_port()
    with served(door("secret-token")) as direct, served(Starlette()) as zammad:
        ports = (int(url.rpartition(":")[2]) for url in (direct, zammad))
        place = Place(folder=folder, port=port, sidecar=next(ports), zammad=next(ports), spoilt=spoilt)
        url = f"http://{HOST}:{port}"
        with serving(PROXIES[name], place):
            async with httpx.AsyncClient(base_url=url) as client:
                await until_it_listens(client, place)
            findings = await way_in(url, "secret-token", pages=f"{url}/sidecar", directly=direct, hooks_arrive=False)
    return {each.reason.code: explained(each.reason, ENGLISH).cure for each in findings}


@pytest.mark.parametrize("name", [pytest.param(name, marks=mark) for name, mark in MARKS.items()])
async def test_nothing_is_found_of_a_file_as_it_is(name: str, tmp_path: Path) -> None:
    assert set(await found(name, tmp_path)) == RIGHT


@pytest.mark.parametrize(
    "fault", [pytest.param(each, marks=MARKS[each[0]], id=f"{each[0]}-{each[3]}") for each in FAULTS]
)
async def test_a_fault_is_found_and_told_in_the_words_of_the_proxy(
    fault: tuple[str, str, str, Passage, str], tmp_path: Path
) -> None:
    name, line, instead, code, own_word = fault
    codes = await found(name, tmp_path, (line, instead))
    assert code in codes, codes
    assert own_word in codes[code]

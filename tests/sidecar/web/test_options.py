"""With an internal `zammad.url` nobody's browser is sent to a container's name."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.sidecar.store.calls.saved_calls import add_calls, talked
from tests.sidecar.web.admin.admins import JANE, desk_of

pytestmark = pytest.mark.anyio

PUBLIC, ELSEWHERE = "https://zammad.example.com", "https://phone.example.com"
OAUTH = {
    "SIDECAR_WEB__OAUTH_CLIENT_ID": "client",
    "SIDECAR_WEB__OAUTH_CLIENT_SECRET": "secret",
    "SIDECAR_WEB__ZAMMAD_URL": PUBLIC,
}


def links_away(page: str) -> set[str]:
    return set(re.findall(r'href="(https?://[^/"]*)', page))


@pytest.mark.parametrize("environ", [{"SIDECAR_SERVER__PUBLIC_URL": PUBLIC}, OAUTH], ids=["its host", "elsewhere"])
async def test_links_lead_where_browsers_find_zammad(sqlite_url: str, environ: dict[str, str]) -> None:
    async with desk_of(JANE, sqlite_url, sim=None, **environ) as desk:
        with desk.service.sidecar.database.writing() as connection:
            (call,) = add_calls(connection, talked(person_id=7))
        for path in ("/", f"/calls/{call}"):
            page = (await desk.browser.get(f"/sidecar{path}")).text
            assert links_away(page) <= {PUBLIC}
            assert 'href="/sidecar/go' in page
        for path in ("/go", "/go?customer=7"):
            assert (await desk.browser.get(f"/sidecar{path}")).headers["Location"].startswith(f"{PUBLIC}/")


async def test_signing_in_elsewhere_begins_where_browsers_find_zammad(sqlite_url: str) -> None:
    async with desk_of(JANE, sqlite_url, sim=None, SIDECAR_SERVER__PUBLIC_URL=ELSEWHERE, **OAUTH) as desk:
        desk.browser.cookies.clear()
        answer = await desk.browser.get("/sidecar/sign-in", headers={"Host": "phone.example.com"})
        sent_to = httpx.URL(answer.headers["Location"])
        assert str(sent_to.copy_with(query=None)) == f"{PUBLIC}/oauth/authorize"
        assert sent_to.params["redirect_uri"] == f"{ELSEWHERE}/sidecar/sign-in/done"

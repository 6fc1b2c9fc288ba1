"""The pages: searches among a million conversations, and a thousand open pages that follow every call.

Wanted: any page or search p95 under 150 ms; a hook's change at the last of 1,000 pages p99 under 100 ms, each with a
filter of its own, over two replicas under 1 s; nothing lost over a restart.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import httpx

from bench.report import is_quick, percentiles, report
from bench.rig.cores import leave_the_first_core, memory_mb
from bench.rig.databases import KINDS, new_database
from bench.rig.hooks import FORM
from bench.rig.many_calls import AGENTS, LINES, ORGANIZATIONS, PEOPLE, fill, organization, person
from bench.rig.open_pages import OpenPages, Sighting
from bench.rig.setting import Server, agents_added, server, simulated_zammad
from sidecar.store.database import Database

CALLS = 20_000 if is_quick() else 1_000_000
PAGES = 100 if is_quick() else 1_000
SAMPLES = 5 if is_quick() else 40
HOOKS = 20 if is_quick() else 200
RESTARTS = 3
SESSIONS = 50  # each of another agent: what is made for one of them must do for all
JANE, ADMIN = 4, 3
RUNNING = 12  # calls that go on while the first page is asked for
LINE = "4930600001"  # the one that rings
_FORM = {"Content-Type": FORM}


def main() -> None:
    leave_the_first_core()
    rows: dict[str, Mapping[str, object]] = {}
    for label, found in searched():
        rows[label] = found
        print(label, found, flush=True)
    report("web_search", rows)
    report("web_live", dict(asyncio.run(followed())))


# searches


def searched() -> Iterator[tuple[str, Mapping[str, object]]]:
    for kind in KINDS:
        with new_database(kind) as url, simulated_zammad() as zammad:
            began = time.perf_counter()
            with closing(Database(url)) as database:
                fill(database, CALLS, now=time.time())
            print(f"{kind}: {CALLS:,} conversations written in {time.perf_counter() - began:.0f} s", flush=True)
            yield from _searches_of(kind, url, zammad, restricted=False)
            yield from _searches_of(kind, url, zammad, restricted=True)


def _searches_of(kind: str, url: str, zammad: str, *, restricted: bool) -> Iterator[tuple[str, Mapping[str, object]]]:
    own = {"SIDECAR_WEB__RESTRICT_TO_OWN": str(restricted).lower()}
    with server("whole", zammad=zammad, database=url, environ=own) as service, _signed_in(service, zammad, JANE) as who:
        who.get("/").raise_for_status()
        whole = "whole page with cards and who is free" + (", restricted to own calls" if restricted else "")
        with _calls_going_on(service):
            yield f"{kind}: {whole}", percentiles([_seconds(who, "", whole=True) for _ in range(SAMPLES)])
        for label, queries in _queries(restricted=restricted).items():
            yield f"{kind}: {label}", percentiles([_seconds(who, query) for query in queries])


@contextmanager
def _calls_going_on(service: Server) -> Iterator[None]:
    """Twelve, one of them Jane's."""
    with httpx.Client(trust_env=False) as phone:
        for number in range(RUNNING):
            user = "Jane+Doe" if number == 0 else f"Nobody+{number}"
            body = f"event=newCall&direction=in&from=4930{20_000_000 + number}&to=4930231250{number:02}"
            phone.post(service.hook_url, content=f"{body}&callId=on{number}&user%5B%5D={user}", headers=_FORM)
        time.sleep(2)  # they are folded
        yield
        for number in range(RUNNING):
            body = f"event=hangup&direction=in&cause=cancel&callId=on{number}"
            phone.post(service.hook_url, content=body, headers=_FORM)


def _queries(*, restricted: bool) -> dict[str, list[str]]:
    """What people look for, each time something else."""
    if restricted:
        return {"first page of an agent restricted to own calls": [""] * SAMPLES}
    chance = random.Random(2)

    def some(make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(SAMPLES)]

    def name() -> str:
        return person(chance.randrange(PEOPLE))

    def number() -> str:
        return f"4930{20_000_000 + chance.randrange(PEOPLE)}"

    return {
        "first page": [""] * SAMPLES,
        "number": some(lambda: f"q={number()}"),
        "beginning of a number": some(lambda: f"q=%2B{number()[: chance.randrange(3, 10)]}"),
        "end of a number": some(lambda: f"q={number()[-chance.randrange(2, 7) :]}"),
        "full name": some(lambda: f"q={name()}"),
        "beginning of a name": some(lambda: f"q={name().split()[1][: chance.randrange(2, 6)]}"),
        "one letter": some(lambda: f"q={name()[0]}"),
        "first name and end of a number": some(lambda: f"q={name().split()[0]} {number()[-3:]}"),
        "organization": some(lambda: f"q={organization(chance.randrange(ORGANIZATIONS)).split()[-1]} partner"),
        "nobody's name": some(lambda: f"q=xq{chance.randrange(1000)}"),
        "state": some(lambda: f"state={chance.choice(['missed', 'ended', 'unknown', 'blocked', 'ringing'])}"),
        "agent and line": some(
            lambda: f"agent={100 + chance.randrange(AGENTS)}&line=4930231250{chance.randrange(LINES):02}"
        ),
        "agent, missed (nothing fits)": some(lambda: f"agent={100 + chance.randrange(AGENTS)}&state=missed"),
        "a day of long ago": some(lambda: _a_day(chance)),
        "name, state and days": some(lambda: f"q={name().split()[0]}&state=missed&{_a_day(chance)}"),
    }


def _a_day(chance: random.Random) -> str:
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() - 86_400 * chance.randrange(10, 170)))
    return f"since={day}&until={day}"


def _seconds(who: httpx.Client, query: str, *, whole: bool = False) -> float:
    began = time.perf_counter()
    who.get(f"/?{query}", headers={} if whole else {"HX-Request": "true"}).raise_for_status()
    return time.perf_counter() - began


@contextmanager
def _signed_in(service: Server, zammad: str, user: int) -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=60, base_url=f"{service.url}/sidecar") as client:
        client.get(f"{zammad}/sim/login?user={user}")
        client.get("/sign-in")
        if not _session_of(client):
            raise RuntimeError("nobody was signed in")
        yield client


def _session_of(client: httpx.Client) -> str:
    return next((cookie.value or "" for cookie in client.cookies.jar if cookie.name == "sidecar_session"), "")


# open pages


async def followed() -> list[tuple[str, Mapping[str, object]]]:
    rows: list[tuple[str, Mapping[str, object]]] = []
    for kind in KINDS:
        with new_database(kind) as url, simulated_zammad() as zammad:
            agents = agents_added(zammad, SESSIONS)
            with server("whole", zammad=zammad, database=url) as service:
                rows.append((f"{kind}, one replica", await _follow(service, service, zammad, agents)))
            rows.append((f"{kind}, back after a restart", await _over_a_restart(url, zammad, agents)))
            if kind == "PostgreSQL":
                rows += await _over_two_replicas(url, zammad, agents)
    return rows


def _filter_of(number: int) -> str:
    """No two are equal, and every call of this benchmark fits each: that is the most work."""
    more = (f"line={LINE}", "direction=in", "q=%2B4940", "q=4940&direction=in")[number % 4]
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() - 86_400 * (1 + number)))
    return f"since={day}&{more}"


async def _over_two_replicas(url: str, zammad: str, agents: list[int]) -> list[tuple[str, Mapping[str, object]]]:
    with server("whole", zammad=zammad, database=url) as hooked:
        with server("whole", zammad=zammad, database=url, pinned=False) as looked_at:
            crossing = await _follow(hooked, looked_at, zammad, agents)
        return [("PostgreSQL, hook and pages on two replicas", crossing)]


async def _follow(hooked: Server, looked_at: Server, zammad: str, agents: list[int]) -> Mapping[str, object]:
    cookies = _cookies(looked_at, zammad, agents)
    before, pages = memory_mb(looked_at.pid), OpenPages()
    await pages.open(
        f"{looked_at.url}/sidecar", cookies, count=PAGES, after=_position(looked_at, zammad), filter_of=_filter_of
    )
    memory = memory_mb(looked_at.pid) - before
    lasts: list[float] = []
    async with httpx.AsyncClient(trust_env=False) as phone:
        for number in range(HOOKS):
            lasts.append(await _seconds_to_the_last(phone, hooked, pages, number))
            await asyncio.sleep(0.05)
    await pages.close()
    return {**percentiles(lasts), "pages": PAGES, "kb_per_page": round(1024 * memory / PAGES)}


async def _over_a_restart(url: str, zammad: str, agents: list[int]) -> Mapping[str, object]:
    """From the service being ready again to the last page having the call that came first after it."""
    pages, backs = OpenPages(), []
    async with AsyncExitStack() as stack:
        running = stack.enter_context(ExitStack())
        service = running.enter_context(server("whole", zammad=zammad, database=url))
        cookies, after = _cookies(service, zammad, agents), _position(service, zammad)
        await pages.open(f"{service.url}/sidecar", cookies, count=PAGES, after=after, filter_of=_filter_of)
        phone = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        for number in range(RESTARTS):
            await asyncio.to_thread(running.close)
            again = server("whole", zammad=zammad, database=url, port=urlsplit(service.url).port)
            await asyncio.to_thread(running.enter_context, again)
            backs.append(await _seconds_to_the_last(phone, service, pages, number))
        await pages.close()
    return {**percentiles(backs), "pages": PAGES, "kb_per_page": "-"}


async def _seconds_to_the_last(phone: httpx.AsyncClient, hooked: Server, pages: OpenPages, number: int) -> float:
    """From the posting of a hook to the moment at which the last page has the row."""
    caller = f"4940{time.time_ns() % 10**8:08}"
    sighting = Sighting(words=f"tel:+{caller}".encode(), expected=len(pages))
    pages.watch_for(sighting)
    body = f"event=newCall&direction=in&from={caller}&to={LINE}&callId=live{caller}{number}&user%5B%5D=Jane+Doe"
    began = time.perf_counter()
    await phone.post(hooked.hook_url, content=body, headers=_FORM)
    async with asyncio.timeout(30):
        await sighting.done.wait()
    return max(sighting.times) - began


def _cookies(service: Server, zammad: str, agents: list[int]) -> list[str]:
    found = []
    for agent in agents:
        with _signed_in(service, zammad, agent) as client:
            found.append(_session_of(client))
    return found


def _position(service: Server, zammad: str) -> int:
    """That of a page made now."""
    with _signed_in(service, zammad, ADMIN) as client:
        return int(client.get("/").text.split("after=")[1].split('"')[0])


if __name__ == "__main__":
    main()

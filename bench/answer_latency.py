"""How long after somebody has picked up the dialog opens: through the sidecar, and where Zammad is told directly.

Two simulated Zammads, each with two workers and the times of a real one. Calls one after the other, each of them twice
at the same moments: the sidecar hears of one, the endpoint of the other Zammad is told of the other. Wanted: a median
of 30 ms more than directly; from the `answer` hook to the beginning of the request that opens the dialog 30 ms, p95
45 ms.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import anyio
import httpx

from bench.report import is_quick, percentiles, report
from bench.rig.databases import KINDS, new_database
from bench.rig.few_workers import CTI_TOKEN, CUSTOMER, LINE, SIPGATE_USER, Witnessed, Zammads, two_zammads
from bench.rig.hooks import FORM
from bench.rig.setting import Server, server

CALLS = 10 if is_quick() else 60
RINGS, TALKS, RESTS = (0.3, 0.7), 0.4, 0.15  # seconds; it rings as long as chance will have it
SETTLED = 5.0  # seconds after the start, when all has been read once
AS_IN_SERVICE = {"SIDECAR_CALLS__RECENT_LOGS": "all", "SIDECAR_DELIVERY__RATE": "10"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """When a call was answered, in both places."""

    call_id: str
    bare: float
    behind: float


def main() -> None:
    rows: dict[str, Mapping[str, object]] = {}
    for kind in KINDS:
        with new_database(kind) as database, two_zammads() as zammads:
            with server(
                "whole", zammad=zammads.behind, database=database, environ=AS_IN_SERVICE, pinned=False
            ) as sidecar:
                answers = anyio.run(calls, sidecar, zammads)
            bare, behind = zammads.witnessed()
        rows |= {f"{kind}: {what}": row for what, row in found(answers, bare, behind).items()}
        print(f"{kind}: requests per call beside POST cti: {others(behind, len(answers))}", flush=True)
    report("answer_latency", rows)


async def calls(sidecar: Server, zammads: Zammads) -> list[Answer]:
    await anyio.sleep(SETTLED)
    chance = random.Random(1)
    async with httpx.AsyncClient(trust_env=False) as client:
        return [
            await one_call(client, sidecar, zammads, f"call-{number}", ringing=chance.uniform(*RINGS))
            for number in range(CALLS)
        ]


async def one_call(
    client: httpx.AsyncClient, sidecar: Server, zammads: Zammads, call_id: str, *, ringing: float
) -> Answer:
    at: dict[str, float] = {}

    async def tell(place: str, event: str, fields: Mapping[str, str]) -> None:
        at[place] = time.time()
        about = {"event": event, "callId": call_id, "direction": "in", "from": CUSTOMER, "to": LINE, **fields}
        if place == "bare":
            await client.post(f"{zammads.bare}/api/v1/cti/{CTI_TOKEN}", json=about)
        else:
            await client.post(sidecar.hook_url, content=urlencode(about), headers={"Content-Type": FORM})

    async def tell_both(event: str, *, directly: Mapping[str, str], by_hook: Mapping[str, str]) -> None:
        async with anyio.create_task_group() as places:
            places.start_soon(tell, "bare", event, directly)
            places.start_soon(tell, "behind", event, by_hook)

    user = {"user": "Jane Doe"}
    await tell_both("newCall", directly=user, by_hook={"user[]": "Jane Doe", "userId[]": SIPGATE_USER})
    await anyio.sleep(ringing)
    await tell_both("answer", directly={**user, "user_id": "4"}, by_hook={**user, "userId": SIPGATE_USER})
    answered = Answer(call_id=call_id, bare=at["bare"], behind=at["behind"])
    await anyio.sleep(TALKS)
    await tell_both("hangup", directly={"cause": "normalClearing"}, by_hook={"cause": "normalClearing"})
    await anyio.sleep(RESTS)
    return answered


def found(answers: Sequence[Answer], bare: Witnessed, behind: Witnessed) -> dict[str, Mapping[str, object]]:
    directly = [bare.opened[each.call_id] - each.bare for each in answers]
    through = [behind.opened[each.call_id] - each.behind for each in answers]
    more = [late - early for late, early in zip(through, directly, strict=True)]
    begun = [_begun(behind, each) - each.behind for each in answers]
    return {
        "told directly, answer to dialog": percentiles(directly),
        "sidecar, answer hook to dialog": percentiles(through),
        "sidecar more than directly, pair by pair": percentiles(more),
        "answer hook to the beginning of POST cti": percentiles(begun),
    }


def _begun(zammad: Witnessed, answer: Answer) -> float:
    """When Zammad began with the request that opened the dialog."""
    opened = zammad.opened[answer.call_id]
    return max(each.at for each in zammad.begun if "/cti/" in each.path and answer.behind <= each.at < opened)


def others(zammad: Witnessed, count: int) -> str:
    kinds = Counter(each.path.split("/")[3] for each in zammad.begun if "/cti/" not in each.path)
    return ", ".join(f"{kind} {number / count:.1f}" for kind, number in kinds.most_common())


if __name__ == "__main__":
    main()

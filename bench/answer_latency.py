"""From the `answer` hook being posted to Zammad's endpoint being told of it, in the demo's set-up.

All three share one process and its interpreter lock, the scripted phone included. Wanted: p95 under 100 ms.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import anyio
import httpx

from bench.report import percentiles, report
from sidecar.demo.company import CLARA, JANE, LINE
from sidecar.demo.set_up import SetUp, set_up_demo
from sidecar.logs import configure_logs
from sidecar.scripted_calls.phone import Phone
from sidecar.scripted_calls.script import Script, answered

CALLS = 300
_SCRIPT = Script(direction="in", caller=CLARA, callee=LINE, steps=answered(JANE, by=JANE))
_LOST_AFTER = 10.0  # seconds


@dataclass(slots=True, kw_only=True)
class Traffic:
    """Calls that keep `lines` busy. `ringing`: seconds until somebody picks up. `waited`: seconds until the dialog."""

    lines: int
    ringing: float
    waited: list[float] = field(default_factory=list)

    def names(self) -> Iterator[str]:
        return (f"bench-{self.lines}-{number}" for number in range(CALLS))


def main() -> None:
    configure_logs(level="error", form="console")
    kinds = (Traffic(lines=1, ringing=0.1), Traffic(lines=8, ringing=0.5))
    with set_up_demo(port=0) as set_up:
        for traffic in kinds:
            anyio.run(measure, set_up, traffic)
    report("answer_latency", {f"{traffic.lines} at once": percentiles(traffic.waited) for traffic in kinds})


async def measure(set_up: SetUp, traffic: Traffic) -> None:
    names = traffic.names()
    async with httpx.AsyncClient(trust_env=False) as client, anyio.create_task_group() as lines:
        phone = Phone(client=client, urls=set_up.hook_urls, sign=set_up.sign)
        for _ in range(traffic.lines):
            lines.start_soon(_keep_busy, set_up, phone, names, traffic)
            await anyio.sleep(traffic.ringing / traffic.lines)  # not all of them in one moment


async def _keep_busy(set_up: SetUp, phone: Phone, names: Iterator[str], traffic: Traffic) -> None:
    for name in names:
        waited = await one_call(set_up, phone, name, ringing=traffic.ringing)
        traffic.waited.append(waited)


async def one_call(set_up: SetUp, phone: Phone, name: str, *, ringing: float) -> float:
    """Seconds from posting `answer` to Zammad's opening the dialog. Raises: TimeoutError where it never does."""
    hooks = phone.play(_SCRIPT, call=name)
    first = await anext(hooks)
    await anyio.sleep(ringing)
    posted = time.time()
    await anext(hooks)
    call_id = dict(first.form)["callId"]
    with anyio.fail_after(_LOST_AFTER):
        while (opened_at := _opened_at(set_up, call_id)) is None:  # noqa: ASYNC110 - another loop's doing
            await anyio.sleep(0.005)
    await anext(hooks)
    return opened_at - posted


def _opened_at(set_up: SetUp, call_id: str) -> float | None:
    return next((each.at for each in reversed(set_up.sim.opened[-50:]) if each.call_id == call_id), None)


if __name__ == "__main__":
    main()

"""A Zammad, and somebody who calls and looks."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from tests.process import ServedProcess
from tests.service import environ_of
from tests.waiting import until
from tests.whole_service.reliability.watching import rows_by_call
from zammad_client.simulator import Simulator

CALL = ("newCall", "answer", "hangup")
BLOCKED = "498912345678"
KNOWN = "49301234567"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A Zammad, and somebody who calls and looks."""

    sim: Simulator
    url: str
    client: httpx.Client

    def environ(self, database_url: str, **more: str) -> dict[str, str]:
        return environ_of(self.sim, self.url, database_url, **more)

    def hook(self, process: ServedProcess, event: str, name: str, caller: str = KNOWN) -> str:
        form = {"event": event, "callId": name, "from": caller, "to": "4930600001", "user": "Jane Doe", "userId": "w1"}
        answer = self.client.post(f"{process.url}/api/v1/sipgate/{self.sim.sipgate_token}/in", data=form)
        assert answer.status_code == 200
        return answer.text

    def call(self, process: ServedProcess, name: str) -> None:
        for event in CALL:
            self.hook(process, event, name)

    def lacking(self, process: ServedProcess) -> str:
        """What /readyz says of the database."""
        return str(self.client.get(f"{process.url}/readyz").json()["checks"]["database"])

    def metric(self, process: ServedProcess, name: str) -> float:
        text = self.client.get(f"{process.url}/metrics").text
        return float(text.partition(f"\n{name} ")[2].partition("\n")[0])

    async def until_told(self, name: str) -> None:
        await until(lambda: rows_by_call(self.sim).get(name) == [("hangup", True)])

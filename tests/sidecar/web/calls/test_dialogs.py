"""Why a dialog opened or not, in the first line of a story."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import insert

from sidecar.store.calls.tables import call_keys
from sidecar.store.journal.hooks import place_hooks
from tests.sidecar.store.calls.saved_calls import JANE, MAX, talked
from tests.sidecar.store.journal.hook_rows import NEW_CALL, keep
from tests.sidecar.web.desk.staff import JANE_DOE, MAX_ROE
from tests.sidecar.web.service import Service

ADMIN = 3
TOLD = {"shown": {"name": None, "agent_id": None}, "dialogs": []}


def whys(page: str) -> list[str]:
    return [re.sub("<[^>]+>", "", each).strip() for each in re.findall(r'<p class="why">(.*?)</p>', page, re.DOTALL)]


def test_admins_read_why_a_dialog_opened_or_not_first(service: Service) -> None:
    service.staff(JANE_DOE, MAX_ROE)
    leg = {"call_id": "1", "direction": "in", "caller": "4989", "callee": "4930", "began_at": 1.0}
    (call,) = service.calls(talked(extra={"story": [leg], "told": TOLD}))
    answer = b"event=answer&callId=1&direction=in&from=4989&to=4930&userId=w7&user=Tom+Stray"
    keep(service.database, NEW_CALL, replace(NEW_CALL, event="answer", body=answer))
    with service.database.writing() as connection:
        place_hooks(connection, {1: call, 2: call})
        connection.execute(insert(call_keys).values(key="1", conversation_id=call))
    with service.signed_in(ADMIN) as admin, service.signed_in(MAX) as agent:
        assert whys(admin.get(f"/calls/{call}").text) == [
            "answered by w7 (Tom Stray): no dialog, because no agent has this sipgate user"
        ]
        assert whys(agent.get(f"/calls/{call}").text) == []


def test_agents_read_of_their_own_switch(service: Service) -> None:
    service.staff(replace(JANE_DOE, phone_switch=False), MAX_ROE)
    service.calls(talked())
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        assert whys(jane.get("/calls/1").text) == ["No dialog opens for you: your phone switch in Zammad is off."]
        assert whys(max_roe.get("/calls/1").text) == []

"""The company's account at sipgate: who is there, and what happened before the sidecar ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sidecar.demo.company import BAKERY, JANE, LINE, MAX, NINA, OTTO
from sidecar.scripted_calls.script import Colleague
from sidecar.sipgate.gaps import begin
from sidecar.store.database import Connection
from sipgate_client.records import Json
from sipgate_client.simulator import SimulatedSipgate

BEFORE = 3600.0  # seconds before the start, from which on the history is looked at
AT_HOME = Colleague(user_id="w3", name="Max Roe")  # nobody's in Zammad's agent map: a suggestion
EMAILS = {JANE: "jane@example.com", MAX: "max@example.com", NINA: "nina@example.com", AT_HOME: "max@example.com"}


def open_account() -> SimulatedSipgate:
    """An answered call and a message on the mailbox, of which no hook has ever told."""
    account = SimulatedSipgate()
    account.users, account.devices, account.phone_lines = [], {}, {}
    for place, (colleague, email) in enumerate(EMAILS.items()):
        first, _, last = colleague.name.partition(" ")
        person = {"id": colleague.user_id, "firstname": first, "lastname": last, "email": email, "admin": place == 0}
        phone = {"id": f"e{place}", "alias": f"{first}'s desk phone", "type": "REGISTER", "online": True}
        account.users.append(person)
        account.devices[colleague.user_id] = [phone]
        account.phone_lines[colleague.user_id] = [{"id": f"p{place}", "alias": first}]
    _remember_calls(account)
    return account


def _remember_calls(account: SimulatedSipgate) -> None:
    now = datetime.now(UTC)
    both: dict[str, Json] = {"target": f"+{LINE}", "incoming": True}
    by_max = [{"type": "PICKUP", "endpoint": {"extension": "e1", "type": "REGISTER"}}]
    began = (now - timedelta(minutes=40)).isoformat()
    account.add_call(**both, source=f"+{OTTO}", created=began, callId="demo-gap-1", duration=95, endpoints=by_max)
    missed = {"callStatus": "MISSED", "status": "NOPICKUP", "direction": "MISSED_INCOMING", "duration": 0}
    began = (now - timedelta(minutes=30)).isoformat()
    account.add_call(**both, source=f"+{BAKERY}", created=began, callId="demo-gap-2", endpoints=[], **missed)
    left = (now - timedelta(minutes=29, seconds=40)).isoformat()
    account.add_voicemail(
        None,
        **both,
        source=f"+{BAKERY}",
        created=left,
        duration=18,
        transcription="Bäckerei Müller, bitte rufen Sie uns zurück.",
    )


def begin_history(connection: Connection, now: float) -> None:
    """As if the sidecar had been down for an hour."""
    begin(connection, now - BEFORE, now=now)

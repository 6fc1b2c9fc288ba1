"""The company of the demo: who works there, who calls, and what its admin has set in Zammad.

Numbers are from the ranges that German authorities keep free for films.
"""

from __future__ import annotations

from sidecar.scripted_calls.script import MASTER, Colleague
from zammad_client.simulator import NEWEST, Simulator

JANE = Colleague(user_id="w0", name="Jane Doe")
MAX = Colleague(user_id="w1", name="Max Roe")
NINA = Colleague(user_id="w2", name="Nina Kern")  # her phone switch in Zammad is off

LINE = "493023125000"  # the company's own number
HOTLINE = "493023125001"  # missed calls on it become tickets of the group Support
ERIKA = "49301234567"
OTTO = "49307654321"
CLARA = "494066969010"
SCHULZ = "492214710010"
KAI = "496990009010"
MIA = "494066969011"
BAKERY = "498999998123"
STRANGER = "493023125999"
SPAMMER = "4915228817386"
SWISS_SHOP = "41446681800"
WITHHELD = "anonymous"


def open_company(zammad: str = NEWEST) -> Simulator:
    """A simulated Zammad of that version with the people of the scenes; Jane, Max, Erika and Otto are there already."""
    sim = Simulator(version=zammad)
    _hire(sim)
    _win_customers(sim)
    sim.settings["sipgate_config"] = _sipgate_page()
    sim.ticketing.shown["time_accounting"] = True
    return sim


def _hire(sim: Simulator) -> None:
    sim.add_user(
        "Nina",
        "Kern",
        email="nina@example.com",
        roles=("Agent",),
        preferences={"cti": False},
        sipgate_users=NINA.user_id,
    )


def _win_customers(sim: Simulator) -> None:
    sim.add_ticket(6, title="Delivery", seconds_ago=3600.0)  # Erika's
    sim.add_user("Clara", "Neumann", email="clara@kunden.example", phone="+49 40 66969 010")
    sim.add_user("Petra", "Schulz", email="petra@kunden.example", phone="+49 221 4710 010")
    sim.add_user("Paul", "Schulz", email="paul@kunden.example", mobile="0221 4710010")
    sim.add_user("Kai", "Lauter", email="kai@kunden.example", phone="+49 69 90009 010")
    sim.add_user("Mia", "Vogel", email="mia@kunden.example", phone="+49 40 66969 011")
    sim.change_group(2, cti_callbacks="+49 30 23125 001")
    sim.change_organization(2, cti_main_numbers="+49 89 99998*")


def _sipgate_page() -> dict[str, object]:
    """What the admin has entered on System > Integrations > sipgate.io."""
    return {
        "inbound": {
            "block_caller_ids": [
                {"caller_id": "+49 1522 8817*", "note": "spam"},
                {"caller_id": WITHHELD, "note": "withheld"},
            ]
        },
        "outbound": {
            "routing_table": [{"dest": "41*", "caller_id": "+49 30 23125 041", "note": "Switzerland"}],
            "default_caller_id": LINE,
        },
        "user_remote_map": [
            {"remote_user_id": JANE.user_id, "user_id": "4"},
            {"remote_user_id": MASTER + MAX.user_id, "user_id": "max@example.com"},
        ],
    }

"""The agents of an office as Zammad has them: whose sipgate users are whose."""

from __future__ import annotations

from sidecar.calls.rules.agents import Agent
from tests.sidecar.store.calls.saved_calls import JANE, MAX


def agent(number: int, name: str, *, phone_switch: bool = True) -> Agent:
    login = name.split(maxsplit=1)[0].lower()
    return Agent(
        id=number, login=login, email=f"{login}@example.com", name=name, phone_switch=phone_switch,
        sipgate_users=f"w{number}",
    )  # fmt: skip


JANE_DOE, MAX_ROE = agent(JANE, "Jane Doe"), agent(MAX, "Max Roe")
LEA_KERN = agent(11, "Lea Kern", phone_switch=False)

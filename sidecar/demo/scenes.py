"""The scenes of the demo, and what each must bring about."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.demo import company
from sidecar.demo.company import HOTLINE, JANE, LINE, MAX, NINA
from sidecar.demo.effects import Effects
from sidecar.demo.note import CallNote
from sidecar.scripted_calls.phone import BUSY, RINGS
from sidecar.scripted_calls.script import Script, Step, answered, missed, placed, to_voicemail, transferred

_NOTE = CallNote(ticket="Delivery", text="The parcel goes out again today", minutes=5)
_MIAS_TICKET = "Missed call from Mia Vogel (+49 40 66969011)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`blocks`: the customer whose box "block calls" is ticked in Zammad's form just before.

    `follows`: the title of the scene that has to be judged before. `note`: what Jane writes about it afterwards.
    """

    title: str
    script: Script
    expected: Effects
    blocks: str = ""
    follows: str = ""
    note: CallNote | None = None


def _inbound(caller: str, steps: tuple[Step, ...]) -> Script:
    return Script(direction="in", caller=caller, callee=LINE, steps=steps)


def _outbound(callee: str, steps: tuple[Step, ...]) -> Script:
    return Script(direction="out", caller=LINE, callee=callee, steps=steps)


SCENES = (
    Scene(
        title="known caller, recent ticket",
        script=_inbound(company.ERIKA, answered(JANE, by=JANE)),
        expected=Effects(
            answer=RINGS,
            rows=("Erika Mustermann → Jane Doe, ended",),
            opened=("profile of Erika Mustermann for Jane Doe",),
            caller="certain: phone of Erika Mustermann",
        ),
    ),
    Scene(
        title="known caller, no ticket",
        script=_inbound(company.CLARA, answered(JANE, by=JANE)),
        expected=Effects(
            answer=RINGS,
            rows=("Clara Neumann → Jane Doe, ended",),
            opened=("ticket dialog of Clara Neumann for Jane Doe",),
            caller="certain: phone of Clara Neumann",
        ),
    ),
    Scene(
        title="unknown caller",
        script=_inbound(company.STRANGER, answered(JANE, by=JANE)),
        expected=Effects(
            answer=RINGS,
            rows=("nobody → Jane Doe, ended",),
            opened=("empty ticket dialog for Jane Doe",),
            caller="unknown: number not known",
        ),
    ),
    Scene(
        title="number written as 030/7654321",
        script=_inbound(company.OTTO, answered(MAX, by=MAX)),
        expected=Effects(
            answer=RINGS,
            rows=("Otto Müller → Max Roe, ended",),
            opened=("ticket dialog of Otto Müller for Max Roe",),
            caller="certain: phone of Otto Müller",
        ),
    ),
    Scene(
        title="a company's main number",
        script=_inbound(company.BAKERY, answered(JANE, by=JANE)),
        expected=Effects(
            answer=RINGS,
            rows=("nobody → Jane Doe, ended",),
            opened=("empty ticket dialog for Jane Doe",),
            caller="organization: main number of Bäckerei Müller GmbH",
        ),
    ),
    Scene(
        title="number of two customers",
        script=_inbound(company.SCHULZ, answered(JANE, by=JANE)),
        expected=Effects(
            answer=RINGS,
            rows=("Paul Schulz,Petra Schulz → Jane Doe, ended",),
            opened=("ticket dialog of Paul Schulz for Jane Doe",),
            caller="several: phone of Petra Schulz or mobile of Paul Schulz",
        ),
    ),
    Scene(
        title="blocked by +49 1522 8817*",
        script=_inbound(company.SPAMMER, missed(JANE)),
        expected=Effects(
            answer=BUSY,
            rows=("nobody → blocked, blocked: spam (+49 1522 8817*)",),
            caller="unknown: number not known",
        ),
    ),
    Scene(
        title="anonymous, blocked",
        script=_inbound(company.WITHHELD, missed(JANE)),
        expected=Effects(answer=BUSY, rows=("nobody → blocked, blocked: withheld (anonymous)",), caller="withheld"),
    ),
    Scene(
        title="group call, the second agent answers",
        script=_inbound(company.CLARA, answered(JANE, MAX, by=MAX)),
        expected=Effects(
            answer=RINGS,
            rows=("Clara Neumann → Max Roe, ended",),
            opened=("ticket dialog of Clara Neumann for Max Roe",),
            caller="certain: phone of Clara Neumann",
        ),
    ),
    Scene(
        title="the agent's phone switch is off",
        script=_inbound(company.CLARA, answered(NINA, by=NINA)),
        expected=Effects(
            answer=RINGS, rows=("Clara Neumann → Nina Kern, ended",), caller="certain: phone of Clara Neumann"
        ),
    ),
    Scene(
        title="nobody answers",
        script=_inbound(company.ERIKA, missed(JANE, MAX)),
        expected=Effects(
            answer=RINGS,
            rows=("Erika Mustermann → Jane Doe, Max Roe, missed",),
            caller="certain: phone of Erika Mustermann",
        ),
    ),
    Scene(
        title="called back",
        script=_outbound(company.ERIKA, placed(JANE)),
        follows="nobody answers",
        expected=Effects(
            answer=f"dials {company.ERIKA} as {LINE}",
            rows=("Jane Doe → Erika Mustermann, ended",),
            caller="certain: phone of Erika Mustermann",
            missed="Jane Doe called back",
        ),
    ),
    Scene(
        title="missed on the hotline: a ticket",
        script=Script(direction="in", caller=company.MIA, callee=HOTLINE, steps=missed(JANE, MAX)),
        expected=Effects(
            answer=RINGS,
            rows=("Mia Vogel → Jane Doe, Max Roe, missed",),
            caller="certain: phone of Mia Vogel",
            ticket=f"{_MIAS_TICKET}, new",
        ),
    ),
    Scene(
        title="called back: the ticket is closed",
        script=_outbound(company.MIA, placed(JANE)),
        follows="missed on the hotline: a ticket",
        expected=Effects(
            answer=f"dials {company.MIA} as {LINE}",
            rows=("Jane Doe → Mia Vogel, ended",),
            caller="certain: phone of Mia Vogel",
            missed="Jane Doe called back",
            ticket=f"{_MIAS_TICKET}, closed",
        ),
    ),
    Scene(
        title="a note with time",
        script=_inbound(company.ERIKA, answered(JANE, by=JANE)),
        note=_NOTE,
        expected=Effects(
            answer=RINGS,
            rows=("Erika Mustermann → Jane Doe, ended",),
            opened=("profile of Erika Mustermann for Jane Doe",),
            caller="certain: phone of Erika Mustermann",
            note=f"{_NOTE.minutes} min in {_NOTE.ticket}: {_NOTE.text}",
        ),
    ),
    Scene(
        title="forwarded to voicemail",
        script=_inbound(company.CLARA, to_voicemail(JANE)),
        expected=Effects(
            answer=RINGS, rows=("Clara Neumann → voicemail, missed",), caller="certain: phone of Clara Neumann"
        ),
    ),
    Scene(
        title="transfer from Jane to Max",
        script=_inbound(company.ERIKA, transferred(JANE, MAX)),
        expected=Effects(
            answer=RINGS,
            rows=("Erika Mustermann → Max Roe, ended",),
            opened=("profile of Erika Mustermann for Jane Doe", "profile of Erika Mustermann for Max Roe"),
            caller="certain: phone of Erika Mustermann",
        ),
    ),
    Scene(
        title="outbound with a caller id",
        script=_outbound(company.SWISS_SHOP, placed(JANE)),
        expected=Effects(
            answer=f"dials {company.SWISS_SHOP} as 493023125041",
            rows=(f"Jane Doe → {company.SWISS_SHOP}, ended",),
            caller="unknown: number not known",
        ),
    ),
    Scene(
        title="customer blocked in Zammad's form",
        script=_inbound(company.KAI, missed(JANE)),
        blocks="Kai Lauter",
        expected=Effects(
            answer=BUSY,
            rows=("Kai Lauter → blocked, blocked: Kai Lauter is marked as blocked",),
            caller="certain: phone of Kai Lauter",
        ),
    ),
)

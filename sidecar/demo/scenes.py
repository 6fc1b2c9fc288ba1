"""The scenes of the demo, and what each must bring about."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.calls.identification import Certainty, Recognised
from sidecar.calls.pages.missed import ClosedBecause
from sidecar.calls.reasons import because
from sidecar.demo import company
from sidecar.demo.company import HOTLINE, JANE, LINE, MAX, NINA
from sidecar.demo.effects import PROFILE, CallerSeen, Effects, MissedSeen, Opening, Row, RowState, TicketSeen
from sidecar.demo.note import CallNote, NoteSeen
from sidecar.scripted_calls.phone import BUSY, RINGS, Act, Order
from sidecar.scripted_calls.script import Script, Step, answered, missed, placed, to_voicemail, transferred
from sidecar.words.marks import N_

_NOTE = CallNote(ticket="Delivery", text="The parcel goes out again today", minutes=5)
_MIAS_TICKET = "Missed call from Mia Vogel (+49 40 66969011)"

DIALOG = "ticket dialog"
_UNKNOWN = CallerSeen(certainty=Certainty.UNKNOWN, recognised=because(Recognised.NOT_KNOWN))


def _certain(name: str) -> CallerSeen:
    return CallerSeen(certainty=Certainty.CERTAIN, recognised=because(Recognised.PHONE, name=name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`blocks`: the customer whose box "block calls" is ticked in Zammad's form just before.

    `follows`: the title of the scene that has to be judged before. `note`: what Jane writes about it afterwards.
    """

    title: str  # a message
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
        title=N_("known caller, recent ticket"),
        script=_inbound(company.ERIKA, answered(JANE, by=JANE)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Erika Mustermann", callee="Jane Doe", state=RowState.ENDED),),
            opened=(Opening(kind=PROFILE, customer="Erika Mustermann", agent="Jane Doe"),),
            caller=_certain("Erika Mustermann"),
        ),
    ),
    Scene(
        title=N_("known caller, no ticket"),
        script=_inbound(company.CLARA, answered(JANE, by=JANE)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Clara Neumann", callee="Jane Doe", state=RowState.ENDED),),
            opened=(Opening(kind=DIALOG, customer="Clara Neumann", agent="Jane Doe"),),
            caller=_certain("Clara Neumann"),
        ),
    ),
    Scene(
        title=N_("unknown caller"),
        script=_inbound(company.STRANGER, answered(JANE, by=JANE)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="", callee="Jane Doe", state=RowState.ENDED),),
            opened=(Opening(kind=DIALOG, agent="Jane Doe"),),
            caller=_UNKNOWN,
        ),
    ),
    Scene(
        title=N_("number written as 030/7654321"),
        script=_inbound(company.OTTO, answered(MAX, by=MAX)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Otto Müller", callee="Max Roe", state=RowState.ENDED),),
            opened=(Opening(kind=DIALOG, customer="Otto Müller", agent="Max Roe"),),
            caller=_certain("Otto Müller"),
        ),
    ),
    Scene(
        title=N_("a company's main number"),
        script=_inbound(company.BAKERY, answered(JANE, by=JANE)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="", callee="Jane Doe", state=RowState.ENDED),),
            opened=(Opening(kind=DIALOG, agent="Jane Doe"),),
            caller=CallerSeen(
                certainty=Certainty.ORGANIZATION,
                recognised=because(Recognised.MAIN_NUMBER, name="Bäckerei Müller GmbH"),
            ),
        ),
    ),
    Scene(
        title=N_("number of two customers"),
        script=_inbound(company.SCHULZ, answered(JANE, by=JANE)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Paul Schulz,Petra Schulz", callee="Jane Doe", state=RowState.ENDED),),
            opened=(Opening(kind=DIALOG, customer="Paul Schulz", agent="Jane Doe"),),
            caller=CallerSeen(
                certainty=Certainty.SEVERAL,
                recognised=because(
                    Recognised.SEVERAL,
                    candidates=(
                        because(Recognised.PHONE, name="Petra Schulz"),
                        because(Recognised.MOBILE, name="Paul Schulz"),
                    ),
                ),
            ),
        ),
    ),
    Scene(
        title=N_("blocked by +49 1522 8817*"),
        script=_inbound(company.SPAMMER, missed(JANE)),
        expected=Effects(
            order=BUSY,
            rows=(Row(caller="", callee="blocked", blocked="blocked: spam (+49 1522 8817*)"),),
            caller=_UNKNOWN,
        ),
    ),
    Scene(
        title=N_("anonymous, blocked"),
        script=_inbound(company.WITHHELD, missed(JANE)),
        expected=Effects(
            order=BUSY,
            rows=(Row(caller="", callee="blocked", blocked="blocked: withheld (anonymous)"),),
            caller=CallerSeen(),
        ),
    ),
    Scene(
        title=N_("group call, the second agent answers"),
        script=_inbound(company.CLARA, answered(JANE, MAX, by=MAX)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Clara Neumann", callee="Max Roe", state=RowState.ENDED),),
            opened=(Opening(kind=DIALOG, customer="Clara Neumann", agent="Max Roe"),),
            caller=_certain("Clara Neumann"),
        ),
    ),
    Scene(
        title=N_("the agent's phone switch is off"),
        script=_inbound(company.CLARA, answered(NINA, by=NINA)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Clara Neumann", callee="Nina Kern", state=RowState.ENDED),),
            caller=_certain("Clara Neumann"),
        ),
    ),
    Scene(
        title=N_("nobody answers"),
        script=_inbound(company.ERIKA, missed(JANE, MAX)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Erika Mustermann", callee="Jane Doe, Max Roe", state=RowState.MISSED),),
            caller=_certain("Erika Mustermann"),
        ),
    ),
    Scene(
        title=N_("called back"),
        script=_outbound(company.ERIKA, placed(JANE)),
        follows="nobody answers",
        expected=Effects(
            order=Order(act=Act.DIALS, number=company.ERIKA, caller_id=LINE),
            rows=(Row(caller="Jane Doe", callee="Erika Mustermann", state=RowState.ENDED),),
            caller=_certain("Erika Mustermann"),
            missed=MissedSeen(because=ClosedBecause.TALKED_OUT, by="Jane Doe"),
        ),
    ),
    Scene(
        title=N_("missed on the hotline: a ticket"),
        script=Script(direction="in", caller=company.MIA, callee=HOTLINE, steps=missed(JANE, MAX)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Mia Vogel", callee="Jane Doe, Max Roe", state=RowState.MISSED),),
            caller=_certain("Mia Vogel"),
            ticket=TicketSeen(title=_MIAS_TICKET, state="new"),
        ),
    ),
    Scene(
        title=N_("called back: the ticket is closed"),
        script=_outbound(company.MIA, placed(JANE)),
        follows="missed on the hotline: a ticket",
        expected=Effects(
            order=Order(act=Act.DIALS, number=company.MIA, caller_id=LINE),
            rows=(Row(caller="Jane Doe", callee="Mia Vogel", state=RowState.ENDED),),
            caller=_certain("Mia Vogel"),
            missed=MissedSeen(because=ClosedBecause.TALKED_OUT, by="Jane Doe"),
            ticket=TicketSeen(title=_MIAS_TICKET, state="closed"),
        ),
    ),
    Scene(
        title=N_("a note with time"),
        script=_inbound(company.ERIKA, answered(JANE, by=JANE)),
        note=_NOTE,
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Erika Mustermann", callee="Jane Doe", state=RowState.ENDED),),
            opened=(Opening(kind=PROFILE, customer="Erika Mustermann", agent="Jane Doe"),),
            caller=_certain("Erika Mustermann"),
            note=NoteSeen(ticket=_NOTE.ticket, text=_NOTE.text, minutes=_NOTE.minutes),
        ),
    ),
    Scene(
        title=N_("forwarded to voicemail"),
        script=_inbound(company.CLARA, to_voicemail(JANE)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Clara Neumann", callee="voicemail", state=RowState.MISSED),),
            caller=_certain("Clara Neumann"),
        ),
    ),
    Scene(
        title=N_("transfer from Jane to Max"),
        script=_inbound(company.ERIKA, transferred(JANE, MAX)),
        expected=Effects(
            order=RINGS,
            rows=(Row(caller="Erika Mustermann", callee="Max Roe", state=RowState.ENDED),),
            opened=(
                Opening(kind=PROFILE, customer="Erika Mustermann", agent="Jane Doe"),
                Opening(kind=PROFILE, customer="Erika Mustermann", agent="Max Roe"),
            ),
            caller=_certain("Erika Mustermann"),
        ),
    ),
    Scene(
        title=N_("outbound with a caller id"),
        script=_outbound(company.SWISS_SHOP, placed(JANE)),
        expected=Effects(
            order=Order(act=Act.DIALS, number=company.SWISS_SHOP, caller_id="493023125041"),
            rows=(Row(caller="Jane Doe", callee=company.SWISS_SHOP, state=RowState.ENDED),),
            caller=_UNKNOWN,
        ),
    ),
    Scene(
        title=N_("customer blocked in Zammad's form"),
        script=_inbound(company.KAI, missed(JANE)),
        blocks="Kai Lauter",
        expected=Effects(
            order=BUSY,
            rows=(Row(caller="Kai Lauter", callee="blocked", blocked="blocked: Kai Lauter is marked as blocked"),),
            caller=_certain("Kai Lauter"),
        ),
    ),
)

"""What became of a call: the row in Zammad's caller log, dialogs, and what went wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.calls.conversation.caller_log import Otherwise
from sidecar.calls.conversation.parcels import Waits
from sidecar.calls.identification import Recognised
from sidecar.calls.trace import Dialog, Telling, Traced
from sidecar.words.marks import N_, Message

STORIES: Mapping[str, Message] = {
    Traced.TOLD_BUSY: N_("the caller was rejected as busy: {why}"),
    Traced.ANSWERED: N_("answered by {who}: {dialog}"),
    Traced.VOICEMAIL: N_("answered by voicemail, which gets no dialog"),
    Traced.QUEUE: N_("answered by {who}, which calls.queue_names lists as a queue: no dialog"),
    Traced.UNNAMED: N_(
        "answered by a queue or a machine, since sipgate named nobody (calls.unnamed_answer): no dialog"
    ),
    Traced.SOMEBODY: N_("somebody unknown"),
    Traced.ROW: N_("one row in Zammad's caller log"),
    Traced.ROW_CLOSED: N_("one row in Zammad's caller log, closed"),
    Traced.ROW_ANSWERED: N_("one row in Zammad's caller log, shown as answered by {name}"),
    Traced.ROW_ANSWERED_CLOSED: N_("one row in Zammad's caller log, shown as answered by {name}, closed"),
    Traced.NO_ROW_BLOCKED: N_("no row in Zammad's caller log: calls.log_blocked_calls is off"),
    Traced.NO_ROW_NUMBERLESS: N_("no row in Zammad's caller log: no hook carried a number"),
    Traced.NO_ROW_YET: N_("no row in Zammad's caller log: it waits for the leg this one may have come from"),
    Traced.WAITING: N_("{what} waits for its delivery"),
    Traced.REFUSED: N_("{what} was refused by Zammad for good"),
    Traced.DISCARDED: N_("{what} was discarded"),
    Traced.DELIVERED: N_("{what} was delivered"),
    Traced.NOTED: "{what}: {note}",
    Telling.OPENING: N_("opening the row"),
    Telling.ANSWER: N_("showing who answered"),
    Telling.CLOSING: N_("closing the row"),
    Telling.OTHER: N_("another message to Zammad"),
    Dialog.INTERNAL: N_("no dialog: an internal call"),
    Dialog.OUTBOUND: N_("no dialog: outbound calls open none"),
    Dialog.NOTHING_RANG: N_("no dialog: nobody's phone rang"),
    Dialog.NOBODY_YET: N_("no dialog yet: nobody has picked up"),
    Dialog.UNHEARD: N_("no dialog: no hook told of anybody picking up"),
    Dialog.NOBODY: N_("no dialog: nobody picked up"),
    Dialog.NO_MAP: N_("no dialog, because the agent map was never read from Zammad"),
    Dialog.NO_USER: N_("no dialog, because sipgate did not say which of its users that is"),
    Dialog.NO_AGENT: N_("no dialog, because no agent has this sipgate user"),
    Dialog.OPENED: N_("a dialog was sent to {agent}"),
    Dialog.GOT_ONE: N_("no dialog for {agent}, who has got one for this call already"),
    Dialog.SENT: N_("a dialog was sent for {agent}; what came of it is not kept any more"),
    Dialog.NOT_OPENED: N_("no dialog for {agent}, because: {why}"),
    Dialog.REFUSED: N_("no dialog for {agent}, because Zammad refused it"),
    Dialog.DISCARDED: N_("no dialog for {agent}, because the message was discarded"),
    Dialog.WAITING: N_("the dialog for {agent} waits for its delivery"),
    Dialog.NOTED: "{what} ({note})",
    Dialog.SWITCHED_OFF: N_("no dialog for {agent}, because the integration is switched off in Zammad now"),
    Dialog.EXTENSION: N_("no dialog for {agent}, because a colleague's extension calls"),
    Dialog.ENDED_BEFORE: N_("no dialog for {agent}, because the call had ended before the answer was heard of"),
    Dialog.PHONE_OFF: N_("no dialog for {agent}, whose phone switch is off now"),
    Dialog.NOT_PLANNED: N_(
        "no dialog for {agent}, because the call had ended, or the map named nobody, when the answer was worked through"
    ),
}

DELIVERIES: Mapping[str, Message] = {
    Otherwise.NO_AGENT: N_("no agent to open anything for"),
    Otherwise.MAY_BE_OPEN: N_("not repeated: the dialog may have opened already"),
    Otherwise.BROWSERS_AWAY: N_("Zammad was down: browsers are only now connecting to it again"),
    Otherwise.PHONE_OFF: N_("the agent's phone switch is off"),
    Otherwise.CALL_ENDED: N_("the call has already ended"),
    Otherwise.WITHHELD: N_("the caller has no telephone number, and calls.open_for_withheld opens nothing for those"),
    Otherwise.TOO_LATE: N_("too late for a dialog"),
    Otherwise.LOG_UNREADABLE: N_("not repeated: Zammad's log cannot be read ({error})"),
    Otherwise.ROW_UNLISTED: N_("not repeated: Zammad's log does not list the row any more"),
    Otherwise.DONE_BEFORE: N_("had been delivered"),
    Otherwise.NO_TOKEN: N_("Zammad's cti_token is not known yet"),
    Otherwise.TRIED: N_("{why}, {times} times"),
    Otherwise.JOINED: N_("proved to be part of another row"),
    Waits.UNDER_WAY: N_("is being sent right now"),
    Waits.BEHIND: N_("waits for no. {number} of the same call, which goes first"),
    Waits.ITS_TURN: N_("not tried yet: its turn is next"),
    Waits.UNTIL: N_("is tried again at {at:clock}"),
    Waits.FOR_ZAMMAD: N_("is tried again as soon as Zammad answers"),
}

RECOGNITION: Mapping[str, Message] = {
    Recognised.PHONE: N_("phone of {name}"),
    Recognised.MOBILE: N_("mobile of {name}"),
    Recognised.FURTHER_NUMBER: N_("further number of {name}"),
    Recognised.ATTRIBUTE: N_("{attribute} of {name}"),
    Recognised.MAIN_NUMBER: N_("main number of {name}"),
    Recognised.EXTENSION: N_("extension at {name}"),
    Recognised.NO_NAME: N_("somebody without a name"),
    Recognised.PERHAPS: N_("perhaps {who}"),
    Recognised.SEVERAL: "{candidates:or}",
    Recognised.NOT_KNOWN: N_("number not known"),
}

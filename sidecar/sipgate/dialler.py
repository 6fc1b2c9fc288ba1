"""A call begun with a click: written down, then asked for once, whatever becomes of the answer."""

from __future__ import annotations

from sidecar.calls.rules.agents import AgentMap
from sidecar.sipgate.account import reason_of_sipgate
from sidecar.sipgate.people import People, Phone
from sidecar.store.database import Database
from sidecar.store.pages.dialled import Dialled, DialState, begin_dialling, settle_dialling
from sipgate_client import Sipgate, SipgateError, SipgateOutcomeUnknownError
from sipgate_client.records import Kind


def phones_of(people: People, agent_map: AgentMap, user_id: int) -> list[Phone]:
    """The devices of all sipgate users that this agent is: never a line, never somebody else's."""
    own = [sipgate_id for sipgate_id, agent in agent_map.by_sipgate_id.items() if agent.id == user_id]
    users = dict.fromkeys(sipgate_id.removeprefix(people.master_sip_id) for sipgate_id in own)
    return [phone for user in users for phone in people.phones.get(user, ())]


async def dial(sipgate: Sipgate, database: Database, wanted: Dialled, *, kind: Kind) -> None:
    """Asks sipgate at most once for each key, in whichever process, also after a crash. Raises: StoreError."""
    if not await database.write(lambda connection: begin_dialling(connection, wanted)):
        return
    session_id, problem, state = None, None, DialState.RINGING
    try:
        session_id = await sipgate.call(device_id=wanted.phone, callee=wanted.number, kind=kind)
    except SipgateOutcomeUnknownError:
        state = DialState.UNKNOWN
    except SipgateError as error:
        state, problem = DialState.REFUSED, reason_of_sipgate(error)
    await database.write(
        lambda connection: settle_dialling(connection, wanted.key, state, session_id=session_id, problem=problem)
    )

"""For admins: which sipgate user belongs to whom, and who is nobody's yet."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.reasons import because
from sidecar.calls.rules.agents import Agent, AgentMap
from sidecar.calls.rules.suggestions import Suggestion, suggestions
from sidecar.check.hooks_seen import unmapped_users
from sidecar.errors import StoreError
from sidecar.store.database import Connection
from sidecar.store.journal.hooks import recent_hooks
from sidecar.sync.kept import kept_agents
from sidecar.sync.setting_rows import (
    RowExistsError,
    RowGoneError,
    add_to_agent_map,
    is_sipgate_id,
    mapped_users,
    remove_from_agent_map,
)
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import back, framed, note
from sidecar.web.admin.searching import fits, wanted_in
from sidecar.web.admin.setting_rows import ZAMMAD_REFUSED, problem_of
from sidecar.web.inputs import read_form
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_
from zammad_client.errors import ZammadError

CHOOSE = N_("Please choose an agent.")
CONFLICT = N_("Somebody has assigned this sipgate user meanwhile; that was left as it is.")
ROW_OF_NOBODY = N_(
    "Zammad's sipgate.io page assigns this sipgate user to somebody who is no active agent. Remove that row there."
)
GONE = N_("This assignment is not there any more; nothing was changed.")
LOOKED_AT = 1_000  # hooks
MOST_SUGGESTIONS = 40  # at a time: a form has so many fields
ONE, PICK = "one", "pick-"

log = structlog.get_logger(__name__)


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _page(request, visitor, parts)


async def assign(request: Request, visitor: Visitor, parts: Parts) -> Response:
    form = await read_form(request)
    sipgate_id = form.get("sipgate_id", "").strip()
    agent = next((each for each in await _agents(parts) if str(each.id) == form.get("agent", "")), None)
    if agent is None or not is_sipgate_id(sipgate_id):
        return await _page(request, visitor, parts, problem=CHOOSE, status=400)
    if problem := await _problem_of_assigning(visitor, parts, sipgate_id, agent):
        return await _page(request, visitor, parts, problem=problem, status=409)
    return back(parts, "agents")


async def take_suggestions(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """What has changed meanwhile is left as it is; the others are assigned all the same."""
    wanted = _wanted_in(await read_form(request))
    agents = {str(agent.id): agent for agent in await _agents(parts)}
    picked = {sipgate_id: agents[agent] for sipgate_id, agent in wanted.items() if agent in agents}
    if not picked or len(picked) < len(wanted) or not all(map(is_sipgate_id, picked)):
        return await _page(request, visitor, parts, problem=CHOOSE, status=400)
    await _read_again(parts)
    not_taken: dict[str, str] = {}
    for sipgate_id, agent in picked.items():
        if problem := await _problem_of_assigning(visitor, parts, sipgate_id, agent):
            not_taken[sipgate_id] = problem
        if problem == ZAMMAD_REFUSED:
            break
    if not_taken:
        return await _page(request, visitor, parts, not_taken=not_taken, status=409)
    return back(parts, "agents")


def _wanted_in(form: Mapping[str, str]) -> Mapping[str, str]:
    """Agents' ids by sipgate user: the one whose button was pressed (`one`, "w0 4"), else those ticked (`pick-w0`)."""
    if ONE in form:
        sipgate_id, _, agent = form[ONE].partition(" ")
        return {sipgate_id: agent}
    return {name.removeprefix(PICK): agent for name, agent in form.items() if name.startswith(PICK)}


async def remove(request: Request, visitor: Visitor, parts: Parts) -> Response:
    form = await read_form(request)
    sipgate_id = form.get("sipgate_id", "")
    agent = _agent_map(parts).by_sipgate_id.get(sipgate_id)
    problem: str | None = GONE
    if agent is not None and str(agent.id) == form.get("agent", ""):
        problem = await _problem_of_removing(visitor, parts, sipgate_id, agent)
    if problem:
        return await _page(request, visitor, parts, problem=problem, status=409)
    return back(parts, "agents")


async def _problem_of_removing(visitor: Visitor, parts: Parts, sipgate_id: str, agent: Agent) -> str | None:
    """As `_problem_of_assigning`."""
    try:
        problem = await problem_of(remove_from_agent_map(parts.zammad, sipgate_id, agent))
    except RowGoneError:
        await _read_again(parts)
        return GONE
    if problem:
        return problem
    subject = because(Concerned.SIPGATE_USER, sipgate_id=sipgate_id, agent=agent.name, agent_id=agent.id)
    await parts.database.write(lambda connection: note(connection, visitor, parts, "agent_unassigned", subject))
    await _read_again(parts)
    return None


async def _read_again(parts: Parts) -> None:
    """The page's rows, and the agents' own fields; what fails is read by the next poll."""
    await parts.workings.rules.renew_settings()
    try:
        await parts.workings.rules.refresh_agents()
    except (ZammadError, StoreError) as error:
        log.info("agents_not_renewed", problem=str(error))


async def _problem_of_assigning(visitor: Visitor, parts: Parts, sipgate_id: str, agent: Agent) -> str | None:
    """A message; None where it was done, noted and put in force."""
    if problem := await _problem_of_adding(parts, sipgate_id, agent):
        return problem
    subject = because(Concerned.SIPGATE_USER, sipgate_id=sipgate_id, agent=agent.name, agent_id=agent.id)
    await parts.database.write(lambda connection: note(connection, visitor, parts, "agent_assigned", subject))
    await parts.workings.rules.renew_settings()
    return None


async def _problem_of_adding(parts: Parts, sipgate_id: str, agent: Agent) -> str | None:
    """A message; None where the row was added."""
    if _agent_map(parts).find(sipgate_id, None):
        return CONFLICT
    try:
        return await problem_of(add_to_agent_map(parts.zammad, sipgate_id, agent.id))
    except RowExistsError:
        await parts.workings.rules.renew_settings()
        return CONFLICT if _agent_map(parts).find(sipgate_id, None) else ROW_OF_NOBODY


async def _page(
    request: Request,
    visitor: Visitor,
    parts: Parts,
    *,
    problem: str | None = None,
    not_taken: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """`not_taken`: messages by sipgate user."""
    agent_map, q = _agent_map(parts), wanted_in(request)
    hooks = await parts.database.read(lambda connection: recent_hooks(connection, limit=LOOKED_AT))
    agents, people = await _agents(parts), await parts.workings.sipgate.people()
    suggested = suggestions(people.persons, agents, agent_map, people.master_sip_id) if people else []
    found = [each for each in suggested if _is_about(q, each)]
    mapped = mapped_users(agent_map, parts.workings.rules.settings)
    values = {
        "q": q,
        "asks_sipgate": parts.workings.sipgate.sipgate is not None,
        "not_taken": not_taken or {},
        "suggestions": found[:MOST_SUGGESTIONS],
        "can_be_taken": any(each.agent and not each.contradicts for each in found[:MOST_SUGGESTIONS]),
        "more_suggestions": max(len(found) - MOST_SUGGESTIONS, 0),
        "was_read": people is not None,
        "mapped": [each for each in mapped if _fits(q, each.sipgate_id, each.agent)],
        "unmapped": [each for each in unmapped_users(hooks, agent_map) if fits(q, each.sipgate_id, each.name or "")],
        "agents": agents,
    }
    return await framed(request, visitor, parts, "agents", values, problem=problem, status=status)


def _is_about(wanted: str, suggestion: Suggestion) -> bool:
    person, agents = suggestion.person, (suggestion.agent, suggestion.mapped)
    return fits(wanted, person.id, person.name, person.email, *(agent.name for agent in agents if agent))


def _fits(wanted: str, sipgate_id: str, agent: Agent) -> bool:
    return fits(wanted, sipgate_id, agent.name, agent.email, agent.login)


def _agent_map(parts: Parts) -> AgentMap:
    rules = parts.workings.rules.rules
    return rules.agents if rules else AgentMap()


async def _agents(parts: Parts) -> list[Agent]:
    agents = await parts.database.read(_active_agents)
    return sorted(agents, key=lambda agent: agent.name.casefold())


def _active_agents(connection: Connection) -> list[Agent]:
    return [agent for agent in kept_agents(connection) or () if agent.active]

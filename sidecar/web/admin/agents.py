"""For admins: which sipgate user belongs to whom, and who is nobody's yet."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.agents import Agent, AgentMap
from sidecar.calls.reasons import because
from sidecar.check.hooks_seen import unmapped_users
from sidecar.errors import StoreError
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import recent_hooks
from sidecar.store.replicas.snapshots import load_snapshot
from sidecar.sync.agent_map import RowExistsError, UnknownShapeError, add_to_agent_map, is_sipgate_id, mapped_users
from sidecar.sync.intake import AGENTS
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import AdminFrame
from sidecar.web.admin.workings import Workings
from sidecar.web.forms import read_form
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_
from zammad_client import Zammad
from zammad_client.errors import ZammadError

CHOOSE = N_("Please choose an agent.")
CONFLICT = N_("Somebody has assigned this sipgate user meanwhile; nothing was changed.")
UNKNOWN_SHAPE = N_("Zammad's setting is none a row could be added to. Save the sipgate.io page in Zammad once.")
ZAMMAD_REFUSED = N_("Zammad did not take the change; whether it was written is shown by its sipgate.io page.")
LOOKED_AT = 1_000  # hooks

log = structlog.get_logger(__name__)


class AgentsPage:
    def __init__(self, *, frame: AdminFrame, database: Database, zammad: Zammad, workings: Workings) -> None:
        self._frame = frame
        self._database = database
        self._zammad = zammad
        self._rules = workings.rules

    async def show(self, request: Request, visitor: Visitor) -> Response:
        return await self._page(request, visitor)

    async def assign(self, request: Request, visitor: Visitor) -> Response:
        form = await read_form(request)
        sipgate_id = form.get("sipgate_id", "").strip()
        agent = next((each for each in await self._agents() if str(each.id) == form.get("agent", "")), None)
        if agent is None or not is_sipgate_id(sipgate_id):
            return await self._page(request, visitor, problem=CHOOSE, status=400)
        if problem := await self._problem_of_adding(sipgate_id, agent):
            return await self._page(request, visitor, problem=problem, status=409)
        subject = because(Concerned.SIPGATE_USER, sipgate_id=sipgate_id, agent=agent.name, agent_id=agent.id)
        await self._database.write(lambda connection: self._frame.note(connection, visitor, "agent_assigned", subject))
        await self._put_in_force()
        return self._frame.back("agents")

    async def _problem_of_adding(self, sipgate_id: str, agent: Agent) -> str | None:
        """A key of the texts; None where the row was added."""
        if self._agent_map.find(sipgate_id, None):
            return CONFLICT
        try:
            await add_to_agent_map(self._zammad, sipgate_id, agent.id)
        except RowExistsError:
            await self._put_in_force()
            return CONFLICT
        except UnknownShapeError:
            return UNKNOWN_SHAPE
        except ZammadError as error:
            log.warning("agent_not_assigned", problem=str(error))
            return ZAMMAD_REFUSED
        return None

    async def _put_in_force(self) -> None:
        """What cannot be read now will be with the next look at the settings."""
        try:
            await self._rules.refresh_settings()
        except (ZammadError, StoreError) as error:
            log.info("settings_not_renewed", problem=str(error))

    async def _page(
        self, request: Request, visitor: Visitor, *, problem: str | None = None, status: int = 200
    ) -> Response:
        agent_map = self._agent_map
        hooks = await self._database.read(lambda connection: recent_hooks(connection, limit=LOOKED_AT))
        values = {
            "mapped": mapped_users(agent_map, self._rules.settings),
            "unmapped": unmapped_users(hooks, agent_map),
            "agents": await self._agents(),
        }
        return await self._frame.page(request, visitor, "agents", values, problem=problem, status=status)

    @property
    def _agent_map(self) -> AgentMap:
        return self._rules.rules.agents if self._rules.rules else AgentMap()

    async def _agents(self) -> list[Agent]:
        agents = await self._database.read(_active_agents)
        return sorted(agents, key=lambda agent: agent.name.casefold())


def _active_agents(connection: Connection) -> list[Agent]:
    snapshot = load_snapshot(connection, AGENTS)
    agents = [Agent(**agent) for agent in snapshot.value] if snapshot else []
    return [agent for agent in agents if agent.active]

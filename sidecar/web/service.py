"""The pages as one part of the service: what has to be built, run and refreshed for them."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from starlette.routing import Mount

from sidecar.config import Settings
from sidecar.store.database import Database
from sidecar.tickets.service import CallWork
from sidecar.web.access.rights import Rights
from sidecar.web.access.trust import Trust
from sidecar.web.live.contact import Contact
from sidecar.web.live.office import Office
from sidecar.web.live.open_pages import Live
from sidecar.web.options import WebOptions, options_from
from sidecar.web.parts import parts_of
from sidecar.web.routes import web_app
from sidecar.web.workings import Workings
from zammad_client import Zammad
from zammad_client.oauth import OAuthProvider


class WebPages:
    """`route` serves them; `run` has to for open pages to be told anything and for scripted calls to go on.

    `zammad` is for what somebody waits for, `patient` the same Zammad for what nobody does.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        zammad: Zammad,
        patient: Zammad,
        clock: Callable[[], float],
        workings: Workings,
        work: CallWork,
    ) -> None:
        options = options_from(settings)
        self.rights = Rights(zammad=patient, database=database, clock=clock)
        trust = Trust(clock)
        contact = Contact(database=database, clock=clock, every=settings.sync.settings_every)
        self.live = Live(
            database=database, rights=self.rights, trust=trust, contact=contact,
            office=Office(workings.rules, presence=options.presence), clock=clock, unattended=options.unattended,
        )  # fmt: skip
        self._line = workings.line
        self._oauth = _provider(settings, options) if options.oauth_client_id else None
        parts = parts_of(
            database=database,
            zammad=zammad,
            rights=self.rights,
            live=self.live,
            trust=trust,
            options=options,
            clock=clock,
            workings=workings,
            work=work,
            oauth=self._oauth,
        )
        self.route = Mount(options.root_path, app=web_app(parts))

    async def run(self) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.live.run)
            tasks.start_soon(self._line.run)

    async def aclose(self) -> None:
        self.live.close()
        if self._oauth:
            await self._oauth.aclose()


def _provider(settings: Settings, options: WebOptions) -> OAuthProvider:
    verify = settings.zammad.verify_tls
    return OAuthProvider(
        url=settings.zammad.url,
        browser_url=options.zammad_url,
        client_id=options.oauth_client_id,
        client_secret=options.oauth_client_secret,
        timeout=settings.zammad.timeout,
        verify=verify if isinstance(verify, bool) else str(verify),
    )

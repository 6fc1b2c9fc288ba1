"""The pages for agents and leads: calls as they happen, missed calls, numbers. Everything browsers ask for is here."""

from sidecar.web.access.rights import Rights
from sidecar.web.access.trust import Trust
from sidecar.web.live import Live
from sidecar.web.options import WebOptions
from sidecar.web.routes import web_app

__all__ = ["Live", "Rights", "Trust", "WebOptions", "web_app"]

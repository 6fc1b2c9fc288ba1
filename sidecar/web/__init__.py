"""The pages for agents and leads: calls as they happen, missed calls, numbers. Everything browsers ask for is here."""

from sidecar.web.live import Live
from sidecar.web.options import WebOptions
from sidecar.web.rights import Rights
from sidecar.web.routes import web_app

__all__ = ["Live", "Rights", "WebOptions", "web_app"]

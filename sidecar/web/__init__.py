"""The pages for agents and leads: calls as they happen, missed calls, numbers. Everything browsers ask for is here."""

from sidecar.web.access.rights import Rights
from sidecar.web.access.trust import Trust
from sidecar.web.live.contact import Contact
from sidecar.web.live.open_pages import Live
from sidecar.web.options import WebOptions
from sidecar.web.parts import Parts, parts_of
from sidecar.web.routes import web_app

__all__ = ["Contact", "Live", "Parts", "Rights", "Trust", "WebOptions", "parts_of", "web_app"]

"""What makes an app of the pages, to be installed from the browser's menu: manifest and worker, at fixed addresses."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from sidecar.web.access.visitor import words_for
from sidecar.web.parts import Parts
from sidecar.web.rendering.assets import STATIC, asset_path

PICTURES = (
    ("icon.svg", "any", "image/svg+xml"),
    ("icon-192.png", "192x192", "image/png"),
    ("icon-512.png", "512x512", "image/png"),
)


async def manifest(request: Request, parts: Parts) -> Response:
    root, words = parts.options.root_path, words_for(request, parts.options)
    pictures = [{"src": f"{root}{asset_path(name)}", "sizes": sizes, "type": kind} for name, sizes, kind in PICTURES]
    described = {
        "name": words.gettext("Telephony"),
        "start_url": f"{root}/",
        "scope": f"{root}/",
        "display": "standalone",
        "background_color": "#f4f6f8",
        "theme_color": "#2a2d34",
        "icons": pictures,
    }
    return JSONResponse(described, media_type="application/manifest+json")


async def worker(_request: Request, _parts: Parts) -> Response:
    """Not below a version: browsers look for a newer one where they found it first."""
    return FileResponse(STATIC / "worker.js", media_type="text/javascript")

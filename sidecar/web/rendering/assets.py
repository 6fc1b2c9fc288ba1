"""Static files. They all lie below a version made of what is in them, so browsers may keep them for ever.

Modules import each other by relative addresses, and so stay within the version of the page that asked for the first of
them. A page may meet another version than its own where the service is being upgraded: it then gets pictures and
styles as they are here, but no module, for old and new ones do not go together. `retry.js` loads such a page again.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent.parent / "static"
MODULES = tuple(sorted(f"js/{file.name}" for file in (STATIC / "js").glob("*.js")))
FOR_A_YEAR = "public, max-age=31536000, immutable"


def asset_routes() -> Mount:
    return Mount("/static/{version}", _Assets(directory=STATIC))


def asset_path(name: str) -> str:
    """Below the root of the pages."""
    return f"/static/{version()}/{name}"


@cache
def version() -> str:
    """Of all static files together."""
    digest = blake2b(digest_size=6)
    for file in sorted(each for each in STATIC.rglob("*") if each.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(STATIC).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


class _Assets(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        own = scope["path_params"]["version"] == version()
        if path in MODULES and not own:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        if own:
            response.headers["Cache-Control"] = FOR_A_YEAR
        return response

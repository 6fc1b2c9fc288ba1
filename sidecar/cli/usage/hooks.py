"""`hooks`: what sipgate sent and why it was answered so."""

from __future__ import annotations

from typing import Annotated

import typer

from sidecar.cli.usage import done_by, new_app
from sidecar.cli.usage.options import AsJson, ConfigFile, Newest, Utc

app = new_app(name="hooks", help="What sipgate sent, and why it was answered so.")


@app.command("list")
@done_by("hooks:list_")
def list_(*, config: ConfigFile = None, limit: Newest = 50, utc: Utc = False, as_json: AsJson = False) -> None:
    """The newest hooks, the newest first; below each why it was answered so, below a call why a dialog opened or not.

    - `sipgate-sidecar hooks list`
    - `sipgate-sidecar hooks list --limit 500 --json | grep blocked`
    """


@app.command()
@done_by("hooks:show")
def show(
    hook_id: Annotated[int, typer.Argument(metavar="ID", help="As `hooks list` shows it.")],
    *,
    config: ConfigFile = None,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """One hook with everything known of it: form, answer, decision, what became of the call, what Zammad was told.

    - `sipgate-sidecar hooks show 4711`
    - `sipgate-sidecar hooks show 4711 --json`
    """


@app.command()
@done_by("hooks:replay")
def replay(
    hook_ids: Annotated[list[int], typer.Argument(metavar="ID…", help="As `hooks list` shows them.")],
    *,
    config: ConfigFile = None,
) -> None:
    """Feed hooks of the journal in once more, as new rows with the old times. Nobody is answered, nothing is doubled.

    - `sipgate-sidecar hooks replay 4711`
    - `sipgate-sidecar hooks replay 4711 4712 4713`
    """

"""Commands are declared as they are done, and told of without what they work with."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pkgutil import resolve_name
from typing import Any

import pytest
import typer

from sidecar.cli import app
from sidecar.cli.usage import DONE_BY
from sidecar.cli.usage.service import ZammadVersion
from zammad_client.simulator import NEWEST, VERSIONS

SLOW = ("sqlalchemy", "alembic", "pydantic_settings", "starlette", "httpx", "anyio", "babel")  # typer has pydantic


def declared(typers: typer.Typer, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Callable[..., Any]]]:
    for command in typers.registered_commands:
        assert command.callback
        yield (*before, command.name or command.callback.__name__), command.callback
    for group in typers.registered_groups:
        assert group.typer_instance
        yield from declared(group.typer_instance, (str(group.typer_instance.info.name),))


COMMANDS = dict(declared(app))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=[" ".join(name) for name in COMMANDS])
def test_a_command_is_done_with_the_parameters_it_is_declared_with(command: Callable[..., Any]) -> None:
    done = inspect.signature(resolve_name(getattr(command, DONE_BY)))
    told = inspect.signature(command)
    assert [(each.name, each.kind) for each in done.parameters.values()] == [
        (each.name, each.kind) for each in told.parameters.values()
    ]


def test_no_help_needs_anything_that_is_slow_to_import() -> None:
    asked = json.dumps([[*command, "--help"] for command in [(), *COMMANDS]])
    code = f"import sys; from sidecar.cli import run\nfor each in {asked}: assert run(each) == 0\n"
    code += f"sys.exit(str([name for name in {SLOW} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_the_demo_offers_every_version_that_is_simulated() -> None:
    assert list(ZammadVersion) == list(VERSIONS)
    assert inspect.signature(COMMANDS["demo",]).parameters["zammad"].default == NEWEST

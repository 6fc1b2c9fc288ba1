"""What can be called: the options and the help of every command.

What a command does is imported when it is called: nobody waits for a database library to be told what there is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from pkgutil import resolve_name
from typing import Any, ParamSpec

import typer

P = ParamSpec("P")
DONE_BY = "done_by"


def new_app(**given: Any) -> typer.Typer:
    """As all of them look."""
    return typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
        **given,
    )


def done_by(place: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """`place`: module and function in `sidecar.cli.commands`, with the same parameters as what is declared."""
    full_place = f"sidecar.cli.commands.{place}"

    def of(declared: Callable[P, None]) -> Callable[P, None]:
        @wraps(declared)
        def call(*args: P.args, **given: P.kwargs) -> None:
            all_of_them = signature(declared).bind(*args, **given)
            all_of_them.apply_defaults()
            resolve_name(full_place)(*all_of_them.args, **all_of_them.kwargs)

        setattr(call, DONE_BY, full_place)
        return call

    return of

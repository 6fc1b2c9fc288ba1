"""Whom `erase` and `export` are about: `--number` in any spelling, or `--user` with the id in Zammad."""

from __future__ import annotations

import typer

from sidecar.calls.numbers.numbers import e164_digits
from sidecar.cli.language import words_for
from sidecar.store.database import Connection
from sidecar.store.privacy.subjects import Holder, about_number, about_person
from sidecar.store.privacy.traces import Subject


def subject_of(
    connection: Connection, *, number: str | None, user: int | None, country: str
) -> tuple[Subject, list[Holder]]:
    """Whom it is about, and who of them is still in Zammad as far as is known.

    Raises:
        typer.BadParameter: neither or both are given, or the number cannot be read.

    """
    if (number is None) == (user is None):
        raise typer.BadParameter(words_for().gettext("give either --number or --user"))
    if user is not None:
        return about_person(connection, user)
    digits = e164_digits(number or "", country)
    if digits is None:
        raise typer.BadParameter(words_for().gettext("{number} cannot be read as a phone number", number=number))
    return about_number(connection, digits)

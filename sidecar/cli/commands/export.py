"""`export`: everything that is kept about a number or a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typer

from sidecar.cli.database import existing_database
from sidecar.cli.settings import settings_from
from sidecar.cli.subject import subject_of
from sidecar.store.privacy.subjects import export as everything_about


def export(*, config: Path | None, number: str | None, user: int | None) -> None:
    settings = settings_from(config)
    with existing_database(settings) as database, database.reading() as connection:
        subject, holders = subject_of(connection, number=number, user=user, country=settings.phone.country)
        kept = {
            "about": {"numbers": subject.numbers, "user": subject.person_id},
            "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "in_zammad": [asdict(holder) for holder in holders],
            **everything_about(connection, subject),
        }
    typer.echo(json.dumps(kept, ensure_ascii=False, indent=2))

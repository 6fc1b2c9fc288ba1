"""`check`: everything that has to be right, looked at once, with what to do where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import anyio
import typer

from sidecar.check.examination import Examination
from sidecar.check.finding import Finding
from sidecar.cli.options import AsJson, ConfigFile, settings_from
from sidecar.cli.output import print_json_lines, print_table

_NO_URLS = "no token is known yet; put right what is said about Zammad, or set sipgate.token"


def check(
    *,
    config: ConfigFile = None,
    show_urls: Annotated[
        bool, typer.Option("--show-urls", help="Print the two URLs to enter at sipgate; they contain the token.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look at everything: Zammad, token, permissions, switches, agents, rows, the public URL, the database.

    Each line is ok, a warning or a problem with its cure; with a problem the exit code is 1. Nothing is changed, and
    the service need not run.

    - `sipgate-sidecar check`
    - `sipgate-sidecar check --show-urls`
    - `sipgate-sidecar check --json | grep problem`
    """
    examination = Examination(settings=settings_from(config))
    anyio.run(examination.run)
    findings = examination.findings
    urls = _urls(examination.urls) if show_urls else {}
    if as_json:
        print_json_lines([asdict(finding) for finding in findings])
        print_json_lines([_url_record(name, url) for name, url in urls.items()])
    else:
        _print_findings(findings)
        for name, url in urls.items():
            typer.echo(f"{name}: {url or _NO_URLS}")
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(1)


def _urls(urls: tuple[str, str] | None) -> Mapping[str, str | None]:
    incoming, outgoing = urls or (None, None)
    return {"URL for incoming calls": incoming, "URL for outgoing calls": outgoing}


def _url_record(name: str, url: str | None) -> Mapping[str, object]:
    level, cure = ("ok", "") if url else ("warning", _NO_URLS)
    return {"subject": name, "level": level, "what": url or "not known", "why": "", "cure": cure}


def _print_findings(findings: Sequence[Finding]) -> None:
    records = [{"": finding.level, "check": finding.subject, "found": _in_words(finding)} for finding in findings]
    print_table(("", "check", "found"), records)
    counts = {level: sum(finding.level == level for finding in findings) for level in ("problem", "warning", "ok")}
    problems, warnings, fine = counts["problem"], counts["warning"], counts["ok"]
    typer.echo(f"\nproblems: {problems}, warnings: {warnings}, ok: {fine}")


def _in_words(finding: Finding) -> str:
    """What, why it matters, and the cure behind an arrow."""
    cure = f"→ {finding.cure}" if finding.cure else ""
    return "\n".join(filter(None, (finding.what, finding.why, cure)))

"""`check`: everything that has to be right, looked at once, with what to do where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import anyio
import typer

from sidecar.check.examination import Examination
from sidecar.check.finding import Finding, Level
from sidecar.cli.language import FOR_MACHINES, coded, words_for
from sidecar.cli.output import print_json_lines, print_table
from sidecar.cli.settings import settings_from
from sidecar.words.marks import N_
from sidecar.words.sentences import explained, sentence
from sidecar.words.wording import Words

NO_URLS = N_("no token is known yet; put right what is said about Zammad, or set sipgate.token")


def check(*, config: Path | None, show_urls: bool, as_json: bool) -> None:
    examination = Examination(settings=settings_from(config))
    anyio.run(examination.run)
    findings = examination.findings
    urls = _urls(examination.urls) if show_urls else {}
    if as_json:
        print_json_lines([_record(finding) for finding in findings])
        print_json_lines([_url_record(name, url) for name, url in urls.items()])
    else:
        words = words_for()
        _print_findings(findings, words)
        for name, url in urls.items():
            typer.echo(f"{words.gettext(name)}: {url or words.gettext(NO_URLS)}")
    if any(finding.level is Level.PROBLEM for finding in findings):
        raise typer.Exit(1)


def _urls(urls: tuple[str, str] | None) -> Mapping[str, str | None]:
    incoming, outgoing = urls or (None, None)
    return {N_("URL for incoming calls"): incoming, N_("URL for outgoing calls"): outgoing}


def _record(finding: Finding) -> Mapping[str, object]:
    said = explained(finding.reason, FOR_MACHINES)
    return {
        "subject": sentence(finding.subject, FOR_MACHINES),
        "level": finding.level,
        **asdict(said),
        "reason": coded(finding.reason),
    }


def _url_record(name: str, url: str | None) -> Mapping[str, object]:
    level, cure = (Level.OK, "") if url else (Level.WARNING, NO_URLS)
    return {"subject": name, "level": level, "what": url or "not known", "why": "", "cure": cure, "reason": None}


def _print_findings(findings: Sequence[Finding], words: Words) -> None:
    columns = ("", words.gettext("check"), words.gettext("found"))
    rows = [
        (words.term("level", each.level), sentence(each.subject, words), _in_words(each, words)) for each in findings
    ]
    print_table(columns, [dict(zip(columns, row, strict=True)) for row in rows])
    counts = {level.value: sum(finding.level is level for finding in findings) for level in Level}
    typer.echo("\n" + words.gettext("problems: {problem}, warnings: {warning}, ok: {ok}", **counts))


def _in_words(finding: Finding, words: Words) -> str:
    """What, why it matters, and the cure behind an arrow."""
    said = explained(finding.reason, words)
    cure = f"→ {said.cure}" if said.cure else ""
    return "\n".join(filter(None, (said.what, said.why, cure)))

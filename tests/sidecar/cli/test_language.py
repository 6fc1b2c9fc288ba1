"""Whose times commands show."""

from __future__ import annotations

import pytest

from sidecar.cli.language import words_for, zone_of_machine


@pytest.mark.parametrize(("named", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), (":Europe/Berlin", "Europe/Berlin")])
def test_the_zone_is_that_of_the_environment(named: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", named)
    assert words_for().zone == zone
    assert words_for(utc=True).zone == "UTC"


@pytest.mark.parametrize("named", ["", "Nonsense/Nowhere", "CET-1CEST", "../etc", "/etc/passwd", "Europe"])
def test_what_names_no_zone_leaves_that_of_the_system(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    of_system = zone_of_machine()
    monkeypatch.setenv("TZ", named)
    assert zone_of_machine() == of_system

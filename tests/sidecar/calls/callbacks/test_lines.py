"""Which group's tickets a called line means."""

from __future__ import annotations

import pytest

from sidecar.calls.callbacks.lines import GroupOfLines, lines_from

USERS, SUPPORT = (1, "Users"), (2, "Support")


def group_of(line: str, *groups: tuple[tuple[int, str], str]) -> str | None:
    lines = lines_from([GroupOfLines(id=number, name=name, written=text) for (number, name), text in groups], "DE")
    found = lines.group_of(line)
    return found.name if found else None


@pytest.mark.parametrize(
    "written",
    ["+49 30 600001", "0049 30 600001", "030/600001", "4930600001", "030 6000*", "030 60000?", "1, 030 600001", "*"],
)
def test_a_line_is_written_in_any_spelling(written: str) -> None:
    assert group_of("4930600001", (SUPPORT, written)) == "Support"


@pytest.mark.parametrize("written", ["none", " None ", "", "030 600002", "Zentrale", "1452406e0"])
def test_other_lines_mean_nobody(written: str) -> None:
    assert group_of("4930600001", (SUPPORT, written)) is None


@pytest.mark.parametrize("line", ["201", "1452406e0"])
def test_what_is_no_number_is_taken_literally(line: str) -> None:
    assert group_of(line, (SUPPORT, f"030 600001\n{line.upper()}")) == "Support"
    assert group_of(f"{line}1", (SUPPORT, line)) is None


def test_the_longest_beginning_counts_over_all_groups() -> None:
    assert group_of("4930600001", (USERS, "030 6*"), (SUPPORT, "030 600*")) == "Support"
    assert group_of("4930600001", (USERS, "*"), (SUPPORT, "030 600001")) == "Support"


def test_of_equal_rows_the_older_group_counts_and_both_are_named() -> None:
    groups = [
        GroupOfLines(id=2, name="Support", written="030 600*"),
        GroupOfLines(id=1, name="Users", written="+4930600*"),
    ]
    lines = lines_from(groups, "DE")
    found = lines.group_of("4930600001")
    assert found is not None
    assert found.name == "Users"
    assert [tie.groups for tie in lines.ties] == [("Users", "Support")]


def test_a_row_that_cannot_be_read_leaves_the_others_alone() -> None:
    [group] = [GroupOfLines(id=2, name="Support", written="Zentrale, 030 600001")]
    lines = lines_from([group], "DE")
    assert [row.written for row in lines.unclear] == ["Zentrale"]
    assert lines.group_of("4930600001") == group

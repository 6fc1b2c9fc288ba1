"""What commands print into files and pipes."""

from __future__ import annotations

import pytest

from sidecar.cli.output import print_fields, print_rows, print_table


def test_no_line_of_a_file_ends_in_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a", "b"], [{"a": "one", "b": "x"}, {"a": "the second one", "b": "yes\nand more"}])
    print_fields({"short": "x", "longer": "a long value"})
    print_rows(["a", "b"], [(("one", "x"), ["why"]), (("the second one", ""), [])])
    lines = capsys.readouterr().out.splitlines()
    assert "the second one  yes" in lines
    assert [line for line in lines if line != line.rstrip()] == []

"""Logs: nothing in them that must not be read by anybody."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from sidecar.logs import Streak, configure_logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    configuration = structlog.get_config()
    yield
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False
    structlog.configure(**configuration)


def lines_of(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def json_logs(level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configure_logs(level=level, form="json", stream=stream)
    return stream


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"caller": "+49301234567"}, {"caller": "+49301234***"}),
        ({"caller": "anonymous", "to": "w0"}, {"caller": "anonymous", "to": "w0"}),
        ({"number": "030 / 123 45 67"}, {"number": "0301234***"}),
        ({"numbers": ["4930123456", "110"]}, {"numbers": ["+4930123***", "110"]}),
        ({"error": "no row for 4930123456 yet"}, {"error": "no row for +4930123*** yet"}),
        ({"error": ValueError("4930123456")}, {"error": "ValueError: +4930123***"}),
        ({"call_id": "7093215123456"}, {"call_id": "7093215123456"}),
    ],
)
def test_phone_numbers_end_in_stars(fields: dict[str, Any], shown: dict[str, Any]) -> None:
    stream = json_logs()
    structlog.get_logger().info("hook", **fields)
    [line] = lines_of(stream)
    assert {name: line[name] for name in shown} == shown


def test_debug_shows_numbers_as_they_are() -> None:
    stream = json_logs("debug")
    structlog.get_logger().debug("hook", caller="+49301234567")
    assert lines_of(stream)[0]["caller"] == "+49301234567"


@pytest.mark.parametrize("level", ["debug", "info"])
@pytest.mark.parametrize(
    "text",
    [
        "POST https://zammad.example.com/api/v1/sipgate/geheim/in failed",
        "404 for /api/v1/cti/geheim",
        "Authorization: Token token=geheim",
        'Token token="geheim"',
        "Bearer geheim",
    ],
)
def test_tokens_are_scrubbed_at_every_level(level: str, text: str) -> None:
    stream = json_logs("debug")
    getattr(structlog.get_logger(), level)("request", url=text, nested={"headers": [text]})
    assert "geheim" not in stream.getvalue()


def test_a_traceback_is_masked_and_scrubbed_too() -> None:
    stream = json_logs()
    try:
        int("caller 4930123456 at /api/v1/sipgate/geheim/in")
    except ValueError:
        structlog.get_logger().exception("fault")
    [line] = lines_of(stream)
    assert "caller +4930123*** at /api/v1/sipgate/…/in" in line["exception"]


def test_a_library_logs_through_the_same_masks() -> None:
    stream = json_logs()
    logging.getLogger("somebody.else").warning("lost %s", "4930123456")
    assert lines_of(stream)[0]["event"] == "lost +4930123***"


def test_addresses_of_requests_are_not_logged_at_all() -> None:
    stream = json_logs("debug")
    logging.getLogger("httpx").info("HTTP Request: POST https://zammad.example.com/api/v1/cti/geheim")
    logging.getLogger("uvicorn.access").warning("POST /api/v1/sipgate/geheim/in")
    assert not stream.getvalue()


def test_a_job_that_is_late_because_it_still_runs_is_no_news() -> None:
    stream = json_logs("debug")
    logging.getLogger("apscheduler.scheduler").warning("Execution of job skipped: maximum number of running instances")
    assert not stream.getvalue()


def test_the_console_form_is_one_readable_line() -> None:
    stream = io.StringIO()
    configure_logs(level="info", form="console", stream=stream)
    structlog.get_logger().info("hook", caller="+49301234567")
    structlog.get_logger().debug("unseen")
    assert stream.getvalue().count("\n") == 1
    assert "caller=+49301234***" in stream.getvalue()


def test_a_streak_of_failures_is_logged_at_its_start_and_its_end() -> None:
    stream = json_logs()
    streak = Streak("settings")
    streak.worked()
    for _ in range(3):
        streak.failed(TimeoutError("no answer"))
    streak.worked()
    streak.worked()
    seen = [(line["level"], line["event"], line["what"]) for line in lines_of(stream)]
    assert seen == [("warning", "failing", "settings"), ("info", "recovered", "settings")]
    assert lines_of(stream)[0]["error"] == "TimeoutError: no answer"
    assert lines_of(stream)[1]["failures"] == 3


def test_no_line_grows_with_what_somebody_has_sent() -> None:
    stream = json_logs("debug")
    long = "x" * 1_000_000
    structlog.get_logger().warning("fault", body=long, many=[long] * 1000, named={"a": long}, error=ValueError(long))
    assert len(stream.getvalue()) < 120 * 10_200
    assert lines_of(stream)[0]["body"].endswith("… (1000000 characters)")

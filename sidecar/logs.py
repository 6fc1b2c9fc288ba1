"""Logs that may be shown to anybody: structlog over the standard library, numbers masked, tokens scrubbed."""

from __future__ import annotations

import logging
import re
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import structlog

from sidecar.calls.numbers.numbers import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from structlog.typing import EventDict, FilteringBoundLogger, Processor

_NUMBER_FIELDS = (
    *("callee", "caller", "caller_id", "diversion", "from", "from_", "to"),
    *("e164", "mobile", "number", "numbers", "pattern", "phone", "text"),
)
_PROSE_FIELDS = ("error", "event", "exception", "message", "problem", "reason")
_WRITTEN_NUMBER = re.compile(r"\+?\d(?:[\s/().-]*\d){6,}")
_DIGIT_RUN = re.compile(r"\+?\d{7,}")
_TOKEN = re.compile(r"(/api/v1/(?:sipgate|cti)/|token=\"?|Bearer\s+)[^\s\"'/?#,;&]+", re.IGNORECASE)
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
LONGEST_TEXT, MOST_ITEMS = 10_000, 100  # characters, a traceback's as well; of a list or an object
_CHATTY = ("httpx", "httpcore", "apscheduler", "alembic", "sqlalchemy", "uvicorn")


def configure_logs(*, level: str, form: str, stream: TextIO | None = None) -> None:
    """Send every log of the process to `stream` (stderr), as `form`: "console" for eyes, "json" for machines."""
    structlog.configure(
        processors=[*_STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_STEPS, processors=_last_steps(form, handler.stream))
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(_LEVELS[level])
    _quieten_libraries()


def _quieten_libraries() -> None:
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a job is late because it still runs is no news
    logging.getLogger("uvicorn.access").disabled = True  # its lines carry the token of the hook path


def _last_steps(form: str, stream: TextIO) -> Sequence[Processor]:
    forget_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if form == "json":
        return [forget_meta, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    plain = structlog.dev.plain_traceback  # the others would show local variables, secrets among them
    return [forget_meta, structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]


def mask_numbers(_logger: Any, level: str, fields: EventDict) -> EventDict:
    """Phone numbers end in stars above debug level."""
    if level == "debug":
        return fields
    fields = _rewritten(fields, _NUMBER_FIELDS, lambda text: _WRITTEN_NUMBER.sub(_stars, text))
    return _rewritten(fields, _PROSE_FIELDS, lambda text: _DIGIT_RUN.sub(_stars, text))


def scrub_tokens(_logger: Any, _level: str, fields: EventDict) -> EventDict:
    """No token at any level, wherever it stands in an address or a header."""
    return _rewritten(fields, fields, lambda text: _TOKEN.sub(r"\1…", text))


def shorten(_logger: Any, _level: str, fields: EventDict) -> EventDict:
    """No line grows with what somebody has sent."""
    return {name: _each_text(value, _beginning) for name, value in fields.items()}


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}… ({len(text)} characters)"


def _stars(found: re.Match[str]) -> str:
    return masked(found.group())


def _rewritten(fields: EventDict, names: Iterable[str], rewrite: Callable[[str], str]) -> EventDict:
    return {**fields, **{name: _each_text(fields[name], rewrite) for name in names if name in fields}}


def _each_text(value: Any, rewrite: Callable[[str], str]) -> Any:
    match value:
        case str():
            return rewrite(value)
        case BaseException():
            return rewrite(f"{type(value).__name__}: {value}")
        case list() | tuple() | set() | frozenset():
            return [_each_text(item, rewrite) for item in islice(value, MOST_ITEMS)]
        case dict():
            return {key: _each_text(item, rewrite) for key, item in islice(value.items(), MOST_ITEMS)}
        case _:
            return value


_STEPS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    shorten,
    mask_numbers,
    scrub_tokens,
]


class Streak:
    """Of work that is tried again and again, logs the first failure and the recovery, and nothing in between."""

    def __init__(self, what: str, *, log: FilteringBoundLogger | None = None) -> None:
        self._what = what
        self._log: FilteringBoundLogger = log or structlog.get_logger()
        self.failures = 0

    def failed(self, error: BaseException | str) -> None:
        self.failures += 1
        if self.failures == 1:
            self._log.warning("failing", what=self._what, error=error)

    def worked(self) -> None:
        if self.failures:
            self._log.info("recovered", what=self._what, failures=self.failures)
        self.failures = 0

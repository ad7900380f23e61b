"""One JSON object a line on standard error: event, time, level, trace; never personal data.

Texts of exceptions are left out, because they may quote what a caller sent: type and place say what broke.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from services.chassis.context import current_or_none


def configure(service: str, level: str = "info") -> None:
    """Send everything that is logged, by the service or by a library, to standard error as JSON lines."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _Service(service),
            add_call,
            add_exception,
            structlog.processors.JSONRenderer(serializer=to_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Forward()]
    root.setLevel(max(number, logging.WARNING))


def to_json(value: Any, **_: Any) -> str:
    """Return a log entry as one line of JSON, Chinese readable."""
    return json.dumps(value, ensure_ascii=False, default=str)


def add_call(_logger: WrappedLogger, _name: str, entry: EventDict) -> EventDict:
    """Add the trace, the call's id and its method to what is logged while a call is served."""
    call = current_or_none()
    if call is not None:
        entry.setdefault("trace_id", call.trace_id)
        entry.setdefault("call_id", call.id)
        entry.setdefault("method", call.method)
    return entry


def add_exception(_logger: WrappedLogger, _name: str, entry: EventDict) -> EventDict:
    """Replace `exc_info` by the types and places of the exception and of what caused it."""
    info = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        entry["exception"] = describe(error)
    return entry


def describe(error: BaseException) -> list[dict[str, Any]]:
    """Return types and stacks of an exception and its causes, outermost first, without their texts."""
    links: list[dict[str, Any]] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = traceback.extract_tb(link.__traceback__)
        entry: dict[str, Any] = {"type": f"{type(link).__module__}.{type(link).__qualname__}"}
        if isinstance(getattr(link, "sqlstate", None), str):
            entry["sqlstate"] = link.sqlstate  # type: ignore[attr-defined]
        entry["stack"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        links.append(entry)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return links


class _Service:
    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, _logger: WrappedLogger, _name: str, entry: EventDict) -> EventDict:
        entry["service"] = self._name
        return entry


class _Forward(logging.Handler):
    """Takes what libraries log into the same stream; their arguments are not formatted in, as they may quote data."""

    def emit(self, record: logging.LogRecord) -> None:
        facts: Mapping[str, Any] = {"logger": record.name, "exc_info": record.exc_info}
        structlog.get_logger().log(record.levelno, str(record.msg), **facts)

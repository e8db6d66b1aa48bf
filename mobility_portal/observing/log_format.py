"""A line of the log, for people or for programs. Both say the same and hide the same.

Knows no Django: the web server's own lines are written before there are settings.
"""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atlas.web.request_id import current_request_id
from mobility_portal.observing.scrubbing import describe_error, describe_traceback, scrub

ROOT = f"{Path(__file__).resolve().parent.parent.parent}/"


class _SafeFormatter(logging.Formatter):
    """Only what is named here leaves: attributes that a library adds to a record are not written."""

    def message(self, record: logging.LogRecord) -> str:
        route, path = _route_and_path(record)
        arguments: Any = record.args
        if isinstance(arguments, tuple):
            arguments = tuple(_safe(each, route, path) for each in arguments)
        elif isinstance(arguments, dict):
            arguments = {name: _safe(each, route, path) for name, each in arguments.items()}
        text = str(record.msg)
        try:
            text = text % arguments if arguments else text
        except (TypeError, ValueError, KeyError):
            text = f"{text} [its parts do not fit]"
        return scrub(text.replace(path, route) if path and len(path) > 1 else text)

    def error(self, record: logging.LogRecord) -> BaseException | None:
        return record.exc_info[1] if isinstance(record.exc_info, tuple) else None

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """What our own lines bring along: numbers and names from the code."""
        return getattr(record, "fields", None) or {}

    def request_id(self, record: logging.LogRecord) -> str:
        """The handler runs in the thread that wrote the line."""
        own = getattr(record, "request", None)
        return current_request_id() or getattr(own, "request_id", "")


class LineFormatter(_SafeFormatter):
    """ "2026-11-30 16:20:01,123 INFO portal.request: GET cities/ 200 duration_ms=12.1 [3f2a9c0d1b7e4a55]"."""

    def format(self, record: logging.LogRecord) -> str:
        message = self.message(record).replace("\r", "").replace("\n", " | ")  # nobody writes a line of their own
        said = f"{self.formatTime(record)} {record.levelname} {record.name}: {message}"
        shown = {name: value for name, value in self.fields(record).items() if name not in _IN_THE_MESSAGE}
        said += "".join(f" {name}={value}" for name, value in shown.items() if value is not None)
        if request_id := self.request_id(record):
            said += f" [{request_id}]"
        if error := self.error(record):
            said += f"\n{describe_traceback(error, ROOT)}"
        return said


class JsonFormatter(_SafeFormatter):
    """One JSON object on one line; `time` in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
        }
        if request_id := self.request_id(record):
            said["request_id"] = request_id
        said |= {name: value for name, value in self.fields(record).items() if value is not None}
        if error := self.error(record):
            said["error"] = describe_error(error)
            said["traceback"] = describe_traceback(error, ROOT)
        return json.dumps(said, default=str, ensure_ascii=False)


_IN_THE_MESSAGE = frozenset({"method", "route", "status", "task", "outcome"})


def _safe(argument: Any, route: str, path: str) -> Any:
    if isinstance(argument, BaseException):
        return describe_error(argument)
    return route if path and argument == path else argument


def _route_and_path(record: logging.LogRecord) -> tuple[str, str]:
    """Django's warnings name the path, which may hold a secret or a name; the pattern of the address says enough."""
    request = getattr(record, "request", None)
    path = getattr(request, "path", "")
    if not isinstance(path, str) or not path:
        return "", ""
    match = getattr(request, "resolver_match", None)
    return (f"/{match.route}" if match else "[no such address]"), path

"""Every error that is written to the log is counted, by where it happened and of which class it is."""

import logging
import time
from typing import Any

from atlas.web.request_id import current_request_id
from mobility_portal.observing.scrubbing import describe_error


class ErrorNotes(logging.Handler):
    """For level ERROR. What is noted holds no message: a pattern of an address, a task or a module, and a class."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            # Late: logging is set up before settings are read.
            from mobility_portal.observing import metrics, notes

            place, kind = place_of(record), _kind(record)
            metrics.ERRORS.labels(place, kind).inc()
            notes.note_error(place, kind, now=time.time(), reference=current_request_id())
        except Exception as failure:  # as with every handler: what is being told is told all the same
            logging.getLogger(__name__).warning("An error was not counted: %s", describe_error(failure))


def place_of(record: logging.LogRecord) -> str:
    """The task, the pattern of the address, or the module."""
    fields: dict[str, Any] = getattr(record, "fields", None) or {}
    if "task" in fields:
        return str(fields["task"])
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return f"/{match.route}" if match else record.name


def _kind(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return type(error).__name__ if error is not None else "no exception"

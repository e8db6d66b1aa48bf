"""Errors to a Sentry, where SENTRY_DSN names one. sentry-sdk is imported only then.

Only what the log has at level ERROR is sent, and no more of it than the log says: the event is made anew from a list of
members, so what a newer sentry-sdk adds by itself stays here. No request, no user, no local variable, no source line.
"""

from collections.abc import Iterator, Mapping
from logging import ERROR, LogRecord
from typing import Any

from atlas.web.request_id import current_request_id
from mobility_portal.observing.error_notes import place_of
from mobility_portal.observing.log_format import LineFormatter
from mobility_portal.observing.scrubbing import describe_error

_KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "logger")
_OF_FRAME = ("filename", "function", "lineno", "module", "in_app")
_MOST_CAUSES = 10
_formatter = LineFormatter()


def start(dsn: str, release: str) -> None:
    """Once, when the process starts; a process made of this one goes on with it."""
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        release=release,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=ERROR, sentry_logs_level=None)],
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        before_send=safe_event,
    )


def safe_event(event: Any, hint: dict[str, Any]) -> Any:
    """Sentry's `before_send`. None, which sends nothing, for whatever was no line of the log."""
    record = hint.get("log_record")
    if not isinstance(record, LogRecord):
        return None
    safe = {name: event[name] for name in _KEPT if name in event}
    safe["logentry"] = {"message": _formatter.message(record)}
    safe["tags"] = {"place": place_of(record), "request_id": _formatter.request_id(record) or current_request_id()}
    error = _formatter.error(record)
    values = (event.get("exception") or {}).get("values") or []
    if error is not None and values:
        causes = list(_causes(error))[::-1]  # Sentry has the first cause first
        fits = len(causes) == len(values)
        safe["exception"] = {"values": [_value(each, causes[at] if fits else None) for at, each in enumerate(values)]}
    return safe


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < _MOST_CAUSES:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _value(value: Mapping[str, Any], error: BaseException | None) -> dict[str, Any]:
    said = describe_error(error).partition(": ")[2] if error is not None else ""
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": said,
        "stacktrace": {"frames": [{name: each[name] for name in _OF_FRAME if name in each} for each in frames]},
    }

"""Writing to the security log: one function. It says nothing of what the caller's transaction undoes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import models
from django.utils.crypto import salted_hmac

from atlas.web.request_id import current_request_id
from engagements.models import SecurityEvent, User
from engagements.models.security import SecurityEventSource

Kind = SecurityEvent.Kind


@dataclass(frozen=True)
class Source:
    """Where the present request comes from; nothing outside of one."""

    browser: str = ""
    network: str = ""


_source: ContextVar[Source | None] = ContextVar("security_source", default=None)


@contextmanager
def events_come_from(source: Source) -> Iterator[None]:
    """What is recorded inside the block came by this request."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def record_security_event(
    kind: SecurityEvent.Kind,
    *,
    by: User | int | None = None,
    about: User | int | None = None,
    engagement: models.Model | int | None = None,
    initiative: models.Model | int | None = None,
    thing: models.Model | None = None,
    detail: Mapping[str, str | int | bool | None] | None = None,
    typed_address: str = "",
) -> SecurityEvent:
    """A row of the log, in the caller's transaction. Raises ValueError for a kind nobody declared.

    `by` did it, None for nobody known; `about`: whom it concerns; `thing`: what, kept as model and id; `detail`:
    numbers and words of ours, never what somebody typed, never a name or an address; `typed_address` is kept as a
    keyed hash, apart from the event.
    """
    source = _source.get() or Source()
    event = SecurityEvent.objects.create(
        kind=SecurityEvent.Kind(kind),
        actor_id=_id(by),
        subject_id=_id(about),
        engagement_id=_id(engagement),
        initiative_id=_id(initiative),
        noun=(thing._meta.model_name or "") if thing is not None else "",
        object_id=thing.pk if thing is not None else None,
        detail=dict(detail or {}),
        request_id=current_request_id()[:64],
    )
    key = address_key(typed_address) if typed_address else ""
    if key or source.browser or source.network:
        SecurityEventSource.objects.create(event=event, address_key=key, browser=source.browser, network=source.network)
    return event


def address_key(typed: str) -> str:
    """The keyed hash of an address: equal for the same one, and told by nobody without SECRET_KEY."""
    return salted_hmac("security log", typed.strip().lower()).hexdigest()[:32]


def _id(row: models.Model | int | None) -> int | None:
    return row if row is None or isinstance(row, int) else row.pk

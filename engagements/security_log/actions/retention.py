"""What of the log is erased, and when. Events stay; where they came from goes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from engagements.base.erasures import record_erasure
from engagements.models import User
from engagements.models.security import SecurityEventSource
from engagements.security_log.actions.recording import Kind, record_security_event


def erase_old_sources(*, days: int, now: datetime) -> int:
    """Browser, network and address hash of events older than `days`; how many."""
    with transaction.atomic():
        gone, _by_model = SecurityEventSource.objects.filter(event__at__lt=now - timedelta(days=days)).delete()
        if gone:
            record_security_event(Kind.NAMES_ERASED, detail={"events": gone, "older_than_days": days})
    return gone


def erase_sources_of(*, person: User, by: User | None) -> int:
    """Of what somebody did or what concerned them: when they ask, or their account is erased; a restored backup
    erases them again. How many."""
    with transaction.atomic():
        theirs = Q(event__actor_id=person.pk) | Q(event__subject_id=person.pk)
        rows = SecurityEventSource.objects.filter(theirs)
        for row in rows:
            record_erasure(row)
        gone, _by_model = rows.delete()
        record_security_event(Kind.NAMES_ERASED, by=by, about=person, detail={"events": gone})
    return gone

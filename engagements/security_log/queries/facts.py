"""Events as the chain reads them."""

from datetime import UTC

from engagements.models import SecurityEvent
from engagements.security_log.rules import EventFacts


def facts_of(event: SecurityEvent) -> EventFacts:
    return EventFacts(
        pk=event.pk,
        at=event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        kind=event.kind,
        actor=event.actor_id,
        subject=event.subject_id,
        engagement=event.engagement_id,
        initiative=event.initiative_id,
        noun=event.noun,
        object_id=event.object_id,
        detail=event.detail,
        request_id=event.request_id,
    )

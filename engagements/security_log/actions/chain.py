"""Linking recorded events to the chain: one writer at a time, and never the request that recorded them."""

from django.db import connection, transaction

from engagements.models import SecurityEvent
from engagements.models.security import SecurityLink
from engagements.security_log.queries.facts import facts_of
from engagements.security_log.rules import FIRST, link_hash

MOST = 5_000  # in one transaction
_LATE = 10_000  # ids: an event whose transaction took long is committed after later ones
_LOCK = 5_316_247_001  # the advisory lock of who links


def link_events() -> int:
    """Links what is committed and has no place yet, in the order of ids; how many. 0 while another worker does."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = SecurityLink.objects.order_by("-position").first()
        position, before = (last.position, last.hash) if last else (0, FIRST)
        seen = SecurityLink.objects.order_by("-event_id").values_list("event_id", flat=True).first() or 0
        waiting = SecurityEvent.objects.filter(pk__gt=seen - _LATE, link=None).order_by("pk")[:MOST]
        links = []
        for event in waiting:
            position += 1
            before = link_hash(before, position, facts_of(event))
            links.append(SecurityLink(position=position, event=event, hash=before))
        SecurityLink.objects.bulk_create(links, batch_size=1_000)
    return len(links)

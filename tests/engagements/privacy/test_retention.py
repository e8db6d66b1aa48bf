"""What was kept long enough goes, to the moment; the rest stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagements.models import (
    AccessToken,
    Digest,
    IdempotencyKey,
    Invitation,
    MailAddress,
    Notification,
    ReceivedMail,
    RetentionRun,
)
from engagements.permissions import Role
from engagements.privacy.actions.retention import let_go
from engagements.privacy.rules.retention import LIMITS, cutoff, is_over
from mobility_portal.observing.reads import privacy
from tests.factories.engagements import NOW, EngagementFactory, UserFactory, member

YOUNG, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize("kind", LIMITS)
def test_it_goes_after_its_days_and_not_a_moment_earlier(kind):
    edge = cutoff(kind, NOW)
    assert NOW - edge == timedelta(days=LIMITS[kind].days)
    assert is_over(kind, edge - SECOND, NOW) and not is_over(kind, edge, NOW)


@pytest.mark.django_db
def test_old_rows_go_young_ones_stay_and_only_counts_are_kept(caplog):
    now = timezone.now()
    place = EngagementFactory()
    lead, ann = member(Role.LEAD, place), UserFactory(email="ann@city.gov")
    for kind, age, seen in (("read", 181, True), ("kept", 179, True), ("old", 401, False), ("new", 399, False)):
        at = now - timedelta(days=age)
        Notification.objects.create(
            user=ann, kind="mention", noun="x", object_id=1, line=kind, created_at=at, seen_at=at if seen else None
        )
    for age in (401, 399):
        end = now - timedelta(days=age)
        Digest.objects.create(user=ann, frequency="daily", period_start=end - YOUNG, period_end=end)
        AccessToken.objects.create(
            user=ann, name="x", sha256=f"{age}" + "0" * 61, first_characters="x", created_at=end, expires_at=end
        )
        MailAddress.objects.create(address=f"x{age}@gone.gov", reason="x", failed_at=end)
    MailAddress.objects.create(address=ann.email, reason="x", failed_at=now - timedelta(days=900))
    key = IdempotencyKey.objects.create(user=ann, key="k", method="POST", path="/", body_sha256="0" * 64)
    IdempotencyKey.objects.filter(pk=key.pk).update(created_at=now - timedelta(days=8))
    for n, (age, used) in enumerate(((181, True), (179, True), (195, False), (193, False))):
        at = now - timedelta(days=age)
        Invitation.objects.create(
            email=f"i{n}@city.gov",
            name="I",
            role="expert",
            initiative=place.initiative,
            engagement=place,
            sha256=f"{n}" * 64,
            invited_by=lead,
            invited_at=at - YOUNG,
            expires_at=at + timedelta(days=14),
            accepted_at=at if used else None,
            accepted_by=ann if used else None,
        )
    ReceivedMail.objects.create(token_sha256="0" * 64, at=now - timedelta(days=91), outcome="empty", user=ann)
    counts = let_go(now=now)
    assert counts == {
        "notifications_read": 1,
        "notifications_unread": 1,
        "sent_mail": 1,
        "forms_sent": 0,
        "api_calls": 1,
        "keys_ended": 1,
        "invitations_closed": 2,
        "received_mail": 1,
        "refusing_addresses": 1,
    }
    assert sorted(Notification.objects.values_list("line", flat=True)) == ["kept", "new"]
    assert sorted(Invitation.objects.exclude(name="").values_list("email", flat=True)) == ["i1@city.gov", "i3@city.gov"]
    assert MailAddress.objects.filter(address=ann.email).exists()
    assert ReceivedMail.objects.get().user is None
    assert RetentionRun.objects.get().counts == counts
    assert "city.gov" not in caplog.text and not any(let_go(now=now).values())
    assert [figure.value for figure in privacy.read(now)] == [0.0, 0.0]

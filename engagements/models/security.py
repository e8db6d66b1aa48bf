"""The security log: who signed in, what was taken out, whose rights changed. Ids and times only; names stand apart."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def pointer(to: str) -> models.ForeignKey:
    """An id that stays in the log whatever becomes of the row: the chain of the log holds it."""
    return models.ForeignKey(to, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")


class SecurityEvent(models.Model):
    """One event. `actor` did it, `subject` is whom it concerns; `detail` holds numbers and words of ours, no text
    that somebody typed."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "Signed in"
        SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
        SIGN_IN_REFUSED = "sign_in_refused", "Single sign-on refused"
        SIGNED_OUT = "signed_out", "Signed out"
        SESSIONS_ENDED = "sessions_ended", "Sessions ended"
        SIGN_ON_CONNECTED = "sign_on_connected", "Single sign-on connected"
        SECOND_FACTOR_ADDED = "second_factor_added", "Second step added"
        SECOND_FACTOR_REMOVED = "second_factor_removed", "Second step removed"
        RECOVERY_CODES_MADE = "recovery_codes_made", "Recovery codes made"
        PASSWORD_CHANGED = "password_changed", "Password changed"  # noqa: S105 - a kind of event
        INVITED = "invited", "Invitation sent"
        INVITATION_WITHDRAWN = "invitation_withdrawn", "Invitation withdrawn"
        INVITATION_ACCEPTED = "invitation_accepted", "Invitation accepted"
        ROLE_GIVEN = "role_given", "Role given"
        ROLE_ENDED = "role_ended", "Role ended"
        DOWNLOADED = "downloaded", "File downloaded"
        EXPORTED = "exported", "Table exported"
        REPORT_DOWNLOADED = "report_downloaded", "Report downloaded"
        PUBLIC_RECORD_MADE = "public_record_made", "Public-records file requested"
        PUBLIC_RECORD_DOWNLOADED = "public_record_downloaded", "Public-records file downloaded"
        ARCHIVE_MADE = "archive_made", "Whole record exported"
        BACKUP_MADE = "backup_made", "Backup made"
        BACKUP_RESTORED = "backup_restored", "Backup restored"
        TOKEN_MADE = "token_made", "Access token created"  # noqa: S105 - a kind of event
        TOKEN_REVOKED = "token_revoked", "Access token ended"  # noqa: S105 - a kind of event
        CALENDAR_LINK_MADE = "calendar_link_made", "Calendar link created"
        CALENDAR_LINK_ENDED = "calendar_link_ended", "Calendar link ended"
        WEBHOOK_MADE = "webhook_made", "Webhook added"
        WEBHOOK_CHANGED = "webhook_changed", "Webhook paused or resumed"
        WEBHOOK_ENDED = "webhook_ended", "Webhook removed"
        FEED_KEY_MADE = "feed_key_made", "Feed key created"
        FEED_KEY_ENDED = "feed_key_ended", "Feed key ended"
        DENIED = "denied", "Access denied"
        QUOTA_REACHED = "quota_reached", "Quota reached"
        REVIEW_OPENED = "review_opened", "Access review opened"
        REVIEW_DECIDED = "review_decided", "Access confirmed or ended in a review"
        REVIEW_CLOSED = "review_closed", "Access review finished"
        PERSON_ERASED = "person_erased", "Account erased"
        NAMES_ERASED = "names_erased", "Addresses erased from the log"
        OPERATED = "operated", "Operator’s action"

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40, help_text="one of Kind")
    actor = pointer(settings.AUTH_USER_MODEL)
    subject = pointer(settings.AUTH_USER_MODEL)
    engagement = pointer("engagements.Engagement")
    initiative = pointer("engagements.Initiative")
    noun = models.CharField(max_length=40, blank=True, default="", help_text="the model of what it is about")
    object_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["engagement", "-id"], name="security_event_of_place"),
            models.Index(fields=["actor", "-id"], name="security_event_of_person"),
            models.Index(fields=["kind", "-id"], name="security_event_of_kind"),
        ]
        triggers = [APPEND_ONLY]


class SecurityEventSource(models.Model):
    """Where an event came from, apart from it: erased after a while, or when a person asks, without a trace in the
    chain. `address_key`: a keyed hash of the address somebody typed, which tells repeated tries from different ones."""

    event = models.OneToOneField(SecurityEvent, on_delete=models.PROTECT, related_name="source", primary_key=True)
    address_key = models.CharField(max_length=32, blank=True, default="")
    browser = models.CharField(max_length=60, blank=True, default="", help_text="as Firefox on Linux")
    network = models.CharField(max_length=50, blank=True, default="", help_text="the first part of the IP address")

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]


class SecurityLink(models.Model):
    """The place of an event in the chain. `hash` covers the event, its position and the hash before."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(SecurityEvent, on_delete=models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        constraints = [models.CheckConstraint(name="security_link_from_one", condition=Q(position__gte=1))]
        triggers = [APPEND_ONLY]

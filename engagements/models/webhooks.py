"""Webhooks: what a person is told, or what is done in an engagement, sent on to a chat or to a program."""

import uuid

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person
from engagements.models.discussion import VISIBILITIES, known_visibility
from engagements.models.mail import Notification
from engagements.permissions import Visibility


@pghistory.track()
class Webhook(Versioned, Archivable):
    """Without an engagement: `user`'s own notifications of `kinds`. With one: its activity up to `visibility`.

    It tells what its owner may see at the moment of sending, never more.
    """

    class Shape(models.TextChoices):
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        JSON = "json", "Signed JSON, for a program"

    user = person()
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="webhooks"
    )
    name = models.CharField(max_length=limits.SHORT_NAME)
    shape = models.CharField(max_length=5, choices=Shape)
    kinds = models.JSONField(default=list, help_text="kinds of notifications; of an engagement none")
    visibility = models.CharField(max_length=4, choices=VISIBILITIES, default=Visibility.ALL.value)
    host = models.CharField(max_length=253, help_text="of the address, which is secret")
    created_at = models.DateTimeField()
    tells_from = models.DateTimeField(help_text="made or resumed: nothing that happened before is sent")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_why = models.CharField(max_length=limits.WHY, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            known_visibility("webhook_visibility_is_known"),
            models.CheckConstraint(name="webhook_shape_is_known", condition=Q(shape__in=["slack", "teams", "json"])),
            models.CheckConstraint(
                name="webhook_of_a_person_or_a_place",
                condition=(Q(engagement=None) & ~Q(kinds=[]) & Q(kinds__contained_by=Notification.Kind.values))
                | (Q(engagement__isnull=False) & Q(kinds=[])),
            ),
            models.CheckConstraint(name="webhook_paused_why", condition=Q(paused_why="") | Q(paused_at__isnull=False)),
            paired("webhook_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]


class WebhookEnd(models.Model):
    """The other end: its address and the key that signs, both encrypted. In no history, no page, no log."""

    webhook = models.OneToOneField(Webhook, on_delete=models.PROTECT, related_name="end")
    address = models.TextField()
    key = models.TextField()
    failures = models.PositiveIntegerField(default=0, help_text="in a row")


class WebhookDelivery(models.Model):
    """One message to one webhook. What it says is written anew for each attempt: rights may have ended meanwhile."""

    class Source(models.TextChoices):
        ACTIVITY = "activity", "Activity"
        NOTIFICATION = "notification", "Notification"
        TEST = "test", "Test message"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"
        WITHHELD = "withheld", "Not sent: no longer shared with the owner"

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event = models.UUIDField(default=uuid.uuid4, unique=True, help_text="the same in each attempt")
    source = models.CharField(max_length=12, choices=Source)
    source_id = models.BigIntegerField(null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["next_at"], name="webhook_delivery_due", condition=Q(status="waiting")),
            models.Index(fields=["webhook", "-created_at"], name="webhook_delivery_log"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "source", "source_id"],
                name="webhook_delivery_once",
                condition=Q(source_id__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_delivery_waits_for_a_time",
                condition=Q(status="waiting", next_at__isnull=False) | (~Q(status="waiting") & Q(next_at=None)),
            ),
        ]


class WebhookAttempt(models.Model):
    """What came of one try. `status`: of the answer, empty where none came; `said`: why not, or how it began."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    said = models.CharField(max_length=limits.WHY, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

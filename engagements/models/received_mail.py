"""Mails that came in as replies: what became of each, never what it said beyond what was posted."""

import pgtrigger
from django.db import models

from engagements.models.abstract import person


class ReceivedMail(models.Model):
    """One call of the mail service. The hash of its token makes sure that the same call counts once."""

    class Outcome(models.TextChoices):
        POSTED = "posted", "Posted"
        NOT_OURS = "not_ours", "To an address that is none of ours"
        EXPIRED = "expired", "To an address that has ended"
        OTHER_SENDER = "other_sender", "From somebody else than the address was given to"
        AUTOMATIC = "automatic", "An automatic answer"
        EMPTY = "empty", "Without words of its own"
        NOT_ALLOWED = "not_allowed", "From somebody who may no longer write there"
        BOUNCED = "bounced", "A report that a mail came back"

    token_sha256 = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    notification = models.ForeignKey(
        "engagements.Notification", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    user = person(null=True)
    noun = models.CharField(max_length=20, blank=True, default="", help_text="what was made of it")
    object_id = models.BigIntegerField(null=True, blank=True)
    files = models.PositiveSmallIntegerField(default=0, help_text="that were kept as documents")
    files_refused = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="received_mail_posted_somewhere",
                condition=models.Q(outcome="posted", object_id__isnull=False, user__isnull=False)
                | (~models.Q(outcome="posted") & models.Q(object_id=None)),
            )
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

"""Links by which an organization without an account answers one request for its reply. Only their hashes are kept."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import NEVER_DELETED, paired, person, refuse

# The last moment of the day the reply is due, in UTC as that day is.
_ENDS_WITH_ITS_REQUEST = """
    NOT EXISTS (SELECT 1 FROM engagements_replyrequest r WHERE r.id = NEW.request_id AND r.organisation_id IS NOT NULL
        AND NEW.expires_at <= ((r.due_on + 1)::timestamp AT TIME ZONE 'UTC'))
"""


class ReplyLink(models.Model):
    """Sent by mail to the address that was asked. It opens until its request is due, and until the first reply."""

    request = models.ForeignKey("engagements.ReplyRequest", on_delete=models.PROTECT, related_name="links")
    email = models.EmailField(help_text="to whom it was sent; for the team only")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = person()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = person(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="reply_link_ends_later", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(name="reply_link_used_or_revoked", condition=Q(used_at=None) | Q(revoked_at=None)),
            models.CheckConstraint(
                name="reply_link_used_in_time", condition=Q(used_at=None) | Q(used_at__lte=F("expires_at"))
            ),
            models.UniqueConstraint(
                fields=["request"], name="reply_link_one_open", condition=Q(used_at=None, revoked_at=None)
            ),
            paired("reply_link_revoked_pair", "revoked_at", "revoked_by"),
        ]
        triggers = [
            NEVER_DELETED,
            pgtrigger.Protect(
                name="used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL"),
            ),
            pgtrigger.Trigger(
                name="ends_with_its_request",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("expires_at", "request_id"),
                func=refuse(
                    "reply_link_ends_with_its_request",
                    _ENDS_WITH_ITS_REQUEST,
                    "A link is for an organization and ends when its reply is due.",
                ),
            ),
        ]


class ReplyLinkUse(models.Model):
    """What was done with a link. The address is kept as a keyed hash: enough to tell readers apart, not to find one."""

    class What(models.TextChoices):
        OPENED = "opened", "Opened"
        ANSWERED = "answered", "Answered"
        REFUSED = "refused", "Refused"

    link = models.ForeignKey(ReplyLink, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField()
    what = models.CharField(max_length=8, choices=What)
    why = models.CharField(max_length=20, blank=True, default="", help_text="why it was refused")
    address_hash = models.CharField(max_length=64)
    agent = models.CharField(max_length=limits.BROWSER, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

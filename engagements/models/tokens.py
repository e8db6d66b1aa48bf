"""Keys for programs. Only their hashes are kept: a copy of the database opens nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements import limits


class TokenQuerySet(models.QuerySet):
    def valid(self, now):
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


class _Token(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        abstract = True


class AccessToken(_Token):
    """For the API: does what its owner may, within its scopes, until it expires."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE_MILESTONES = "write:milestones", "Write milestones and log progress"
        WRITE_COMMENTS = "write:comments", "Write comments"
        WRITE_DOCUMENTS = "write:documents", "Bring documents"
        WRITE_REQUESTS = "write:requests", "Ask and answer requests"
        WRITE_EVIDENCE = "write:evidence", "Add and change evidence"
        WRITE_RESULTS = "write:results", "Record, review and reply to results"
        WRITE_PLANS = "write:plans", "Write plans"
        WRITE_INDICATORS = "write:indicators", "Enter and move on values of indicators"
        WRITE_FEEDS = "write:feeds", "Bind, change and archive feeds, and decide on their values"
        WRITE_RISKS = "write:risks", "Write down, change and close risks"
        WRITE_LEDGER = "write:ledger", "Enter and reverse money"
        WRITE_REPORTS = "write:reports", "Have reports made"
        WRITE_INITIATIVES = "write:initiatives", "Create and archive initiatives"

    name = models.CharField(max_length=limits.SHORT_NAME, help_text="what uses it")
    first_characters = models.CharField(max_length=8, help_text="to tell one from another")
    scopes = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(name="access_token_expires", condition=Q(expires_at__isnull=False))]


class CalendarFeed(_Token):
    """A private link to the due dates its owner may see; of one engagement, or of all of theirs."""

    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )


class IdempotencyKey(models.Model):
    """An API write that came again gets the answer of the first; with another body it is refused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    method = models.CharField(max_length=6)
    path = models.CharField(max_length=limits.API_PATH)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, help_text="empty while the first is still at work")
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

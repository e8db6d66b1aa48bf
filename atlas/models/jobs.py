"""What all jobs of a worker have in common. The row is the truth; the broker only carries its id."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Job(models.Model):
    """A piece of work with its state and, when it has ended, its report."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        STAGED = "staged"  # complete, compared, waiting for an operator's decision
        DONE = "done"
        DISCARDED = "discarded"
        REFUSED = "refused"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    stage = models.CharField(max_length=20, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    report = models.JSONField(default=dict)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


def finished_when_ended(name: str) -> models.CheckConstraint:
    """A job has an end exactly when its status says so."""
    return models.CheckConstraint(
        name=name,
        condition=Q(status__in=["queued", "running"], finished_at__isnull=True)
        | Q(status__in=["staged", "done", "discarded", "refused", "failed"], finished_at__isnull=False),
    )

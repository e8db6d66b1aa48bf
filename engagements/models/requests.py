"""Questions to Opportunity Insights, and problems somebody found with a number."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.http import url_has_allowed_host_and_scheme

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person
from engagements.workflow import REQUEST


def check_local_path(path: str) -> None:
    """A path of this portal, whatever a browser would make of it."""
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    if not local or any(ord(c) < 32 for c in path):
        raise ValidationError("Link to a page of this portal, beginning with a single “/”.")


@pghistory.track()
class ExpertRequest(Versioned, Archivable):
    """With an engagement, its team's; without one, a problem with a number anybody signed in reported."""

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        PROBLEM = "problem", "Problem with a number"

    kind = models.CharField(max_length=8, choices=Kind)
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    city = models.ForeignKey("atlas.City", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    milestone = models.ForeignKey(
        "engagements.Milestone", null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    panel_path = models.CharField(max_length=limits.PANEL_PATH, blank=True, default="", validators=[check_local_path])
    question = models.TextField(max_length=limits.BODY)
    due_on = models.DateField(null=True, blank=True)
    owner = person(null=True, related_name="requests_to_answer")
    asked_by = person(related_name="requests_asked")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered_by = person(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=REQUEST.choices, default=REQUEST.first)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="request_of_engagement_or_problem", condition=Q(engagement__isnull=False) | Q(kind="problem")
            ),
            models.CheckConstraint(
                name="request_question_has_due_date", condition=Q(kind="problem") | Q(due_on__isnull=False)
            ),
            models.CheckConstraint(name="request_has_words", condition=~Q(question="")),
            models.CheckConstraint(name="request_answered_has_answer", condition=~Q(status="answered") | ~Q(answer="")),
            models.CheckConstraint(
                name="request_path_is_local", condition=Q(panel_path="") | Q(panel_path__regex=r"^/([^/\\]|$)")
            ),
            models.CheckConstraint(
                name="request_status_is_declared", condition=Q(status__in=[v for v, _ in REQUEST.choices])
            ),
            paired("request_answered_pair", "answered_at", "answered_by"),
            paired("request_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

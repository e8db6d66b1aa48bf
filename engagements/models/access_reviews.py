"""The look at who has which role, each quarter: opened by the portal, answered role by role by a lead."""

from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import NEVER_DELETED, paired, person
from engagements.models.security import APPEND_ONLY


class AccessReview(models.Model):
    """Of the roles in one engagement, or (without one) of the leads and funders of an initiative."""

    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.PROTECT, related_name="access_reviews")
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="access_reviews"
    )
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = person(null=True)

    class Meta:
        ordering = ["-year", "-quarter", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "engagement", "year", "quarter"],
                name="access_review_once_a_quarter",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="access_review_quarter", condition=Q(quarter__gte=1, quarter__lte=4)),
            paired("access_review_closed_by_somebody", "closed_at", "closed_by"),
        ]
        indexes = [models.Index(fields=["due_on"], name="access_review_open", condition=Q(closed_at=None))]
        triggers = [NEVER_DELETED]


class AccessDecision(models.Model):
    """What a lead said of one role. Kept for good."""

    class Answer(models.TextChoices):
        KEEP = "keep", "Confirmed"
        END = "end", "Ended"

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="decisions")
    role = models.ForeignKey("engagements.EngagementRole", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=4, choices=Answer)
    why = models.CharField(max_length=limits.WHY, blank=True, default="")
    decided_by = person()
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "role"], name="access_decision_once"),
            models.CheckConstraint(name="access_decision_is_known", condition=Q(answer__in=["keep", "end"])),
        ]
        triggers = [APPEND_ONLY]


class AccessReviewReminder(models.Model):
    """A mail about a review that went to somebody: made before it is sent, so that it goes once."""

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="reminders")
    user = person()
    number = models.PositiveSmallIntegerField(help_text="0 opened, 1 soon due, 2 overdue")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user", "number"], name="access_reminder_once")]

"""What people say to one another about the work, and who may read it."""

from functools import reduce
from operator import or_

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person
from engagements.models.plans import PLAN_SECTIONS
from engagements.models.results import RESULT_SECTIONS
from engagements.models.updates import UPDATE_SECTIONS
from engagements.permissions import Visibility

ABOUT = ("milestone", "update", "request", "plan", "result")  # one of them at most; none: the engagement itself
COMMENT_SECTIONS = {"plan": PLAN_SECTIONS, "update": UPDATE_SECTIONS, "result": RESULT_SECTIONS}

VISIBILITIES = [
    (Visibility.TEAM.value, "The team: advisers, experts, the city's staff"),
    (Visibility.CITY.value, "The city: also local partners"),
    (Visibility.ALL.value, "All: also funders and the initiative's other cities"),
]


def known_visibility(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(visibility__in=[level.value for level in Visibility]))


def _one_thing() -> Q:
    each = (Q(**{f"{name}__isnull": True for name in ABOUT if name != kept}) for kept in ABOUT)
    return reduce(or_, each)


@pghistory.track()
class Comment(Versioned, Archivable):
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="comments")
    milestone = models.ForeignKey(
        "engagements.Milestone", null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    update = models.ForeignKey(
        "engagements.QuarterlyUpdate", null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    request = models.ForeignKey(
        "engagements.ExpertRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    plan = models.ForeignKey(
        "engagements.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    result = models.ForeignKey(
        "engagements.Result", null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    section = models.CharField(max_length=15, blank=True, default="", help_text="of the plan, update or result")
    visibility = models.CharField(max_length=4, choices=VISIBILITIES, default=Visibility.TEAM.value)
    body = models.TextField(max_length=limits.BODY)
    author = person(related_name="comments")
    created_at = models.DateTimeField()
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = person(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["engagement", "-created_at"], name="comment_by_time")]
        constraints = [
            models.CheckConstraint(name="comment_about_one_thing", condition=_one_thing()),
            models.CheckConstraint(
                name="comment_section_of_what_has_some",
                condition=Q(section="") | Q(plan__isnull=False) | Q(update__isnull=False) | Q(result__isnull=False),
            ),
            models.CheckConstraint(name="comment_has_body", condition=~Q(body="")),
            known_visibility("comment_visibility_is_known"),
            paired("comment_settled_pair", "settled_at", "settled_by"),
            paired("comment_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

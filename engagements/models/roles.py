"""Who is what, where, from when to when. Somebody's caseload are the roles that are open."""

from datetime import UTC

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Versioned, person
from engagements.permissions import INITIATIVE_ROLES, ROLE_LABELS, Role

_INITIATIVE_ROLES = sorted(role.value for role in INITIATIVE_ROLES)


class RoleQuerySet(models.QuerySet):
    def open(self, on=None):
        """Begun and not ended on that day (today, UTC: a role ends for everybody at once, wherever they are)."""
        on = on or timezone.localdate(timezone=UTC)
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), began_on__lte=on)

    def listed(self):
        """Without made-up people in real work: demo accounts open real engagements, and stand in no list of them."""
        invented = Q(initiative__is_fictional=True) | Q(engagement__is_fictional=True, engagement__isnull=False)
        return self.filter(Q(user__is_fictional=False) | invented)


@pghistory.track()
class EngagementRole(Versioned):
    """A role in one engagement, or of leads and funders in every engagement of an initiative.

    That the engagement is the initiative's own is held by the foreign key `role_within_initiative` of two columns.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.PROTECT, related_name="roles")
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="roles"
    )
    role = models.CharField(max_length=13, choices=[(role.value, label) for role, label in ROLE_LABELS.items()])
    began_on = models.DateField(default=timezone.localdate)
    ended_on = models.DateField(null=True, blank=True, help_text="the first day without the role")
    given_by = person(null=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["began_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "initiative", "engagement", "role"],
                name="role_once_while_open",
                condition=Q(ended_on__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="role_where_it_belongs",
                condition=Q(role__in=_INITIATIVE_ROLES, engagement__isnull=True)
                | (~Q(role__in=_INITIATIVE_ROLES) & Q(engagement__isnull=False)),
            ),
            models.CheckConstraint(name="role_is_known", condition=Q(role__in=[role.value for role in Role])),
            models.CheckConstraint(
                name="role_ends_after_it_began", condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on"))
            ),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

"""Who was asked to take which role. The link's secret is not kept: a copy of the database opens nothing."""

from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import NEVER_DELETED, paired, person
from engagements.permissions import INITIATIVE_ROLES, ROLE_LABELS

_INITIATIVE_ROLES = sorted(role.value for role in INITIATIVE_ROLES)


class InvitationQuerySet(models.QuerySet):
    def open(self, now):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A link sent to one address that gives one role once."""

    email = models.EmailField(help_text="in small letters")
    name = models.CharField(max_length=limits.NAME, blank=True, default="")
    role = models.CharField(max_length=13, choices=[(role.value, label) for role, label in ROLE_LABELS.items()])
    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.PROTECT, related_name="+")
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "engagements.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sha256 = models.CharField(max_length=64, unique=True)
    invited_by = person()
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = person(null=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = person(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-id"]
        indexes = [models.Index(fields=["email"], name="invitation_by_address")]
        constraints = [
            paired("invitation_accepted_by_somebody", "accepted_at", "accepted_by"),
            paired("invitation_revoked_by_somebody", "revoked_at", "revoked_by"),
            models.CheckConstraint(
                name="invitation_used_or_revoked", condition=Q(accepted_at=None) | Q(revoked_at=None)
            ),
            models.CheckConstraint(
                name="invitation_role_where_it_belongs",
                condition=Q(role__in=_INITIATIVE_ROLES, engagement__isnull=True)
                | (~Q(role__in=_INITIATIVE_ROLES) & Q(engagement__isnull=False)),
            ),
        ]
        triggers = [NEVER_DELETED]

    @property
    def where(self) -> str:
        return str(self.engagement.city) if self.engagement else self.initiative.name

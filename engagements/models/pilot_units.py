"""Who may be drawn and what was drawn: the locked list with salted ids, the draw, and each unit's arm.

No name and no raw id is kept: a salted id is HMAC-SHA256 of the program's own id under a key of the pilot. Without the
key nobody can go from one to the other, and the key is destroyed with the data.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import NEVER_DELETED, paired, person, refuse
from engagements.models.evidence import text_column
from engagements.models.pilot_promises import APPEND_ONLY, SEED_NOT_AS_REGISTERED, before, protected_first


class PilotKey(models.Model):
    """The key of a pilot's salted ids, encrypted with the portal's key. In no history, page, export or answer."""

    pilot = models.OneToOneField("engagements.Pilot", on_delete=models.PROTECT, related_name="key")
    encrypted = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pilot_key_or_destroyed",
                condition=(Q(destroyed_at=None) & ~Q(encrypted="")) | Q(destroyed_at__isnull=False, encrypted=""),
            )
        ]
        triggers = [
            NEVER_DELETED,
            before(
                "key_only_destroyed",
                """(NEW.pilot_id, NEW.made_at) IS DISTINCT FROM (OLD.pilot_id, OLD.made_at)
                    OR OLD.destroyed_at IS NOT NULL OR NEW.destroyed_at IS NULL""",
                "The key of a pilot is never changed, only destroyed.",
                pgtrigger.Update,
            ),
        ]


class PilotUnitList(models.Model):
    """The units of one pilot, one list. Until it is locked it may be emptied and brought again; then it stays.

    `sha256`: of the sorted list, as `rules/drawing` writes it. `columns`: names of the columns that were kept.
    """

    pilot = models.OneToOneField("engagements.Pilot", on_delete=models.PROTECT, related_name="unit_list")
    columns = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    uploaded_by = person()
    uploaded_at = models.DateTimeField()
    locked_by = person(null=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pilot_unit_list_locked_is_whole",
                condition=Q(locked_at=None) | Q(count__gt=0, sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            paired("pilot_unit_list_locked_pair", "locked_at", "locked_by"),
        ]
        triggers = [
            protected_first("NEW.pilot_id", "NEW.uploaded_at"),
            before("unit_list_stays", "OLD.locked_at IS NOT NULL", "A locked list stays as it is.", pgtrigger.Update),
            before(
                "unit_list_counts_its_units",
                """NEW.locked_at IS NOT NULL
                    AND NEW.count <> (SELECT count(*) FROM engagements_pilotunit u WHERE u.unit_list_id = NEW.id)""",
                "The list has another number of units.",
                pgtrigger.Update,
            ),
            pgtrigger.Protect(
                name="locked_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.locked_at IS NOT NULL"),
            ),
        ]


class PilotUnit(models.Model):
    """One person, household or group, under its salted id. `numbers`: columns that pairs and balance need."""

    unit_list = models.ForeignKey(PilotUnitList, on_delete=models.CASCADE, related_name="units")
    salted_id = models.CharField(max_length=64)
    city = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="+")
    block = text_column(limits.PHRASE)
    cluster = text_column(limits.PHRASE)
    pair = text_column(limits.SHORT_NAME)
    numbers = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["unit_list", "salted_id"]
        constraints = [
            models.UniqueConstraint(fields=["unit_list", "salted_id"], name="pilot_unit_once"),
            models.CheckConstraint(name="pilot_unit_id_is_salted", condition=Q(salted_id__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = [
            before(
                "unit_before_locking",
                """NOT EXISTS (SELECT 1 FROM engagements_pilotunitlist l
                    JOIN engagements_pilotcity c ON c.pilot_id = l.pilot_id
                    WHERE l.id = NEW.unit_list_id AND l.locked_at IS NULL AND c.engagement_id = NEW.city_id)""",
                "A unit belongs to a city that takes part, and comes before the list is locked.",
            ),
            # When a pilot's data are deleted the numbers go; the fingerprint of the list stays.
            before(
                "unit_only_emptied",
                """(NEW.unit_list_id, NEW.salted_id, NEW.city_id, NEW.block, NEW.cluster, NEW.pair) IS DISTINCT FROM
                    (OLD.unit_list_id, OLD.salted_id, OLD.city_id, OLD.block, OLD.cluster, OLD.pair)
                    OR NEW.numbers <> '{}'::jsonb""",
                "A unit does not change; its numbers may only be deleted.",
                pgtrigger.Update,
            ),
            pgtrigger.Trigger(
                name="gone_before_locking",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=refuse(
                    "pilot_unit_gone_before_locking",
                    "EXISTS (SELECT 1 FROM engagements_pilotunitlist l"
                    " WHERE l.id = OLD.unit_list_id AND l.locked_at IS NOT NULL)",
                    "A locked list stays as it is.",
                ).replace("RETURN NEW;", "RETURN OLD;"),
            ),
        ]


class PilotAllocation(models.Model):
    """One draw, once for a list. `seed`: made after the list was locked; anybody who has the list draws the same again.

    `seed_from`: the public draw it comes from, in words with its day, or "" where the portal drew it.
    """

    unit_list = models.OneToOneField(PilotUnitList, on_delete=models.PROTECT, related_name="allocation")
    registration = models.ForeignKey(
        "engagements.RegistrationVersion", on_delete=models.PROTECT, related_name="allocations"
    )
    scheme = models.CharField(max_length=limits.SHORT_NAME)
    algorithm = models.CharField(max_length=limits.SHORT_NAME)
    algorithm_version = models.CharField(max_length=limits.SHORT_NAME)
    seed = models.CharField(max_length=limits.SENTENCE)
    seed_from = text_column(limits.LINE)
    result_sha256 = models.CharField(max_length=64)
    drawn_by = person()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pilot_allocation_is_whole",
                condition=Q(result_sha256__regex=r"^[0-9a-f]{64}$") & ~Q(seed="") & ~Q(algorithm=""),
            )
        ]
        triggers = [
            APPEND_ONLY,
            protected_first(
                "(SELECT l.pilot_id FROM engagements_pilotunitlist l WHERE l.id = NEW.unit_list_id)", "NEW.drawn_at"
            ),
            before(
                "allocation_after_locking",
                """NOT EXISTS (SELECT 1 FROM engagements_pilotunitlist l
                    JOIN engagements_registrationversion v ON v.pilot_id = l.pilot_id
                    JOIN engagements_pilot p ON p.id = l.pilot_id
                    WHERE l.id = NEW.unit_list_id AND v.id = NEW.registration_id AND l.locked_at <= NEW.drawn_at
                    AND p.stopped_at IS NULL AND p.archived_at IS NULL
                    AND v.number = (SELECT max(w.number) FROM engagements_registrationversion w
                        WHERE w.pilot_id = l.pilot_id))""",
                "A draw is by the latest registration and comes after the list is locked.",
            ),
            before(
                "seed_as_registered",
                SEED_NOT_AS_REGISTERED,
                "The seed is that of the registered public draw, held on a later day than the list was locked.",
            ),
        ]


class PilotAssignment(models.Model):
    """The arm of one unit; in a phased start also the period it begins in."""

    allocation = models.ForeignKey(PilotAllocation, on_delete=models.PROTECT, related_name="assignments")
    unit = models.OneToOneField(PilotUnit, on_delete=models.PROTECT, related_name="assignment")
    arm = models.CharField(max_length=limits.SHORT_NAME)
    starts_in = text_column(limits.SHORT_NAME)

    class Meta:
        ordering = ["allocation", "unit"]
        constraints = [models.CheckConstraint(name="pilot_assignment_has_arm", condition=~Q(arm=""))]
        triggers = [
            APPEND_ONLY,
            before(
                "assignment_of_its_list",
                """NOT EXISTS (SELECT 1 FROM engagements_pilotallocation a
                    JOIN engagements_pilotunit u ON u.unit_list_id = a.unit_list_id
                    WHERE a.id = NEW.allocation_id AND u.id = NEW.unit_id)""",
                "A unit gets its arm by the draw of its own list.",
            ),
        ]

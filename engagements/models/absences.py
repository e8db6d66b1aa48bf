"""Who is away, and who sees their tasks meanwhile."""

from datetime import timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Versioned, person

LONGEST = timedelta(days=366)
_COVER_SEES_THE_WORK = pgtrigger.Trigger(
    name="cover_sees_the_work",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id", "cover_id"),
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM engagements_engagementrole mine JOIN engagements_engagementrole theirs
            ON theirs.initiative_id = mine.initiative_id
            AND (theirs.engagement_id = mine.engagement_id
                 OR theirs.engagement_id IS NULL OR mine.engagement_id IS NULL)
            WHERE mine.user_id = NEW.user_id AND theirs.user_id = NEW.cover_id
            AND (mine.ended_on IS NULL OR mine.ended_on > current_date)
            AND (theirs.ended_on IS NULL OR theirs.ended_on > current_date)
        ) THEN
            RAISE EXCEPTION 'Only someone who works on the same engagement can cover.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'absence_cover_sees_the_work';
        END IF;
        RETURN NEW;
    """,
)
_ONE_AT_A_TIME = pgtrigger.Trigger(
    name="one_at_a_time",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        IF NEW.ended_at IS NOT NULL THEN
            RETURN NEW;
        END IF;
        -- Two that overlap must not pass one another.
        PERFORM pg_advisory_xact_lock(hashtext('engagements_absence'), NEW.user_id::int);
        IF EXISTS (
            SELECT 1 FROM engagements_absence a WHERE a.user_id = NEW.user_id AND a.ended_at IS NULL
            AND a.id IS DISTINCT FROM NEW.id AND a.starts_on <= NEW.ends_on AND a.ends_on >= NEW.starts_on
        ) THEN
            RAISE EXCEPTION 'These days are covered already.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'absence_one_at_a_time';
        END IF;
        RETURN NEW;
    """,
)


@pghistory.track()
class Absence(Versioned):
    """`user` is away from `starts_on` to `ends_on`, both included; `cover` sees their tasks, as far as the roles of
    `cover` go.

    `ended_at`: taken back, or over before its last day.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    cover = person(related_name="covers")
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["cover", "ends_on"], name="absence_by_cover", condition=Q(ended_at=None))]
        constraints = [
            models.CheckConstraint(name="absence_not_covered_by_oneself", condition=~Q(user=F("cover"))),
            models.CheckConstraint(name="absence_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="absence_a_year_at_most", condition=Q(ends_on__lte=F("starts_on") + LONGEST)),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED, _COVER_SEES_THE_WORK, _ONE_AT_A_TIME]

    def __str__(self):
        return f"{self.user}, covered by {self.cover}"

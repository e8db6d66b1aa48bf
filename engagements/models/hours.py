"""Hours somebody worked for an engagement: a unit, a person and a day, so that they can be added up."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person

_DAY_HAS_24_HOURS = pgtrigger.Trigger(
    name="day_has_24_hours",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        IF NEW.archived_at IS NOT NULL THEN
            RETURN NEW;
        END IF;
        -- Two entries at once must not pass one another.
        PERFORM pg_advisory_xact_lock(hashtext('engagements_hoursentry'), NEW.user_id::int);
        IF NEW.hours + COALESCE((
            SELECT sum(h.hours) FROM engagements_hoursentry h
            WHERE h.user_id = NEW.user_id AND h."on" = NEW."on" AND h.archived_at IS NULL
            AND h.id IS DISTINCT FROM NEW.id
        ), 0) > 24 THEN
            RAISE EXCEPTION 'A day has 24 hours.' USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_of_one_day';
        END IF;
        RETURN NEW;
    """,
)


@pghistory.track()
class HoursEntry(Versioned, Archivable):
    """`user` worked, and wrote it down; what was wrong is archived and written anew."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="hours")
    record = models.ForeignKey(
        "engagements.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="its call"
    )
    user = person(related_name="hours")
    on = models.DateField(help_text="the day of the work")
    hours = models.DecimalField(max_digits=4, decimal_places=2, help_text="hours, of 60 minutes")
    what = models.CharField(max_length=limits.LINE)
    note = models.TextField(blank=True, default="", help_text="what of the text is more than one line")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["engagement", "on"], name="hours_by_day", condition=Q(archived_at=None))]
        constraints = [
            models.CheckConstraint(name="hours_of_a_day", condition=Q(hours__gt=0, hours__lte=24)),
            models.CheckConstraint(name="hours_say_what", condition=~Q(what="")),
            paired("hours_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED, _DAY_HAS_24_HOURS]

    def __str__(self):
        return self.what

"""Pilots: what a city tests, in which cities, and the milestones, indicators and money it belongs to.

Registrations, units, data and analyses are in the modules named after them. `pilot_promises` has the SQL.
"""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import (
    BUMP_VERSION,
    NEVER_DELETED,
    Archivable,
    Versioned,
    paired,
    person,
    refuse,
)
from engagements.models.evidence import text_column
from engagements.models.pilot_promises import STATE_WITHOUT_ROWS, before, takes_part

_NOT_TOLD = "ARRAY['draft', 'version']"
_CHANGED = f"((to_jsonb(OLD) - {_NOT_TOLD}) IS DISTINCT FROM (to_jsonb(NEW) - {_NOT_TOLD}))"
_LINKED = ("milestone", "indicator", "entry")


# A draft is saved as somebody types; its history begins when it is locked.
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pgtrigger.Condition(_CHANGED)),
    exclude=["draft"],
)
class Pilot(Versioned, Archivable):
    """One test of one program. `draft`: the registration as it is being written, keys as in `Registration`.

    The locked registrations are its `versions`; a draft after them is an amendment on its way. `engagement` is its
    home; all cities that take part, the home among them, are `cities`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REGISTERED = "registered", "Registered"
        ALLOCATED = "allocated", "Drawn"
        RUNNING = "running", "Running"
        ANALYZED = "analyzed", "Analyzed"
        REVIEWED = "reviewed", "Reviewed"
        PUBLISHED = "published", "Published"
        STOPPED = "stopped", "Stopped"

    class StopKind(models.TextChoices):
        HARM = "harm", "It harmed people, or might have"
        NOT_POSSIBLE = "not_possible", "It could not go on"
        OTHER = "other", "Another reason"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="pilots")
    project = models.ForeignKey(
        "engagements.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="pilots"
    )
    plan = models.ForeignKey("engagements.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="pilots")
    title = models.CharField(max_length=limits.TITLE)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    draft = models.JSONField(default=dict, blank=True)
    copied_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="copies",
        help_text="published, and taken as a template",
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = person(null=True)
    stopped_kind = models.CharField(max_length=12, choices=StopKind, blank=True, default="")
    stopped_reason = text_column(limits.WHY)
    is_fictional = models.BooleanField(default=False)
    written_by = person(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["engagement", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="pilot_has_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(
                name="pilot_state_declared",
                condition=Q(
                    state__in=[
                        "draft",
                        "registered",
                        "allocated",
                        "running",
                        "analyzed",
                        "reviewed",
                        "published",
                        "stopped",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="pilot_stopped_says_why",
                condition=Q(stopped_at=None, stopped_kind="", stopped_reason="")
                | Q(stopped_at__isnull=False, stopped_kind__in=["harm", "not_possible", "other"])
                & ~Q(stopped_reason=""),
            ),
            # What was stopped is never again registered, drawn or running.
            models.CheckConstraint(
                name="pilot_stopped_stays_stopped",
                condition=Q(stopped_at=None) | Q(state__in=["stopped", "analyzed", "reviewed", "published"]),
            ),
            models.CheckConstraint(
                name="pilot_copied_from_another", condition=Q(copied_from=None) | ~Q(copied_from=F("id"))
            ),
            paired("pilot_stopped_pair", "stopped_at", "stopped_by"),
            paired("pilot_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            before(
                "state_has_its_rows",
                STATE_WITHOUT_ROWS,
                "A pilot gets a state when it has what the state says.",
                pgtrigger.Insert | pgtrigger.Update,
            ),
            before(
                "within_engagement",
                """(NEW.project_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagements_project p
                        WHERE p.id = NEW.project_id AND p.engagement_id = NEW.engagement_id))
                    OR (NEW.plan_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagements_plan p
                        WHERE p.id = NEW.plan_id AND p.engagement_id = NEW.engagement_id))""",
                "A pilot belongs to a project and a plan of its own engagement.",
                pgtrigger.Insert | pgtrigger.Update,
            ),
            before(
                "origin_stays",
                """(NEW.engagement_id, NEW.written_by_id, NEW.created_at, NEW.copied_from_id)
                        IS DISTINCT FROM (OLD.engagement_id, OLD.written_by_id, OLD.created_at, OLD.copied_from_id)
                    OR (OLD.state <> 'draft' AND (NEW.is_fictional <> OLD.is_fictional OR NEW.title <> OLD.title))
                    OR (OLD.stopped_at IS NOT NULL
                        AND (NEW.stopped_at, NEW.stopped_by_id, NEW.stopped_kind, NEW.stopped_reason)
                        IS DISTINCT FROM (OLD.stopped_at, OLD.stopped_by_id, OLD.stopped_kind, OLD.stopped_reason))""",
                "Where a pilot comes from, its registered title and why it was stopped do not change.",
                pgtrigger.Update,
            ),
        ]

    def __str__(self):
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PilotCity(models.Model):
    """An engagement that takes part in a pilot. The home engagement has position 0; each accepts for itself."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="cities")
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="pilot_cities")
    position = models.PositiveSmallIntegerField(default=0)
    invited_by = person()
    invited_at = models.DateTimeField()
    accepted_by = person(null=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pilot", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "engagement"], name="pilot_city_once"),
            models.UniqueConstraint(fields=["pilot", "position"], name="pilot_city_position_once"),
            paired("pilot_city_accepted_pair", "accepted_at", "accepted_by"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="before_locking",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="IF EXISTS (SELECT 1 FROM engagements_registrationversion v"  # noqa: S608 - our own words
                " WHERE v.pilot_id = coalesce(NEW.pilot_id, OLD.pilot_id)) THEN RAISE EXCEPTION"
                " 'The cities of a registered pilot do not change.' USING ERRCODE = 'check_violation',"
                " CONSTRAINT = 'pilot_cities_before_locking'; END IF;"
                " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
            ),
            before(
                "home_is_first",
                """(NEW.position = 0) <> EXISTS (SELECT 1 FROM engagements_pilot p
                    WHERE p.id = NEW.pilot_id AND p.engagement_id = NEW.engagement_id)""",
                "The home of a pilot comes first.",
                pgtrigger.Insert | pgtrigger.Update,
            ),
            before(
                "cities_alike",
                """NOT EXISTS (SELECT 1 FROM engagements_pilot p, engagements_engagement e
                    WHERE p.id = NEW.pilot_id AND e.id = NEW.engagement_id AND p.is_fictional = e.is_fictional)""",
                "Made-up work and real work take part in no pilot together.",
                pgtrigger.Insert | pgtrigger.Update,
            ),
        ]

    def __str__(self):
        return f"{self.engagement_id}: {self.pilot_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class PilotLink(models.Model):
    """Something of an engagement that takes part: the milestone, indicator or dollars that a pilot belongs to."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="links")
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="pilot_links")
    milestone = models.ForeignKey(
        "engagements.Milestone", null=True, blank=True, on_delete=models.PROTECT, related_name="pilot_links"
    )
    indicator = models.ForeignKey(
        "engagements.Indicator", null=True, blank=True, on_delete=models.PROTECT, related_name="pilot_links"
    )
    entry = models.ForeignKey(
        "engagements.LedgerEntry", null=True, blank=True, on_delete=models.PROTECT, related_name="pilot_links"
    )
    linked_by = person()
    linked_at = models.DateTimeField()

    class Meta:
        ordering = ["pilot", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", *_LINKED], name="pilot_link_once", nulls_distinct=False),
            models.CheckConstraint(
                name="pilot_link_of_one_thing",
                condition=Q(milestone__isnull=False, indicator=None, entry=None)
                | Q(milestone=None, indicator__isnull=False, entry=None)
                | Q(milestone=None, indicator=None, entry__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_engagement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=refuse(
                    "pilot_link_within_engagement",
                    f"""(NOT EXISTS (
                        SELECT 1 FROM engagements_milestone m
                            WHERE m.id = NEW.milestone_id AND m.engagement_id = NEW.engagement_id
                        UNION ALL SELECT 1 FROM engagements_indicator i
                            WHERE i.id = NEW.indicator_id AND i.engagement_id = NEW.engagement_id
                        UNION ALL SELECT 1 FROM engagements_ledgerentry e
                            WHERE e.id = NEW.entry_id AND e.engagement_id = NEW.engagement_id)
                    OR NOT {takes_part("NEW.pilot_id", "NEW.engagement_id")})""",  # noqa: S608 - our own words
                    "A pilot is linked to something of an engagement that takes part.",
                ),
            ),
        ]

"""What was promised, by whom, for when. The database holds: owners are of the team, no date before the start."""

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person, refuse
from engagements.models.engagement import Precision
from engagements.permissions import OWNER_ROLES
from engagements.workflow import MILESTONE, REPEATS, SLIP_REASONS

_TEAM = ", ".join(f"'{role}'" for role in OWNER_ROLES)
_OWNER_IN_TEAM = pgtrigger.Trigger(
    name="owner_in_team",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("owner_id", "engagement_id"),
    func=refuse(
        "milestone_owner_in_team",
        f"""NEW.owner_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM engagements_engagementrole r JOIN engagements_engagement e ON e.id = NEW.engagement_id
                WHERE r.user_id = NEW.owner_id AND r.initiative_id = e.initiative_id
                AND (r.engagement_id = e.id OR r.engagement_id IS NULL) AND r.role IN ({_TEAM})
                AND (r.ended_on IS NULL OR r.ended_on > current_date))""",  # noqa: S608 - the table's own words
        "The owner is not in the team of this engagement.",
    ),
)
_DUE_AFTER_START = pgtrigger.Trigger(
    name="due_after_start",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("due_on", "engagement_id"),
    func=refuse(
        "milestone_due_after_start",
        "EXISTS (SELECT 1 FROM engagements_engagement e WHERE e.id = NEW.engagement_id AND NEW.due_on < e.starts_on)",
        "The due date is before the start of the engagement.",
    ),
)


_REPEATED_WITHIN = pgtrigger.Trigger(
    name="repeated_within_engagement",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("repeat_of_id", "engagement_id"),
    func=refuse(
        "milestone_repeated_within_engagement",
        "NEW.repeat_of_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagements_milestone m"
        " WHERE m.id = NEW.repeat_of_id AND m.engagement_id = NEW.engagement_id)",
        "A milestone repeats one of its own engagement.",
    ),
)


FIRST_DAY, LAST_DAY = date(1700, 1, 1), date(2100, 12, 31)  # local notes tell of long ago; the last is the imports' too


def _in_reason(field: str) -> models.CheckConstraint:
    """A slip of the finger such as 2206 must not stretch every timeline."""
    return models.CheckConstraint(
        name=f"milestone_{field}_in_reason",
        condition=Q(**{field: None}) | Q(**{f"{field}__gte": FIRST_DAY, f"{field}__lte": LAST_DAY}),
    )


class MilestoneQuerySet(models.QuerySet):
    def live(self):
        return self.filter(archived_at__isnull=True)

    def unfinished(self):
        return self.live().filter(status__in=MILESTONE.open_values)

    def overdue(self, on):
        return self.unfinished().filter(due_on__lt=on)


@pghistory.track(
    meta={
        "indexes": [
            models.Index(fields=["engagement", "-pgh_created_at", "-pgh_id"], name="milestone_event_by_time"),
            models.Index(fields=["pgh_obj", "-pgh_id"], name="milestone_event_before"),
        ]
    }
)
class Milestone(Versioned, Archivable):
    class Stage(models.TextChoices):
        SCOPING = "scoping", "Scoping"
        DESIGN = "design", "Design"
        FIELD = "field", "Field"
        ANALYSIS = "analysis", "Analysis"
        CLOSE_OUT = "close_out", "Close-out"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=limits.TITLE)
    stage = models.CharField(max_length=9, choices=Stage)
    owner = person(null=True, related_name="milestones")
    due_on = models.DateField(null=True, blank=True, help_text="empty only in the public record")
    started_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    acceptance_evidence = models.TextField(blank=True, default="", help_text="what shows that it is done")
    needs_approval = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = person(null=True)
    status = models.CharField(max_length=15, choices=MILESTONE.choices, default=MILESTONE.first)
    funder_note = models.CharField(
        max_length=limits.SENTENCE, blank=True, default="", help_text="one sentence funders read"
    )
    # How often it comes back: the n-th is due n periods after `repeats_from`, wherever the one before was moved to.
    repeats = models.CharField(max_length=9, choices=REPEATS, blank=True, default="")
    repeats_from = models.DateField(null=True, blank=True, help_text="when the first of the row was due")
    repeats_until = models.DateField(null=True, blank=True, help_text="none is due after this day")
    repeats_by = person(null=True)
    repeat_number = models.PositiveIntegerField(default=0)
    repeat_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next_ones")
    position = models.PositiveIntegerField(default=0)
    source = models.TextField(blank=True, default="", help_text="for milestones of the public record")
    is_fictional = models.BooleanField(default=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "position", "id"]
        indexes = [
            models.Index(fields=["engagement", "due_on"], name="milestone_by_due", condition=Q(archived_at=None)),
            models.Index(fields=["owner", "due_on"], name="milestone_by_owner", condition=Q(archived_at=None)),
            models.Index(fields=["due_on", "position", "id"], name="milestone_soonest", condition=Q(archived_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="milestone_with_its_engagement"),
            models.CheckConstraint(
                name="milestone_status_is_declared", condition=Q(status__in=[v for v, _ in MILESTONE.choices])
            ),
            models.CheckConstraint(
                name="milestone_done_has_day",
                condition=Q(status="done", done_on__isnull=False) | (~Q(status="done") & Q(done_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="milestone_done_after_started",
                condition=Q(done_on__isnull=True) | Q(started_on__isnull=True) | Q(done_on__gte=F("started_on")),
            ),
            models.CheckConstraint(name="milestone_due_or_recorded", condition=Q(due_on__isnull=False) | ~Q(source="")),
            models.CheckConstraint(name="milestone_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="milestone_done_as_approved",
                condition=~Q(status="done") | Q(needs_approval=False) | Q(approved_by__isnull=False),
            ),
            # The next one is made once, however many workers and people are at it.
            models.UniqueConstraint(fields=["repeat_of"], name="milestone_next_is_made_once"),
            models.CheckConstraint(name="milestone_not_its_own_next", condition=~Q(repeat_of=F("id"))),
            models.CheckConstraint(
                name="milestone_repeats_as_declared", condition=Q(repeats__in=["", *(v for v, _ in REPEATS)])
            ),
            models.CheckConstraint(
                name="milestone_repeats_whole",
                condition=Q(repeats="", repeats_from=None, repeats_until=None, repeats_by=None)
                | ~Q(repeats="") & Q(repeats_from__isnull=False, repeats_by__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="milestone_repeats_until_after",
                condition=Q(repeats_until=None) | Q(repeats_until__gte=F("repeats_from")),
            ),
            _in_reason("due_on"),
            _in_reason("started_on"),
            _in_reason("done_on"),
            paired("milestone_approved_pair", "approved_at", "approved_by"),
            paired("milestone_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED, _OWNER_IN_TEAM, _DUE_AFTER_START, _REPEATED_WITHIN]

    def __str__(self):
        return self.title


_NO_CYCLE = pgtrigger.Trigger(
    name="no_cycle",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        -- Two that each close half of a circle must not pass one another.
        PERFORM pg_advisory_xact_lock(hashtext('engagements_milestonedependency'), NEW.engagement_id::int);
        IF EXISTS (
            WITH RECURSIVE before(id) AS (
                SELECT NEW.needs_id
                UNION
                SELECT d.needs_id FROM engagements_milestonedependency d JOIN before b ON d.milestone_id = b.id
                WHERE d.id IS DISTINCT FROM NEW.id
            )
            SELECT 1 FROM before WHERE id = NEW.milestone_id
        ) THEN
            RAISE EXCEPTION 'Milestones would wait for one another in a circle.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'dependency_no_cycle';
        END IF;
        RETURN NEW;
    """,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class MilestoneDependency(models.Model):
    """`milestone` waits for `needs`. Both of one engagement: two foreign keys of two columns hold that."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="+")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="dependencies")
    needs = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="dependents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "needs"], name="dependency_once"),
            models.CheckConstraint(name="dependency_not_on_itself", condition=~Q(milestone=F("needs"))),
        ]
        triggers = [_NO_CYCLE]


class DueDateChange(models.Model):
    """Why a date moved: a coded reason each time, in words where the code says "other"."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="due_date_changes")
    old = models.DateField(null=True, blank=True)
    new = models.DateField()
    reason = models.CharField(max_length=11, choices=SLIP_REASONS)
    words = models.CharField(max_length=limits.WHY, blank=True, default="")
    at = models.DateTimeField()
    by = person()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="slip_reason_is_known", condition=Q(reason__in=[v for v, _ in SLIP_REASONS])),
            models.CheckConstraint(name="slip_other_in_words", condition=~Q(reason="other") | ~Q(words="")),
            models.CheckConstraint(name="slip_moves_the_date", condition=Q(old__isnull=True) | ~Q(old=F("new"))),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ProgressEntry(models.Model):
    """One line somebody logged, with the status it led to. Never changed: a mistake is corrected by the next one."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="progress")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="progress")
    old_status = models.CharField(max_length=15, choices=MILESTONE.choices)
    status = models.CharField(max_length=15, choices=MILESTONE.choices)
    line = models.CharField(max_length=limits.LINE)
    note = models.TextField(blank=True, default="", help_text="what of the text is more than one line")
    document = models.ForeignKey(
        "engagements.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="progress"
    )
    at = models.DateTimeField()
    by = person()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["milestone", "-at"], name="progress_by_milestone")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

"""Milestones: the filter of their list, one of them, many of them, a template of work, a review."""

from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.access.roles import people_with
from engagements.base.form_layout import Fold, FoldedForm
from engagements.milestones.actions.bulk import KEEP, BulkChange
from engagements.milestones.milestone_templates import TEMPLATES
from engagements.milestones.queries.milestone_page import MilestoneDetail
from engagements.models import Engagement, Milestone
from engagements.permissions import LOG_PROGRESS
from engagements.workflow import MILESTONE, REPEATS, SLIP_REASONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_DAY = {"invalid": "Write the date as 2026-11-23.", "required": "Say when."}


def day_field(label: "str | _StrPromise", **options) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, error_messages=_DAY, **options)


def owner_choices(*engagements: Engagement) -> list[tuple[str, str]]:
    people = {user.pk: str(user) for engagement in engagements for user in people_with(engagement, LOG_PROGRESS)}
    return sorted(((str(pk), name) for pk, name in people.items()), key=lambda pair: pair[1])


def _owner_who_left(milestone: Milestone | None) -> list[tuple[str, str]]:
    """The present owner where their role ended: saving anything else must not take the milestone from them."""
    if milestone is None or milestone.owner_id is None:
        return []
    if people_with(milestone.engagement, LOG_PROGRESS).filter(pk=milestone.owner_id).exists():
        return []
    return [(str(milestone.owner_id), f"{milestone.owner} (no longer in the team)")]


class MilestoneForm(FoldedForm):
    """Add or edit. Editing, a date that moves needs a coded reason, “other” also words."""

    FIRST = ("title", "due_on", "slip_reason", "owner", "stage", "acceptance_evidence")
    WIDE = frozenset({"title"})
    GIVEN = frozenset({"needs_approval"})
    FOLDS = (
        Fold(_("Approval, and what funders read"), ("needs_approval", "funder_note")),
        Fold(_("Repeats"), ("repeats", "repeats_until")),
        Fold(_("Reasons in words"), ("slip_words", "why")),
    )

    title = forms.CharField(
        label="Title", max_length=limits.TITLE, error_messages={"required": "Say what is promised."}
    )
    stage = forms.ChoiceField(label="Stage", choices=Milestone.Stage.choices)
    due_on = day_field("Due")
    owner = forms.ChoiceField(label="Owner", required=False)
    acceptance_evidence = forms.CharField(
        label="What shows that it is done",
        required=False,
        max_length=limits.BODY,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needs_approval = forms.BooleanField(label="Done once a lead approves", required=False)
    funder_note = forms.CharField(label="One sentence funders read", required=False, max_length=limits.SENTENCE)
    repeats = forms.ChoiceField(label="Repeats", required=False, choices=[("", "Does not repeat"), *REPEATS])
    repeats_until = day_field(
        "Repeats until",
        required=False,
        help_text="Empty: until the engagement ends. The next one is added when this one is done or its day has come.",
    )
    slip_reason = forms.ChoiceField(
        label="Why the date moves", required=False, choices=[("", "The date stays"), *SLIP_REASONS]
    )
    slip_words = forms.CharField(label="Why it moves: details", required=False, max_length=limits.WHY)
    why = forms.CharField(label="Why, for the history", required=False, max_length=limits.WHY)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    OF_EDITING = ("slip_reason", "slip_words", "why", "version")
    FIELDS = (
        "title",
        "stage",
        "due_on",
        "owner",
        "acceptance_evidence",
        "needs_approval",
        "funder_note",
        "repeats",
        "repeats_until",
    )

    def __init__(self, *args, engagement: Engagement, editing: Milestone | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["owner"]).choices = [
            ("", "Nobody yet"),
            *owner_choices(engagement),
            *_owner_who_left(editing),
        ]
        if editing and editing.due_on is None:
            self.fields["due_on"].required = False  # the public record gives no day
        for name in ("submission",) if editing else self.OF_EDITING:
            del self.fields[name]
        if editing:
            self.fields["version"].required = True

    @classmethod
    def of(cls, milestone: Milestone) -> "MilestoneForm":
        seen = {name: getattr(milestone, name) for name in cls.FIELDS if name != "owner"}
        initial = seen | {"owner": str(milestone.owner_id or ""), "version": milestone.version}
        return cls(initial=initial, engagement=milestone.engagement, editing=milestone)

    @classmethod
    def empty(cls, engagement: Engagement) -> "MilestoneForm":
        return cls(initial={"submission": uuid4(), "needs_approval": engagement.needs_approval}, engagement=engagement)

    def fields_typed(self) -> dict[str, object]:
        typed = {name: self.cleaned_data[name] for name in self.FIELDS}
        return typed | {"owner": int(typed["owner"]) if typed["owner"] else None}


class BulkForm(forms.Form):
    """One change for all that were chosen."""

    status = forms.ChoiceField(label="New status", required=False, choices=[("", "Leave as it is"), *MILESTONE.choices])
    line = forms.CharField(label="What happened? (one sentence)", required=False, max_length=limits.LINE)
    owner = forms.ChoiceField(label="New owner", required=False)
    shift_days = forms.IntegerField(
        label="Move due dates by days",
        required=False,
        min_value=-1830,
        max_value=1830,
        error_messages={"invalid": "Write a whole number of days; -7 is a week earlier."},
    )
    due_on = day_field("Or one due date for all", required=False)
    slip_reason = forms.ChoiceField(
        label="Why the dates move", required=False, choices=[("", "They stay"), *SLIP_REASONS]
    )
    slip_words = forms.CharField(label="Why they move: details", required=False, max_length=limits.WHY)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, owners: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["owner"]).choices = [("", "Leave as it is"), ("nobody", "Nobody"), *owners]

    def clean(self) -> dict:
        super().clean()
        typed = self.cleaned_data
        if typed.get("shift_days") and typed.get("due_on"):
            self.add_error("due_on", "Move the dates by days, or give one date for all, not both.")
        return typed

    def bulk_change(self) -> BulkChange:
        typed = self.cleaned_data
        owner: object = KEEP
        if typed["owner"]:
            owner = None if typed["owner"] == "nobody" else int(typed["owner"])
        return BulkChange(
            status=typed["status"],
            line=typed["line"],
            owner=owner,
            shift_days=typed["shift_days"] or 0,
            due_on=typed["due_on"],
            slip_reason=typed["slip_reason"],
            slip_words=typed["slip_words"],
        )


class TemplateForm(forms.Form):
    """A stage's usual milestones, counted from its first day."""

    template = forms.ChoiceField(label="Template", choices=[(key, found.name) for key, found in TEMPLATES.items()])
    starts_on = day_field("First day of the stage")
    owner = forms.ChoiceField(label="Owner of all of them", required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, engagement: Engagement, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["owner"]).choices = [("", "Nobody yet"), *owner_choices(engagement)]

    @classmethod
    def empty(cls, engagement: Engagement, today: date) -> "TemplateForm":
        return cls(initial={"submission": uuid4(), "starts_on": today}, engagement=engagement)


class ReviewForm(forms.Form):
    """Approve, or give back with what is missing."""

    status = forms.ChoiceField(choices=[("done", "Approve"), ("in_progress", "Return")])
    line = forms.CharField(
        label="What you saw, or what is missing (one sentence)",
        max_length=limits.LINE,
        error_messages={"required": "Write in one sentence what you saw, or what is missing."},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, detail: MilestoneDetail) -> "ReviewForm":
        return cls(initial={"submission": uuid4(), "version": detail.row.version})


class ArchiveForm(forms.Form):
    why = forms.CharField(
        label="Why it is archived", max_length=limits.WHY, error_messages={"required": "Say why it is archived."}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DependencyForm(forms.Form):
    """`needs`: another milestone of the engagement; offered are those due nearest to this one."""

    needs = forms.IntegerField(label="Depends on", min_value=1, error_messages={"required": "Choose a milestone."})
    act = forms.ChoiceField(choices=[("add", "Add"), ("remove", "Remove")])
    EACH_SIDE = 20

    def __init__(self, *args, milestone: Milestone, **kwargs):
        super().__init__(*args, **kwargs)
        others = Milestone.objects.live().filter(engagement=milestone.engagement_id).exclude(pk=milestone.pk)
        day = milestone.due_on or timezone.localdate()
        before = others.filter(due_on__lte=day).order_by("-due_on", "-pk")[: self.EACH_SIDE]
        after = others.filter(due_on__gt=day).order_by("due_on", "pk")[: self.EACH_SIDE]
        words = before.values_list("pk", "title", "due_on").union(after.values_list("pk", "title", "due_on"))
        self.offered = sorted(words, key=lambda row: (row[2], row[0]))

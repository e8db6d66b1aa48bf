"""An indicator; one period of it with all groups at once; how an approved value is opened again."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.dates import add_months
from engagements.base.editing import Conflict
from engagements.base.form_layout import Fold, FoldedForm
from engagements.base.number_limits import validate_number
from engagements.discussion.actions.documents import NewFile
from engagements.discussion.files.acceptance import accept
from engagements.discussion.files.capped_upload import MAX_BYTES
from engagements.discussion.files.file_types import ACCEPTED
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.discussion.forms.discussion import LevelField
from engagements.indicators.actions.value_entries import NUMBERS, ValueEntry
from engagements.models import Indicator, IndicatorValue, OutcomeFamily
from engagements.workflow import VALUE_CHANGE_REASONS

BLANK_GROUPS = 2  # empty rows for new groups of each dimension
SAME_TERMS = (
    "In the same terms as the values that follow. Where the target is a running total, begin each period on the first "
    "day of the program."
)


def _number(label: str, **options) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    messages = {"invalid": "Write a number."}
    return forms.FloatField(
        label=label, widget=widget, error_messages=messages, validators=[validate_number], **options
    )


class IndicatorForm(FoldedForm, VersionedForm):
    """To add one (without `version`) or change it."""

    FIRST = ("name", "definition", "kind", "unit", "outcome_family", "source", "why")
    WIDE = frozenset({"name", "why"})
    GIVEN = frozenset({"owner"})
    FOLDS = (
        Fold(_("Baseline and target"), ("baseline", "baseline_on", "target", "target_on")),
        Fold(
            _("How it is counted"),
            (
                "denominator", "direction", "every_months", "dimensions", "no_interval_reason", "counts_people",
                "is_unduplicated",
            ),
        ),
        Fold(_("Owner and plan"), ("owner", "plan")),
    )  # fmt: skip

    kind = forms.ChoiceField(label="What kind", choices=Indicator.Kind.choices, initial=Indicator.Kind.PERFORMANCE)
    name = PlainTextField(label="Name", max_length=limits.NAME, help_text="What is counted, in a few words.")
    definition = PlainTextField(
        label="Definition", rows=3, max_length=limits.DEFINITION, help_text="What is counted, of whom, by whom."
    )
    outcome_family = forms.ChoiceField(label="Outcome family", choices=OutcomeFamily.choices)
    unit = forms.ChoiceField(label="Unit", choices=Indicator.Unit.choices)
    denominator = PlainTextField(
        label="Share of what",
        max_length=limits.PHRASE,
        required=False,
        help_text="Only for a share: “of all who were offered”.",
    )
    direction = forms.ChoiceField(label="Which way is better", choices=Indicator.Direction.choices)
    baseline = _number("Baseline", required=False, help_text="Before the work began. Shares as 0.35 for 35%.")
    baseline_on = DayField(label="Baseline of", required=False)
    target = _number("Target", required=False, help_text=SAME_TERMS)
    target_on = DayField(label="Target for", required=False)
    every_months = forms.IntegerField(label="Months between values", initial=3, min_value=1, max_value=60)
    source = PlainTextField(label="Source", max_length=limits.SENTENCE, help_text="Where its values come from.")
    no_interval_reason = PlainTextField(
        label="Why its values have no interval",
        max_length=limits.PHRASE,
        required=False,
        help_text="For example “a full count”. Empty: each value is given with its 95% interval.",
    )
    dimensions = PlainTextField(
        label="Broken down by",
        max_length=limits.DIMENSION_LIST,
        required=False,
        help_text="Separated by commas: “sex, age group”.",
    )
    counts_people = forms.BooleanField(label="Its total is people reached", required=False)
    is_unduplicated = forms.BooleanField(label="It counts each person once", required=False)
    owner = forms.TypedChoiceField(label="Owner", coerce=int, required=False, empty_value=None)
    plan = forms.TypedChoiceField(label="Plan", coerce=int, required=False, empty_value=None)
    why = PlainTextField(
        label="Why it changes", max_length=limits.WHY, required=False, help_text="It stays in the history."
    )

    def __init__(self, *args, people, plans, is_new: bool, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["owner"]).choices = [("", "nobody yet"), *people]
        cast(forms.ChoiceField, self.fields["plan"]).choices = [("", "none"), *plans]
        if not plans:
            del self.fields["plan"]
        if is_new:
            del self.fields["version"], self.fields["why"]

    def clean_dimensions(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["dimensions"].split(",") if name.strip()]

    @property
    def values(self) -> dict[str, object]:
        """Fields of the indicator as its actions take them."""
        return {name: v for name, v in self.cleaned_data.items() if name not in ("submission", "version", "why")}


class PeriodForm(IdempotentForm):
    """Everybody and every group of one period: a table. `drafts`: values that are there and may change."""

    period_start = DayField(label="First day of the period")
    period_end = DayField(label="Last day of the period")
    note = PlainTextField(label="What a reader has to know", max_length=limits.NOTE, required=False)
    file = forms.FileField(
        label="Evidence file",
        required=False,
        max_length=None,
        help_text=f"{ACCEPTED}, up to {MAX_BYTES // 10**6} MB: the list or report the numbers come from, "
        "without names of people.",
        error_messages={"empty": "The file is empty. Choose it again, or save it again."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.webp,.csv,.txt,.docx,.xlsx,.pptx"}),
    )
    visibility = LevelField()

    def __init__(
        self,
        *args,
        indicator: Indicator,
        known: list[tuple[str, str]],
        drafts: list[IndicatorValue],
        closed: frozenset[tuple[str, str]],
        held: frozenset[str],
        **kwargs,
    ):
        """`known`: groups of any period; `closed`: those whose value of this period is approved."""
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.there = {(row.dimension, row.category): row for row in drafts}
        self.fields["visibility"].label = "Who may open the file"
        cast(LevelField, self.fields["visibility"]).offer(held)
        self.numbers = ["value"]
        if not indicator.no_interval_reason:
            self.numbers += ["low", "high"]
        if indicator.unit == "share":
            self.numbers += ["numerator", "denominator"]
        self.groups = [group for group in dict.fromkeys([("", ""), *known]) if group not in closed]
        for dimension in indicator.dimensions:
            self.groups += [(dimension, "")] * BLANK_GROUPS
        self.groups.sort(key=lambda group: self._place(group))
        for number, group in enumerate(self.groups):
            self._add_row(number, group)

    def _place(self, group: tuple[str, str]) -> tuple:
        dimension, category = group
        order = {name: n for n, name in enumerate(self.indicator.dimensions, start=1)}
        return order.get(dimension, 0), not category, category.casefold()

    def _add_row(self, number: int, group: tuple[str, str]) -> None:
        row = self.there.get(group)
        named = f"{group[0]}: {group[1]}" if group[1] else f"{group[0]}: new group" if group[0] else "Everybody"
        if group[0] and not group[1]:
            self.fields[f"category-{number}"] = PlainTextField(
                label=f"New group by {group[0]}", max_length=limits.CATEGORY, required=False
            )
        for name in self.numbers:
            self.fields[f"{name}-{number}"] = _number(f"{_HEADS[name]}, {named}", required=False)
            self.fields[f"{name}-{number}"].initial = getattr(row, name) if row else None
        self.fields[f"version-{number}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.fields[f"version-{number}"].initial = row.version if row else None
        if row and group == ("", ""):
            self.fields["note"].initial = row.note

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if upload := found.get("file"):
            try:
                self.new_file = accept(upload, title="", visibility=found.get("visibility") or "team")
            except ValidationError as refused:
                self.refuse(refused)
        if not self.errors and not self.entries:
            self.add_error("value-0" if "value-0" in self.fields else None, "Enter a value.")
        self._check_new_groups()
        return found

    def _check_new_groups(self) -> None:
        """A new group is none that has a row already."""
        taken = {(dimension, category.casefold()) for dimension, category in self.groups if category}
        for number, (dimension, category) in enumerate(self.groups):
            typed = self._group(number)[1].casefold()
            if category or not typed or not dimension:
                continue
            if (dimension, typed) in taken:
                self.add_error(f"category-{number}", "This group has a row already.")
            taken.add((dimension, typed))

    @property
    def evidence(self) -> NewFile | None:
        return getattr(self, "new_file", None)

    @property
    def entries(self) -> list[ValueEntry]:
        return [entry for entry in (self._entry(number) for number in range(len(self.groups))) if entry]

    def _entry(self, number: int) -> ValueEntry | None:
        """None for a row that was left empty."""
        typed = {name: self.cleaned_data.get(f"{name}-{number}") for name in self.numbers}
        dimension, category = self._group(number)
        row, is_named = self.there.get((dimension, category)), bool(category and not self.groups[number][1])
        if row is None and not is_named and all(value is None for value in typed.values()):
            return None
        note = row.note if row else ""
        if not dimension:
            note = self.cleaned_data.get("note", "")
        version = self.cleaned_data.get(f"version-{number}")
        kept = {name: getattr(row, name) for name in NUMBERS if row and name not in typed}
        return ValueEntry(dimension=dimension, category=category, note=note, version=version, **kept | typed)

    def _group(self, number: int) -> tuple[str, str]:
        dimension, category = self.groups[number]
        return dimension, category or (self.cleaned_data.get(f"category-{number}") or "").strip()

    def refuse_entries(self, problems: dict[tuple[str, str], dict[str, str]]) -> None:
        """Each sentence at the field it is about."""
        at = {self._group(number): number for number in reversed(range(len(self.groups)))}
        for group, found in problems.items():
            number = at.get(group, 0)
            for name, sentence in found.items():
                field = name if name in ("period_start", "period_end") else f"{name}-{number}"
                if field in self.fields and sentence in self.errors.get(field, []):
                    continue
                self.add_error(field if field in self.fields else None, sentence)

    def show_conflict(self, conflict: Conflict) -> None:
        """Someone else changed a draft: shows their number; sending the form again replaces it."""
        row = IndicatorValue.objects.get(pk=conflict.pk)
        number = self.groups.index((row.dimension, row.category))
        typed = cast(QueryDict, self.data).copy()
        typed[self.add_prefix(f"version-{number}")] = str(row.version)
        self.data = typed
        told = ", ".join(f"{_HEADS.get(c.field, c.field).lower()} is now {c.theirs}" for c in conflict.fields)
        self.add_error(
            f"value-{number}", f"Someone changed this meanwhile: {told}. Saving again puts yours in its place."
        )

    @property
    def rows(self) -> list[dict]:
        """For the template: heading, and the bound fields of each row."""
        made = []
        for number, (dimension, category) in enumerate(self.groups):
            name = f"category-{number}"
            cells = [(_HEADS[each], self[f"{each}-{number}"]) for each in self.numbers]
            made.append(
                {
                    "dimension": dimension,
                    "category": category,
                    "new": self[name] if name in self.fields else None,
                    "cells": cells,
                }
            )
        return made

    @property
    def days(self) -> list[forms.BoundField]:
        return [self["period_start"], self["period_end"]]

    @property
    def rest(self) -> list[forms.BoundField]:
        """What stands below the table; without a row of everybody there is no note."""
        names = ("note", "file", "visibility") if ("", "") in self.groups else ("file", "visibility")
        return [self[name] for name in names]

    @property
    def heads(self) -> list[str]:
        return [_HEADS[name] for name in self.numbers]


_HEADS = {
    "value": "Value",
    "low": "Lower end",
    "high": "Upper end",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "note": "Note",
}


class ReopenForm(IdempotentForm):
    reason = forms.ChoiceField(label="Why", choices=[("", "Choose a reason"), *VALUE_CHANGE_REASONS])
    words = PlainTextField(label="In words", max_length=limits.WHY, required=False, help_text="Needed for “Other”.")


def next_period(last_end: date | None, begins_on: date | None, every_months: int, today: date) -> tuple[date, date]:
    """The period after the last one that was entered; at first the one that ended last, by whole months."""
    if last_end:
        return last_end + timedelta(days=1), add_months(last_end, every_months)
    end = today.replace(day=1) - timedelta(days=1)
    while end.month % every_months and every_months in (3, 6, 12):
        end = end.replace(day=1) - timedelta(days=1)
    start = add_months(end, -every_months) + timedelta(days=1)
    return (max(start, begins_on) if begins_on and begins_on <= end else start), end

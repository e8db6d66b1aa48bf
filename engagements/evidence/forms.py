"""A row of the evidence library, its review, the filters of its list and the table that brings rows."""

from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_layout import Fold, FoldedForm
from engagements.base.tables.cells import read_number, read_whole
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.evidence.gaps import GAPS
from engagements.evidence.prose import PARTS
from engagements.evidence.records import (
    CHOICES,
    COLUMNS,
    FAMILIES,
    FINDINGS,
    LISTS,
    MAY_BE_EMPTY,
    NUMBERS,
    TIERS,
    WHOLE_NUMBERS,
    YES_OR_NO,
    EvidenceFields,
)
from engagements.limits import EVIDENCE, EVIDENCE_TEXT


class PlainNumber(forms.CharField):
    """As the table reads numbers: no commas, no signs of currency, nothing that may mean two things."""

    def __init__(self, *, read=read_number, **options):
        self.read = read
        super().__init__(
            required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options
        )

    def clean(self, value):
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def prepare_value(self, value):
        return f"{value:g}" if isinstance(value, float) and f"{value:g}" == f"{value!r}" else _plainly(value)


def _plainly(value: object) -> object:
    """3783.0 as 3783; what someone typed as they typed it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


NEEDED = frozenset({"intervention", "outcome", "outcome_family", "summary", "finding", "tier", "source"})


def _field(name: str, label: str, hint: str, rows: int) -> forms.Field:
    if name in NUMBERS:
        return PlainNumber(label=label, help_text=hint)
    if name in WHOLE_NUMBERS:
        return PlainNumber(read=read_whole, label=label, help_text=hint)
    if name in YES_OR_NO:
        return forms.BooleanField(required=False, label=label, help_text=hint)
    if name in CHOICES:
        choices = CHOICES[name] if name in MAY_BE_EMPTY else (("", "Choose one"), *CHOICES[name])
        return forms.ChoiceField(choices=choices, required=name in NEEDED, label=label, help_text=hint)
    if name == "verified_on":
        return DayField(required=False, label=label, help_text=hint)
    if name in LISTS:
        return forms.MultipleChoiceField(
            required=False, widget=forms.CheckboxSelectMultiple, label=label, help_text=hint
        )
    most = EVIDENCE.get(name, EVIDENCE_TEXT)
    return PlainTextField(rows=rows, required=name in NEEDED, max_length=most, label=label, help_text=hint)


class _RowFields(FoldedForm):
    """What a finding needs comes first, the rest in the folds of its parts."""

    FIRST = ("intervention", "outcome", "outcome_family", "finding", "tier", "summary", "source", "why")
    WIDE = frozenset({"tier", "why"})
    GIVEN = frozenset({"verified_on"})

    def __init__(self, *args, cities: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {each[0]: _field(*each) for _, fields in PARTS for each in fields}
        cast(forms.ChoiceField, self.fields["gaps"]).choices = [(gap.code, gap.label) for gap in GAPS]
        cast(forms.ChoiceField, self.fields["tried_in"]).choices = cities

    def folds(self) -> tuple[Fold, ...]:
        parts = ((heading, tuple(name for name, *_ in fields if name not in self.FIRST)) for heading, fields in PARTS)
        needs, *others = (Fold(heading, names) for heading, names in parts)
        return (*others, replace(needs, heading=_("Needs it answers, and its short name"), names=(*needs.names, "key")))

    def values(self) -> dict[str, Any]:
        """Of the columns the form has, as EvidenceFields holds them."""
        held = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        return {name: tuple(value) if name in LISTS else value for name, value in held.items()}


class EvidenceForm(_RowFields, IdempotentForm):
    key = PlainTextField(
        label="Short name",
        max_length=limits.EVIDENCE_KEY,
        required=False,
        help_text="Its address, in small letters and hyphens, for example year-up-earnings-3. It stays. Empty: made of "
        "intervention and outcome.",
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not found.get("is_verified") and found.get("verified_on") == self.initial.get("verified_on"):
            found["verified_on"] = None  # the day the form starts with says nothing while nobody read the numbers
        words = f"{found.get('intervention', '')} {found.get('outcome', '')}"
        found["key"] = found.get("key") or slugify(words)[: limits.EVIDENCE_KEY].strip("-")
        return found

    def row(self) -> EvidenceFields:
        return EvidenceFields(**self.values())


class EvidenceChangeForm(_RowFields, VersionedForm):
    """`tried_in_seen`: the cities that stood there, so that someone else's change is not undone."""

    tried_in_seen = forms.CharField(widget=forms.HiddenInput, required=False)
    why = PlainTextField(label="Reason for change", max_length=limits.WHY, help_text="It stays in the history.")

    def seen(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["tried_in_seen"].split())


# How rows of a table may be sorted; whatever it is, what can be planned with stays first.
SORTS = (
    ("", _("Program")),
    ("outcome", _("Outcome")),
    ("effect", _("Effect, largest first")),
    ("cost", _("Cost, lowest first")),
    ("strength", _("Strength, strongest first")),
    ("city", _("City it was tried in")),
)


class FilterForm(forms.Form):
    """The list's filters, all of the address."""

    q = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=limits.SEARCH,
        widget=forms.TextInput(attrs={"placeholder": _("Program, place or word")}),
    )
    family = forms.ChoiceField(label=_("Outcome"), required=False, choices=[("", _("All outcomes")), *FAMILIES])
    tried_in = forms.ChoiceField(label=_("City"), required=False)
    tier = forms.ChoiceField(label=_("Study"), required=False, choices=[("", _("Any study")), *TIERS])
    finding = forms.ChoiceField(label=_("Finding"), required=False, choices=[("", _("Any finding")), *FINDINGS])
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=SORTS)
    gap = forms.ChoiceField(
        label=_("Need in a city"), required=False, choices=[("", _("Any need")), *((g.code, g.label) for g in GAPS)]
    )
    city = forms.ChoiceField(label=_("With the numbers of"), required=False)
    ready = forms.BooleanField(label=_("Usable in a plan"), required=False)
    waiting = forms.BooleanField(label=_("Only findings in review"), required=False)

    def __init__(self, *args, cities: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["city"]).choices = [("", _("No city")), *cities]
        cast(forms.ChoiceField, self.fields["tried_in"]).choices = [("", _("Anywhere")), *cities]
        for name in ("city", "gap", "family", "tier", "finding", "tried_in", "sort"):
            self.fields[name].error_messages["invalid_choice"] = "There is no “%(value)s” here."

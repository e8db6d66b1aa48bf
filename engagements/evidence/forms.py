"""A row of the evidence library, its review, the filters of its list and the table that brings rows."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.tables.cells import read_number, read_whole
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.evidence.gaps import GAPS
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


# (heading, ((column, label, hint, rows of a long text or 0), …)): the parts of the form, in the order people think.
PARTS: tuple[tuple[str, tuple[tuple[str, str, str, int], ...]], ...] = (
    (
        "What was tried, and what was found",
        (
            ("intervention", "Intervention", "What was tried, in words anyone would use.", 0),
            ("outcome", "Outcome", "What was measured.", 0),
            ("outcome_family", "Outcome area", "", 0),
            ("summary", "In a sentence or two", "For a mayor: who, what, how sure.", 3),
            ("finding", "Finding", "No clear difference and a worse outcome belong here as much as a better one.", 0),
            ("tier", "Kind of study", "", 0),
            ("gaps", "Needs it answers", "What a city may be short of that this outcome is about.", 0),
        ),
    ),
    (
        "The effect",
        (
            ("effect", "Effect", "A number only if someone read it in the source.", 0),
            ("unit", "Unit of the effect", "With the price year where it is money: dollars of 2012 a year.", 0),
            ("se", "Standard error", "In the same unit.", 0),
            ("se_origin", "Where the standard error comes from", "", 0),
            ("p_value", "p-value", "Exact, or the threshold below which it lies: 0.012, or 0.05 for “p < .05”.", 0),
            (
                "se_bound",
                "Standard error, at most",
                "Where only a threshold of p is printed: effect / z. Readers see it; no plan uses it.",
                0,
            ),
            ("ci_low", "95% interval, lower end", "As published. Leave it empty if only the standard error is.", 0),
            ("ci_high", "95% interval, upper end", "", 0),
            ("effect_words", "In the source’s words", "What it says beside one number, or instead of it.", 2),
            ("conflict", "Where sources differ", "What another source, or another version, says.", 2),
            ("estimand", "Whom the effect counts", "Leave it open if the source does not say.", 0),
            ("study_takeup", "Share who take part in the study", "Share of those offered, 0 to 1.", 0),
            ("outcome_age", "Age at the outcome", "", 0),
            ("duration", "After how long", "", 0),
            ("fadeout", "Does it last?", "", 2),
        ),
    ),
    (
        "Who, where and when",
        (
            ("population", "Who took part", "", 2),
            ("setting", "Place and years", "", 0),
            ("sample_size", "People in the study", "", 0),
            ("tried_in", "Tried in these cities", "", 0),
            ("moves_children", "It moves children to another neighborhood", "", 0),
        ),
    ),
    (
        "What it costs",
        (
            ("cost_usd", "Cost", "Dollars for each person or family.", 0),
            ("cost_price_year", "Price year", "Of which year’s dollars.", 0),
            ("cost_words", "The cost in words", "What it covers, or that none is known.", 2),
            ("mvpf", "MVPF", "Dollars of benefit for each dollar of net public cost.", 0),
            ("mvpf_low", "MVPF, lower end", "", 0),
            ("mvpf_high", "MVPF, upper end", "", 0),
            ("mvpf_words", "How it was calculated", "", 2),
        ),
    ),
    (
        "How we know",
        (
            ("source", "Source", "Publication, year, and where it was read.", 3),
            ("is_verified", "Someone read the numbers in the source or a copy of it", "", 0),
            ("verified_on", "Read on", "", 0),
            ("verification_note", "What was read, and what was not", "", 2),
        ),
    ),
)
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


class _RowFields(forms.Form):
    """`part_fields` for the page: each heading with its bound fields."""

    def __init__(self, *args, cities: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {each[0]: _field(*each) for _, fields in PARTS for each in fields}
        cast(forms.ChoiceField, self.fields["gaps"]).choices = [(gap.code, gap.label) for gap in GAPS]
        cast(forms.ChoiceField, self.fields["tried_in"]).choices = cities

    @property
    def part_fields(self) -> list[tuple[str, list]]:
        return [(heading, [self[name] for name, *_ in fields]) for heading, fields in PARTS]

    def values(self) -> dict[str, Any]:
        """Of the columns the form has, as EvidenceFields holds them."""
        held = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        return {name: tuple(value) if name in LISTS else value for name, value in held.items()}


class EvidenceForm(_RowFields, IdempotentForm):
    key = PlainTextField(
        label="Short name",
        max_length=limits.EVIDENCE_KEY,
        help_text="Its address, in small letters and hyphens, for example year-up-earnings-3. It stays.",
    )

    def row(self) -> EvidenceFields:
        return EvidenceFields(**self.values())


class EvidenceChangeForm(_RowFields, VersionedForm):
    """`tried_in_seen`: the cities that stood there, so that someone else's change is not undone."""

    tried_in_seen = forms.CharField(widget=forms.HiddenInput, required=False)
    why = PlainTextField(label="Reason for change", max_length=limits.WHY, help_text="It stays in the history.")

    def seen(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["tried_in_seen"].split())


class ReviewForm(VersionedForm):
    """A button: its second click finds the status it led to."""

    status = forms.ChoiceField(choices=[("reviewed", "Reviewed"), ("draft", "Not reviewed yet")])
    why = PlainTextField(label="Why", max_length=limits.WHY, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["submission"]


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
    ready = forms.BooleanField(label=_("Can be planned with"), required=False)
    waiting = forms.BooleanField(label=_("Only findings in review"), required=False)

    def __init__(self, *args, cities: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["city"]).choices = [("", _("No city")), *cities]
        cast(forms.ChoiceField, self.fields["tried_in"]).choices = [("", _("Anywhere")), *cities]
        for name in ("city", "gap", "family", "tier", "finding", "tried_in", "sort"):
            self.fields[name].error_messages["invalid_choice"] = "There is no “%(value)s” here."

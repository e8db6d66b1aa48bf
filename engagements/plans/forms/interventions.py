"""What a plan will do: people, cost, duration, and the study's take-up where its row records none."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_layout import Fold, FoldedForm
from engagements.discussion.forms.base import DayField, PlainTextField, VersionedForm
from engagements.limits import AGE_OF_MEAN, MOST_MONTHS, MOST_OCCUPATIONS, MOST_PEOPLE_OFFERED
from engagements.models import EvidenceRow, PlanIntervention
from engagements.plans.arithmetic.lifetime import PUBLISHED_SHARES
from engagements.plans.arithmetic.profiles import HOW, Profile, parse_profile, write_profile
from engagements.plans.forms.plans import MoneyField, NumberField, PriceYearField
from engagements.plans.queries.occupations import OccupationMatch, labels_of_occupations, match_occupation

_NOT_IN_FORM = frozenset({"submission", "version"})
_OCCUPATION = re.compile(r"occupation_[0-9]+")
_OCCUPATIONS_AT_FIRST = 2
_ABOUT_OCCUPATIONS = _(
    "For training and other help toward a job. The plan then shows what the job pays around the city, which is not an "
    "effect."
)
_OFFERED = {
    "invalid": "Give whole people, such as 200.",
    "min_value": "At least one person is offered it.",
    "max_value": "Check for extra zeros: more people than live in any city.",
}


# Asked where the evidence moves children: what one of them may gain over a working life.
LIFETIME = (
    "years_of_exposure",
    "rank_change",
    "rank_change_se",
    "causal_low",
    "causal_high",
    "age_profile",
    "age_profile_name",
    "age_profile_year",
)
_YEAR = {"invalid": "Give a year, such as 2019."}


class ProfileField(forms.CharField):
    """Mean earnings by age as pasted, "34, 48000" a line; a list of [age, dollars], None when empty."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})

    def to_python(self, value: object) -> Profile | None:  # type: ignore[override]  # a table, not its text
        typed = super().to_python(value)
        if not typed:
            return None
        rows, problems = parse_profile(typed)
        if problems:
            raise ValidationError(problems)
        return rows

    def prepare_value(self, value):
        return write_profile(value) if isinstance(value, list) else value


class InterventionForm(FoldedForm, VersionedForm):
    """`evidence`: the row of the library it rests on. Without one it has people and a cost and no expected effect.

    `occupations`: codes it has already. `suggestions`: where the fields of occupations find what they suggest; without
    it wages are not loaded and there are no such fields.
    """

    FIRST = ("name", "people", "offered", "takeup", "cost_usd", "cost_basis")
    GIVEN = frozenset({"starts_on", "cost_price_year"})

    name = PlainTextField(label="What will be done", max_length=limits.NAME)
    people = PlainTextField(
        label="Who is offered it", max_length=limits.PHRASE, help_text="One word for them: families, young adults."
    )
    offered = forms.IntegerField(
        label="How many are offered it",
        min_value=1,
        max_value=MOST_PEOPLE_OFFERED,
        error_messages=_OFFERED,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    takeup = NumberField(
        label="Share of them who take part", help_text="Above 0 (nobody), up to 1 (everyone): 0.7 for 70 in 100."
    )
    study_takeup = NumberField(
        label="Share of those offered who took part in the study",
        required=False,
        help_text="Above 0, up to 1. The effect of the offer is scaled by your take-up / the study's. Leave it empty "
        "only if you write below why the study's take-up was the one you plan.",
    )
    itt_reason = PlainTextField(
        label="Where the study's take-up was read, or why it is taken as yours",
        rows=3,
        max_length=limits.LONG_BODY,
        required=False,
        help_text="Needed either way; it stands beside the result.",
    )
    cost_usd = MoneyField(label="Cost in dollars", max_digits=12)
    cost_basis = forms.ChoiceField(label="That is the cost", choices=PlanIntervention.CostBasis.choices)
    cost_price_year = PriceYearField(
        label="In prices of",
        help_text="The plan's price year. Choose another only for a cost published in its dollars.",
    )
    starts_on = DayField(label="Starts on", required=False)
    duration_months = forms.IntegerField(
        label="Lasts so many months",
        min_value=1,
        max_value=MOST_MONTHS,
        initial=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    years_of_exposure = NumberField(
        label="Years of childhood in the new place",
        required=False,
        help_text="For the lifetime earnings of one child who moves: fill in this and all that follows, or none of it. "
        "Of 23 years; a child who moves at 8 spends 15.",
    )
    rank_change = NumberField(
        label="How much higher the new place's rank is",
        required=False,
        help_text="Average adult income percentile of children there less that of children here, as a share: 0.06 for "
        "six percentiles.",
    )
    rank_change_se = NumberField(label="Its standard error", required=False, help_text="As a share too: 0.02.")
    causal_low = NumberField(
        label="Share of the difference that comes from the place, at least",
        required=False,
        help_text="Nobody knows it exactly, so it is a range from 0 to 1. Two versions of the Opportunity Atlas paper "
        f"print {PUBLISHED_SHARES[0]:.2f} and {PUBLISHED_SHARES[1]:.2f}.",
    )
    causal_high = NumberField(label="And at most", required=False)
    age_profile = ProfileField(
        label="Average earnings by age",
        required=False,
        max_length=5_000,
        help_text=f"{HOW} Paste two columns of a table; ages rise by one, from 18 to 70 at most, and include "
        f"{AGE_OF_MEAN}. The portal brings no such table, because none could be checked.",
    )
    age_profile_name = PlainTextField(
        label="Name and source of these earnings",
        required=False,
        max_length=limits.SENTENCE,
        help_text="It stands beside the result: “American Community Survey 2019, workers in Michigan, table S2001”.",
    )
    age_profile_year = forms.IntegerField(
        label="In prices of which year they are",
        required=False,
        min_value=1980,
        max_value=2100,
        error_messages=_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self,
        *args,
        evidence: EvidenceRow | None,
        occupations: Sequence[str] = (),
        suggestions: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self._occupations: list[str] = []
        self._kept = dict(zip(labels_of_occupations(occupations), occupations, strict=True))
        if suggestions:
            self._add_occupation_fields(occupations, suggestions)
        if not wants_study_takeup(evidence):
            del self.fields["study_takeup"]
            del self.fields["itt_reason"]
        if evidence is None or not evidence.moves_children:
            for name in LIFETIME:
                del self.fields[name]
        self.fields["version"].required = bool(self.initial.get("version"))

    def _add_occupation_fields(self, codes: Sequence[str], suggestions: str) -> None:
        """One more than it has, and two at first."""
        labels = tuple(self._kept)
        for number in range(1, min(max(len(codes) + 1, _OCCUPATIONS_AT_FIRST), MOST_OCCUPATIONS) + 1):
            self.fields[f"occupation_{number}"] = forms.CharField(
                label=gettext("Job it leads to"),
                required=False,
                max_length=limits.TITLE + 20,
                initial=labels[number - 1] if number <= len(labels) else "",
                help_text=_ABOUT_OCCUPATIONS if number == 1 else "",
                widget=forms.TextInput(attrs={"autocomplete": "off", "data-suggest": suggestions}),
            )

    def folds(self) -> tuple[Fold, ...]:
        return (
            Fold(_("Who took part in the study"), ("study_takeup", "itt_reason"), is_asked=True),
            Fold(_("Dates and price year"), ("starts_on", "duration_months", "cost_price_year")),
            Fold(_("Jobs it leads to"), tuple(self.occupation_names)),
            Fold(_("Lifetime earnings of a child who moves"), LIFETIME),
        )

    @property
    def occupation_names(self) -> list[str]:
        return [name for name in self.fields if _OCCUPATION.fullmatch(name)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._occupations = []
        for name in self.occupation_names:
            if text := cleaned.get(name, "").strip():
                self._find_occupation(name, text)
        return cleaned

    def _find_occupation(self, name: str, text: str) -> None:
        kept = self._kept.get(text)  # also where no file has it any more
        match = OccupationMatch(kept) if kept else match_occupation(text)
        if match.code is None:
            self.add_error(name, match.problem)
            if match.choices:  # named, so that a click chooses
                options = [(text, gettext("Choose one")), *((label, label) for label in match.choices)]
                self.fields[name].widget = forms.Select(choices=options)
        elif match.code in self._occupations:
            self.add_error(name, gettext("This job is named twice."))
        else:
            self._occupations.append(match.code)

    def refuse(self, refused: ValidationError) -> None:
        """What an action says of the occupations stands at the first of their fields."""
        if hasattr(refused, "error_dict") and "occupations" in refused.error_dict and self.occupation_names:
            refused.error_dict["occupation_1"] = refused.error_dict.pop("occupations")
        super().refuse(refused)

    @property
    def values(self) -> dict[str, object]:
        typed = self.cleaned_data.items()
        found = {name: value for name, value in typed if name not in _NOT_IN_FORM and not _OCCUPATION.fullmatch(name)}
        return found | ({"occupations": self._occupations} if self.occupation_names else {})


def wants_study_takeup(evidence: EvidenceRow | None) -> bool:
    """The effect of an offer whose row doesn't record how many of those offered took part."""
    return evidence is not None and evidence.estimand == "itt" and evidence.study_takeup is None


def initial_of(row: PlanIntervention) -> dict[str, object]:
    """What the form starts from."""
    return {name: getattr(row, name) for name in InterventionForm.base_fields if name != "submission"}

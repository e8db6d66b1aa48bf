"""Plans by sections: what the need is, how much carries over, the money, what is not claimed; and its steps."""

from typing import Any, cast

from django import forms

from engagements import limits
from engagements.base.number_limits import validate_number
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.discussion.forms.updates import UpdateMoveForm
from engagements.evidence.gaps import GAPS
from engagements.models import Transport
from engagements.plans.arithmetic.prices import FIRST_YEAR, LAST_YEAR
from engagements.workflow import PLAN

NOT_MONEY = "Give dollars as a number, such as 250000 or 250,000.50."
NOT_NUMBER = "Give a number, such as 0.7."
_YEARS = [(year, str(year)) for year in range(LAST_YEAR, FIRST_YEAR - 1, -1)]


class MoneyField(forms.DecimalField):
    """Dollars with or without the sign and the commas people write."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        messages = {"invalid": NOT_MONEY, "max_digits": "Check for extra zeros.", "max_decimal_places": NOT_MONEY}
        super().__init__(decimal_places=2, widget=widget, error_messages=messages, **options)

    def to_python(self, value):
        return super().to_python(value.replace("$", "").replace(",", "").strip() if isinstance(value, str) else value)


class NumberField(forms.FloatField):
    def __init__(self, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        messages = {"invalid": NOT_NUMBER}
        super().__init__(widget=widget, error_messages=messages, validators=[validate_number], **options)


class PriceYearField(forms.TypedChoiceField):
    """Years that there is a price index for."""

    def __init__(self, **options):
        super().__init__(choices=_YEARS, coerce=int, **options)


class GapField(forms.ChoiceField):
    """What a city is short of, in the words of the evidence library."""

    def __init__(self, **options):
        choices = [("", "None of these"), *((gap.code, gap.label) for gap in GAPS)]
        super().__init__(
            label="The gap it answers",
            choices=choices,
            required=False,
            help_text="The plan then shows the city's measured value, and the evidence library opens with studies of "
            "such outcomes.",
            **options,
        )


class PlanStartForm(IdempotentForm):
    title = PlainTextField(
        label="Title", max_length=limits.PLAN_TITLE, help_text="What it is called, for example “Help with moving”."
    )
    need = PlainTextField(
        label="The need",
        rows=5,
        max_length=limits.LONG_BODY,
        required=False,
        help_text="What was measured, where, and for whom. The number comes from the portal; you say why it matters.",
    )
    gap = GapField()
    price_year = PriceYearField(
        label="In prices of", initial=LAST_YEAR, help_text="Every cost is shown in this year's."
    )


class NeedForm(VersionedForm):
    title = PlainTextField(label="Title", max_length=limits.PLAN_TITLE)
    need = PlainTextField(
        label="The need",
        rows=8,
        max_length=limits.LONG_BODY,
        required=False,
        help_text="What was measured, where, and for whom, and why it matters here.",
    )
    gap = GapField()
    starts_on = DayField(label="Starts on", required=False)
    ends_on = DayField(label="Ends on", required=False)


class CarryOverForm(VersionedForm):
    """How much of a study's effect to expect here: a distribution, never one number."""

    transport = forms.ChoiceField(
        label="How much of a study's effect to expect here",
        choices=Transport.choices,
        help_text="Nobody knows this exactly, so it is a range. “Unknown” is the honest start: from none to all of it.",
    )
    transport_low = NumberField(label="At least this share", required=False, help_text="From 0, none of the effect.")
    transport_mode = NumberField(label="Most likely this share", required=False, help_text="For the third choice only.")
    transport_high = NumberField(label="At most this share", required=False, help_text="To 1, all of it.")
    transport_reason = PlainTextField(
        label="Why",
        rows=3,
        max_length=limits.REASON,
        required=False,
        help_text="Who was studied, who will be served here, and what differs. Needed unless it is unknown.",
    )
    groups_are_distinct = forms.BooleanField(
        label="Nobody is in two of the interventions",
        required=False,
        help_text="Only then are people and effects on the same outcome added up.",
    )
    distinct_reason = PlainTextField(
        label="Why nobody can be in two", rows=2, max_length=limits.SENTENCE, required=False
    )

    @property
    def changes(self) -> dict[str, object]:
        found = {name: self.cleaned_data[name] for name in self.fields if name not in ("submission", "version")}
        if found["transport"] == "unknown":
            found |= {"transport_low": 0.0, "transport_high": 1.0, "transport_mode": None}
        return found

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if found.get("transport") not in (None, "unknown"):
            for name in ("transport_low", "transport_high"):
                if found.get(name) is None and name not in self.errors:
                    self.add_error(name, "Give this share, from 0 to 1.")
        return found


class MoneyForm(VersionedForm):
    budget_usd = MoneyField(label="Budget in dollars", max_digits=14, required=False)
    cost_per_child_usd = MoneyField(
        label="Cost for each child, to compare areas",
        max_digits=10,
        required=False,
        help_text="What serving one child costs, so that areas can be compared under the budget.",
    )
    price_year = PriceYearField(label="In prices of", help_text="Costs of other years are converted with the CPI-U.")


class ClaimsForm(VersionedForm):
    not_claimed = PlainTextField(
        label="What this plan does not claim, beside what every plan does not",
        rows=5,
        max_length=limits.LONG_BODY,
        required=False,
        help_text="Every plan says that studies made elsewhere do not show that it works here.",
    )


class PlanMoveForm(UpdateMoveForm):
    """A button, as of an update."""

    status = forms.ChoiceField(choices=PLAN.choices, label="Next step")


class CloseForm(VersionedForm):
    what_happened = PlainTextField(
        label="What happened",
        rows=8,
        max_length=limits.LONG_BODY,
        help_text="What was done, for how many people, what was learned and spent, and what comes next.",
    )


class LinksForm(VersionedForm):
    milestones = forms.TypedMultipleChoiceField(
        label="Milestones", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    documents = forms.TypedMultipleChoiceField(
        label="Documents", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, milestones: list[tuple[int, str]], documents: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (("milestones", milestones), ("documents", documents)):
            cast(forms.ChoiceField, self.fields[name]).choices = choices


class PublicForm(VersionedForm):
    """One button; what it does is sent along, so that a second click does not do the opposite."""

    is_public = forms.ChoiceField(choices=[("yes", "Public"), ("no", "Not public")], widget=forms.HiddenInput)

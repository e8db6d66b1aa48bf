"""Money: an entry, its reversal, where it works, and budgets."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.form_layout import Fold, FoldedForm
from engagements.base.queries.tracts_to_pick import TractsToPick
from engagements.base.tract_picker import PickedTractsField, as_picked
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField
from engagements.money.queries.choices import MoneyChoices
from engagements.money.rules.amounts import read_amount
from engagements.money.rules.checks import OLDEST_PRICES
from engagements.money.rules.stages import STAGES
from engagements.money.rules.sums import first_day_of
from engagements.money.rules.tracts import shares_of_picked


class AmountField(PlainTextField):
    """Dollars as people write them."""

    def __init__(self, **options):
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)

    def clean(self, value) -> Decimal:
        try:
            return read_amount(super().clean(value))
        except ValueError as refused:
            raise ValidationError(str(refused)) from refused


class BookedDay(DayField):
    """3/2/2026 may be March or February: only a day with one meaning is booked."""

    def __init__(self, **options):
        super().__init__(input_formats=["%Y-%m-%d"], **options)


class TractsField(PickedTractsField):
    """Cleans to shares by GEOID, together 1."""

    def __init__(self, **options):
        super().__init__(has_shares=True, **options)

    def clean(self, value) -> dict[str, Decimal]:
        geoids = super().clean(value)
        try:
            return shares_of_picked(geoids, as_picked(value).percents or {})
        except ValueError as refused:
            raise ValidationError(str(refused)) from refused


class ChoiceOf(forms.TypedChoiceField):
    """One of (id, name) pairs, or nothing where it isn't required."""

    def __init__(self, *, none: str = "", **options):
        super().__init__(coerce=int, empty_value=None, **options)
        self.none = none

    def offer(self, pairs: Iterable[tuple[int, str]]) -> None:
        self.choices = [("", self.none or "Choose"), *pairs]


class PriceYearField(forms.IntegerField):
    def __init__(self):
        super().__init__(
            label="Price year",
            required=False,
            min_value=OLDEST_PRICES,
            max_value=2100,
            help_text="The year whose dollars these are. Empty: the year of the date.",
        )


class EntryForm(FoldedForm, IdempotentForm):
    FIRST = ("stage", "amount", "occurred_on", "funder", "payee", "description")
    WIDE = frozenset({"stage", "description"})
    FOLDS = (
        Fold(_("Where the money works"), ("tracts",)),
        Fold(_("Plan, project and milestone"), ("plan", "project", "milestone")),
        Fold(
            _("Payee’s address, prices and finance system"),
            ("payee_address", "price_year", "source_system", "external_id"),
        ),
    )

    stage = forms.ChoiceField(
        label="Stage", choices=[("", "Choose"), *((m.value, f"{m.label}: {m.definition}") for m in STAGES)]
    )
    amount = AmountField(label="Amount in dollars", help_text="Above 0, such as 1,200.50.")
    occurred_on = BookedDay(label="Date", help_text="The day it was booked.")
    funder = ChoiceOf(label="Whose money it is")
    payee = PlainTextField(label="Payee", max_length=limits.NAME, required=False, help_text="Funders do not see it.")
    payee_address = PlainTextField(
        label="Payee's address",
        max_length=limits.POSTAL_ADDRESS,
        required=False,
        help_text="Where the payee is. Where the money works is said below.",
    )
    description = PlainTextField(
        label="What it is for", max_length=limits.SENTENCE, required=False, help_text="Funders do not see it."
    )
    tracts = TractsField(label="Neighborhoods it serves", required=False)
    plan = ChoiceOf(label="Plan", required=False, none="No plan")
    project = ChoiceOf(
        label="Project it pays for",
        required=False,
        none="The plan’s project, if it has one",
        help_text="What is known of the project is then what is known of these dollars.",
    )
    milestone = ChoiceOf(label="Milestone", required=False, none="No milestone")
    price_year = PriceYearField()
    source_system = PlainTextField(label="Finance system", max_length=limits.SOURCE_SYSTEM, required=False)
    external_id = PlainTextField(
        label="Number there", max_length=limits.EXTERNAL_ID, required=False, help_text="Each number is entered once."
    )
    is_another = forms.BooleanField(label="It is another entry", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, choices: MoneyChoices, tracts: TractsToPick | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if tracts is not None:
            typed_field(self, "tracts", TractsField).offer_tracts(tracts)
        typed_field(self, "funder", ChoiceOf).offer(choices.funders)
        if len(choices.funders) == 1:
            self.fields["funder"].initial = choices.funders[0][0]
        for name, offered in (
            ("plan", choices.plans),
            ("project", choices.projects),
            ("milestone", choices.milestones),
        ):
            if name in self.fields:
                typed_field(self, name, ChoiceOf).offer(offered)
        if self.data.get("is_another"):
            self.fields["is_another"].widget = forms.CheckboxInput()

    def refuse(self, refused: ValidationError) -> None:
        super().refuse(refused)
        if "is_another" in self.errors:
            self.fields["is_another"].widget = forms.CheckboxInput()


class InitiativeEntryForm(EntryForm):
    """Of a whole initiative: what belongs to one city is not asked."""

    tracts = plan = project = milestone = None  # type: ignore[assignment] # Django: None takes an inherited field away
    payee_address = PlainTextField(label="Payee's address", max_length=limits.POSTAL_ADDRESS, required=False)


class ReverseForm(IdempotentForm):
    why = PlainTextField(
        label="Why it is taken back", max_length=limits.WHY, help_text="It stays in the ledger with the reversal."
    )
    occurred_on = BookedDay(label="Date", help_text="The day the reversal was booked.")
    external_id = PlainTextField(
        label="Number of the reversal in the finance system", max_length=limits.EXTERNAL_ID, required=False
    )


class PlaceForm(IdempotentForm):
    tracts = TractsField(label="Neighborhoods it serves")
    why = PlainTextField(label="How that is known", max_length=limits.WHY, required=False)

    def __init__(self, *args, tracts: TractsToPick, **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "tracts", TractsField).offer_tracts(tracts)


class BudgetForm(IdempotentForm):
    name = PlainTextField(label="What the budget is for", max_length=limits.BUDGET_NAME)
    amount_usd = AmountField(label="Amount in dollars")
    period_start = forms.TypedChoiceField(label="First quarter", coerce=date.fromisoformat)
    period_end = forms.TypedChoiceField(label="Last quarter", coerce=date.fromisoformat)
    plan = ChoiceOf(label="Plan", required=False, none="Any")
    funder = ChoiceOf(label="Funder", required=False, none="Any")
    price_year = PriceYearField()

    def __init__(self, *args, choices: MoneyChoices, around: date, **kwargs):
        super().__init__(*args, **kwargs)
        quarters = [(year, part) for year in range(around.year - 6, around.year + 8) for part in (1, 2, 3, 4)]
        typed_field(self, "period_start", forms.TypedChoiceField).choices = [
            (first_day_of(q).isoformat(), f"Q{q[1]} {q[0]}") for q in quarters
        ]
        typed_field(self, "period_end", forms.TypedChoiceField).choices = [
            (last_day(*q).isoformat(), f"Q{q[1]} {q[0]}") for q in quarters
        ]
        typed_field(self, "plan", ChoiceOf).offer(choices.plans)
        typed_field(self, "funder", ChoiceOf).offer(choices.funders)


class BudgetChangeForm(BudgetForm):
    why = PlainTextField(label="Why it changes", max_length=limits.WHY, help_text="It stays in the history.")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def last_day(year: int, quarter: int) -> date:
    return first_day_of((year + quarter // 4, quarter % 4 + 1)) - timedelta(days=1)

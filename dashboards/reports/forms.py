"""What a button that asks for a report sends."""

from datetime import datetime

from django import forms
from django.utils import timezone

from engagements import limits
from engagements.discussion.forms.base import IdempotentForm
from engagements.models import Report
from engagements.portfolio.queries.portfolio import WrongFilter, read_as_of


class AskForm(IdempotentForm):
    """`initiative` (slug) for a portfolio's report, `plan` (id) for a plan's."""

    kind = forms.ChoiceField(choices=Report.Kind.choices)
    initiative = forms.SlugField(required=False)
    plan = forms.IntegerField(required=False, min_value=1)
    query = forms.CharField(required=False, max_length=limits.FILTER_QUERY)
    as_of = forms.CharField(required=False, max_length=40)

    def clean_as_of(self) -> datetime | None:
        """A day means all that was known when it ended, as in the address of a portfolio; today means now."""
        try:
            return read_as_of(self.cleaned_data["as_of"], timezone.now())
        except WrongFilter as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    @property
    def problems(self) -> str:
        """What was wrong, in one line above the page one came from."""
        return " ".join(str(line) for lines in self.errors.values() for line in lines)

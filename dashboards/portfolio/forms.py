"""A link for someone without an account."""

from django import forms

from dashboards.base.form_choices import set_choices
from engagements import limits
from engagements.discussion.forms.base import IdempotentForm, PlainTextField

DAYS = [(7, "a week"), (30, "30 days"), (90, "90 days"), (365, "a year")]


class ShareForm(IdempotentForm):
    label = PlainTextField(
        label="For whom", max_length=limits.SHORT_NAME, help_text="They see this above the page, and you in the list."
    )
    days = forms.TypedChoiceField(label="Works for", coerce=int, choices=DAYS, initial=30)
    moment = forms.ChoiceField(label="What it shows", widget=forms.RadioSelect)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=limits.FILTER_QUERY)
    as_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args, moments: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "moment", moments)
        self.fields["moment"].initial = moments[0][0]

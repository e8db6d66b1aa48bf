"""What a button that asks for a report sends."""

from django import forms

from engagements.forms.talk_base import TalkForm
from engagements.models import Report


class AskForm(TalkForm):
    """`initiative` (slug) for a portfolio's report, `plan` (id) for a plan's."""

    kind = forms.ChoiceField(choices=Report.Kind.choices)
    initiative = forms.SlugField(required=False)
    plan = forms.IntegerField(required=False, min_value=1)
    query = forms.CharField(required=False, max_length=500)
    as_of = forms.DateTimeField(required=False)

    @property
    def problems(self) -> str:
        """What was wrong, in one line above the page one came from."""
        return " ".join(line for lines in self.errors.values() for line in lines)

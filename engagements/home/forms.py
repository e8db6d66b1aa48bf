"""The engagement itself: its dated status, and its frame."""

from django import forms

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.models.engagement import Precision


class StatusForm(IdempotentForm):
    status = forms.ChoiceField(label="New status")
    began_on = DayField(label="Since", help_text="The first day of the month where only the month is known.")
    precision = forms.ChoiceField(label="How exactly that is known", choices=Precision.choices)
    source = PlainTextField(label="Where this is recorded", max_length=limits.CITATION)

    def __init__(self, *args, states: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "status", forms.ChoiceField).choices = states


class EngagementForm(VersionedForm):
    theme = PlainTextField(label="Theme", max_length=limits.SHORT_NAME, required=False)
    project = PlainTextField(label="What is being done", rows=4, max_length=limits.DEFINITION, required=False)
    project_source = PlainTextField(label="Where that is recorded", max_length=limits.CITATION, required=False)
    starts_on = DayField(label="Start", required=False, help_text="No milestone may be due before it.")
    ends_on = DayField(label="End", required=False)
    needs_approval = forms.BooleanField(label="Milestones are done once a lead approves", required=False)
    why = PlainTextField(label="Why it changes", max_length=limits.WHY, help_text="It stays in the history.")

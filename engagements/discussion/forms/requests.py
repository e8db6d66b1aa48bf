"""Questions to experts, their answers, and problems with a number."""

from datetime import date, timedelta

from django import forms

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.models.requests import check_local_path

USUAL = timedelta(days=14)


class PagePath(forms.CharField):
    """A page of this portal, with the panel behind “#”; a whole address of this portal is cut to its path."""

    default_validators = [check_local_path]

    def __init__(self, *, origin: str = "", **options):
        super().__init__(max_length=limits.PANEL_PATH, **options)
        self.origin = origin

    def to_python(self, value):
        found = super().to_python(value) or ""
        return found.removeprefix(self.origin) if self.origin else found


class AskForm(IdempotentForm):
    question = PlainTextField(label="Question", rows=5, max_length=limits.BODY)
    due_on = DayField(label="Answer needed by")
    owner = forms.TypedChoiceField(
        label="Who should answer",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Nobody chosen: every expert of this engagement is told.",
    )
    milestone = forms.TypedChoiceField(label="For which milestone", coerce=int, empty_value=None, required=False)
    panel_path = PagePath(
        label="About which page", required=False, help_text="“Link to this” under a figure gives its address."
    )

    def __init__(self, *args, experts, milestones, origin: str, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "owner", forms.TypedChoiceField).choices = [("", "Any expert"), *experts]
        typed_field(self, "milestone", forms.TypedChoiceField).choices = [("", "None"), *milestones]
        typed_field(self, "panel_path", PagePath).origin = origin
        self.fields["due_on"].initial = today + USUAL


class ProblemForm(IdempotentForm):
    what = PlainTextField(label="What is wrong with the number", rows=5, max_length=limits.BODY)


class AnswerForm(VersionedForm):
    answer = PlainTextField(label="Answer", rows=8, max_length=limits.LONG_BODY)


class AssignForm(VersionedForm):
    owner = forms.TypedChoiceField(label="Who answers", coerce=int)

    def __init__(self, *args, experts, **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "owner", forms.TypedChoiceField).choices = experts


class CloseForm(VersionedForm):
    why = PlainTextField(label="Why", max_length=limits.WHY, required=False)


class ReopenForm(VersionedForm):
    why = PlainTextField(label="What is still open", max_length=limits.WHY)

"""Local notes."""

from django import forms
from django.core.validators import RegexValidator

from engagements import limits
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm


class _NoteFields(forms.Form):
    body = PlainTextField(
        label="What happened", rows=5, max_length=limits.LOCAL_NOTE, help_text="Everyone reads it, with your name."
    )
    began_on = DayField(label="When it happened or began")
    ended_on = DayField(label="When it ended", required=False)
    source = PlainTextField(label="Where one can read about it", max_length=limits.CITATION, required=False)

    def clean(self):
        super().clean()
        found = self.cleaned_data
        began, ended = found.get("began_on"), found.get("ended_on")
        if began and ended and ended < began:
            self.add_error("ended_on", "The end is before the beginning.")
        return found


class NoteForm(_NoteFields, IdempotentForm):
    tract_geoid = PlainTextField(
        label="About one tract",
        required=False,
        max_length=11,
        help_text="Its 11-digit code; empty: the whole city.",
        validators=[RegexValidator(r"\A[0-9]{11}\Z", "A tract's code has 11 digits, such as 26163517000.")],
    )

    field_order = ["body", "tract_geoid", "began_on", "ended_on", "source"]


class NoteChangeForm(_NoteFields, VersionedForm):
    field_order = ["body", "began_on", "ended_on", "source"]

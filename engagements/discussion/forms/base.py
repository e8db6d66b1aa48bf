"""Base classes of forms: one row per submission, the version that was seen, errors of an action at their field."""

import unicodedata
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from engagements import limits


class PlainTextField(forms.CharField):
    """What people write: line breaks and tabs, no other control characters.

    The browser gets `data-limit` and counts: its own `maxlength` would cut what is pasted without a word. Too long a
    text comes back with its reason, whole.
    """

    def __init__(self, *, rows: int = 0, **options):
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**options)

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs | ({"data-limit": str(self.max_length)} if self.max_length else {})

    def to_python(self, value):
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def clean(self, value):
        cleaned = super().clean(value)
        if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in cleaned):
            raise ValidationError("Leave out control characters: they can't be shown.")
        return cleaned


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Give a day such as 2026-11-23."}


class IdempotentForm(forms.Form):
    """`submission` identifies one showing of the form: a second click returns what the first one made."""

    required_css_class = "required"
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid4

    def refuse(self, refused: ValidationError) -> None:
        """Shows the errors of an action at the fields they name, or above the form."""
        found = refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
        for name, lines in found.items():
            for line in lines:
                self.add_error(name if name in self.fields else None, line)


class VersionedForm(IdempotentForm):
    """To change a row: `version` is the one the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReasonForm(VersionedForm):
    """To archive something: it stays in the history, with the reason."""

    why = PlainTextField(label="Why", max_length=limits.WHY, help_text="It stays in the history with this reason.")

"""Choosing what is shared, and the days of an export."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField
from engagements.models.public_records import RecordMark, WithheldReason


class FilterForm(forms.Form):
    """Of the list; what can't be read filters nothing."""

    kind = forms.CharField(required=False)
    mark = forms.ChoiceField(required=False, choices=[("", ""), *RecordMark.choices])
    first = DayField(required=False, label=_("From"))
    last = DayField(required=False, label=_("To"))


class MarkForm(forms.Form):
    """`things`: noun:id of each ticked entry."""

    mark = forms.ChoiceField(choices=RecordMark.choices)
    reason = forms.ChoiceField(required=False, choices=[("", ""), *WithheldReason.choices])
    words = PlainTextField(required=False, max_length=limits.WHY)

    def __init__(self, data, things: list[str]):
        super().__init__(data)
        self.given = things
        self.things: list[tuple[str, int]] = []

    def clean(self):
        super().clean()
        for each in self.given:
            noun, _colon, pk = each.partition(":")
            if not (pk.isascii() and pk.isdigit() and len(pk) < 16):
                raise forms.ValidationError(_("One of the chosen entries can’t be read. Choose again."))
            self.things.append((noun, int(pk)))
        return self.cleaned_data

    @property
    def problems(self) -> str:
        return " ".join(str(line) for lines in self.errors.values() for line in lines)


class ExportForm(IdempotentForm):
    first = DayField(label=_("From"))
    last = DayField(label=_("To"))

    def clean(self):
        super().clean()
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day is before the first."))
        return self.cleaned_data


class WholeRecordForm(IdempotentForm):
    """A button: nothing to fill in."""

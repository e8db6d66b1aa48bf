"""Fields the forms of results share."""

from django import forms

from engagements import limits
from engagements.base.tables.cells import read_number, read_whole
from engagements.discussion.forms.base import PlainTextField


class PlainNumber(forms.CharField):
    """As tables read numbers: no commas, no currency signs, nothing that may mean two things."""

    def __init__(self, *, read=read_number, **options):
        self.read = read
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(required=False, max_length=30, widget=widget, **options)

    def clean(self, value):
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def prepare_value(self, value):
        return int(value) if isinstance(value, float) and value.is_integer() else value


def number_field(label, hint="") -> PlainNumber:
    return PlainNumber(label=label, help_text=hint)


def whole_field(label, hint="") -> PlainNumber:
    return PlainNumber(read=read_whole, label=label, help_text=hint)


def text_field(label, hint="", *, most=limits.DEFINITION, rows=0, required=False) -> PlainTextField:
    return PlainTextField(label=label, help_text=hint, max_length=most, rows=rows, required=required)

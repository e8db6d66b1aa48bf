"""A table of values that arrives."""

from django import forms

from engagements.forms.exchange import TableForm, TriedForm
from engagements.imports.indicator_values import read_value_wishes


class ValuesTableForm(TableForm):
    reader = staticmethod(read_value_wishes)
    file = forms.FileField(
        label="Your table", allow_empty_file=True, error_messages={"required": "Choose a .csv or .xlsx file."}
    )


class ValuesTriedForm(TriedForm):
    reader = staticmethod(read_value_wishes)

"""A table of values that arrives."""

from django import forms

from engagements.indicators.import_rows import read_value_import_rows
from engagements.milestones.forms.imports import TableForm, TriedForm


class ValuesTableForm(TableForm):
    reader = staticmethod(read_value_import_rows)
    file = forms.FileField(
        label="Your table", allow_empty_file=True, error_messages={"required": "Choose a .csv or .xlsx file."}
    )


class ValuesTriedForm(TriedForm):
    reader = staticmethod(read_value_import_rows)

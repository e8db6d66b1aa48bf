"""A finance table that arrives, how it is read, and what a person ticked of it."""

import json

from django import forms
from django.core.exceptions import ValidationError

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.table_import.forms import TableForm, TriedForm
from engagements.base.tables.table import LEDGER, TableRefused
from engagements.discussion.forms.base import PlainTextField
from engagements.models import LedgerMapping
from engagements.money.import_rows import ReadRows, read_ledger
from engagements.money.rules.mapping import (
    DATE_ORDERS,
    DECIMAL_MARKS,
    FIELDS,
    MAX_TEXT,
    NEGATIVES,
    NEVER_CONSTANT,
    Mapping,
    MappingRefused,
    from_json,
    label,
    parse_stage_words,
    suggest,
)


class LedgerTableForm(TableForm):
    """Once valid, also where a saved one was chosen, `saved` with its `mapping`."""

    file = forms.FileField(
        label="The finance system's table",
        allow_empty_file=True,
        error_messages={"required": "Choose a .csv or .xlsx file."},
    )
    saved = forms.TypedChoiceField(label="How to read it", coerce=int, empty_value=None, required=False)

    def __init__(self, *args, mappings: tuple[LedgerMapping, ...], **kwargs):
        super().__init__(*args, table_kind=LEDGER, **kwargs)
        self.known = {row.pk: row for row in mappings}
        named = [(row.pk, f"As “{row.name}”") for row in mappings]
        typed_field(self, "saved", forms.TypedChoiceField).choices = [("", "I will say which column is what"), *named]

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if found.get("saved") and "file" in found:
            saved = self.known[found["saved"]]
            try:
                self.mapping = from_json(saved.columns)
                read_ledger(self.table, self.mapping)
            except (MappingRefused, TableRefused) as refused:
                self.add_error("saved", str(refused))
        return found


class MappingForm(forms.Form):
    """Which column is what. Once valid: `mapping`."""

    date_order = forms.ChoiceField(label="Dates look like", choices=DATE_ORDERS)
    decimal_mark = forms.ChoiceField(label="Amounts look like", choices=DECIMAL_MARKS)
    negatives = forms.ChoiceField(label="A negative amount", choices=NEGATIVES)
    stage_words = PlainTextField(
        label="The finance system's words for stages",
        rows=3,
        max_length=5_000,
        required=False,
        help_text="One a line: Encumbrance = obligated.",
    )
    source_system = PlainTextField(
        label="Finance system",
        max_length=limits.SOURCE_SYSTEM,
        help_text="Its numbers are looked for under this name in later tables.",
    )
    name = PlainTextField(
        label="Save this reading as",
        max_length=limits.SHORT_NAME,
        required=False,
        help_text="Next month you choose it.",
    )

    def __init__(self, *args, header: tuple[str, ...], **kwargs):
        super().__init__(*args, **kwargs)
        found = suggest(header)
        columns = [("", "No column"), *((name, name) for name in header)]
        for name, words in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label(name), choices=columns, required=False, initial=found.get(name, ""), help_text=words
            )
            if name not in NEVER_CONSTANT:
                self.fields[f"text_{name}"] = PlainTextField(
                    label=f"{label(name)}: the same text for all rows", max_length=MAX_TEXT, required=False
                )

    @property
    def rows(self):
        """(column field, text field or None), as the page lists them."""
        return [
            (self[f"column_{name}"], self[f"text_{name}"] if f"text_{name}" in self.fields else None) for name in FIELDS
        ]

    def clean(self):
        super().clean()
        found = self.cleaned_data
        try:
            self.mapping = Mapping(
                columns={name: found[f"column_{name}"] for name in FIELDS if found.get(f"column_{name}")},
                constants={name: found[f"text_{name}"] for name in FIELDS if found.get(f"text_{name}")},
                stage_words=parse_stage_words(found.get("stage_words", "")),
                **{name: found.get(name, "") for name in ("date_order", "decimal_mark", "negatives")},
            )
        except MappingRefused as refused:
            for part, sentence in refused.problems:
                field = f"column_{part}" if f"column_{part}" in self.fields else part if part in self.fields else None
                self.add_error(field, sentence)
        return found


class LedgerTriedForm(TriedForm):
    """Also how it was read and what was ticked. Once valid: `reading` (the mapping), `read`, `lines`."""

    mapping = forms.CharField()
    source_system = forms.CharField(max_length=limits.SOURCE_SYSTEM, required=False)
    ticked = forms.TypedMultipleChoiceField(coerce=int, required=False)
    reading: Mapping
    read: ReadRows

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = self.data.getlist("ticked") if hasattr(self.data, "getlist") else ()
        lines = [text for text in given if text.isascii() and text.isdecimal() and len(text) < 8]
        typed_field(self, "ticked", forms.TypedMultipleChoiceField).choices = [(text, text) for text in lines]

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if "table" in found and "mapping" in found:
            try:
                self.reading = from_json(found["mapping"])
                self.read = read_ledger(self.brought, self.reading)
            except (MappingRefused, TableRefused) as refused:
                raise ValidationError(str(refused)) from refused
        return found

    @property
    def lines(self) -> frozenset[int]:
        return frozenset(self.cleaned_data.get("ticked", ()))


def mapping_text(mapping: Mapping) -> str:
    return json.dumps(mapping.to_json())

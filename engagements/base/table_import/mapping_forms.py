"""A file that arrives, with a saved mapping or without, and the page on which its columns get their meaning."""

import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.table_import.forms import TableForm, TriedForm
from engagements.base.table_import.tools import tool_of
from engagements.base.tables.mapping import (
    LEAVE,
    MAX_TEXT,
    Declaration,
    Field,
    Mapping,
    MappingRefused,
    date_question,
    from_json,
    meaning_of,
    own_mapping,
    plain_word,
    suggest,
    unknown_words,
    words_in,
)
from engagements.base.tables.table import ADDED, Table, TableRefused
from engagements.models import TableMapping

# Added where a table has them: our own numbers in what we exported in a tool's columns.
OURS = {"id": "portal_id", "version": "portal_version"}


class MappedTableForm(TableForm):
    """Once valid: `table`, `kind`, and the `mapping` it can be read by at once, or None where a person is asked first.

    `saved`: the saved one that was chosen; `draft`: the mapping to begin with on the page that asks.
    """

    saved = forms.TypedChoiceField(label=gettext_lazy("How to read it"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args, declared: Declaration, mappings: tuple[TableMapping, ...], **kwargs):
        super().__init__(*args, table_kind=declared.kind, **kwargs)
        self.declared, self.known = declared, {row.pk: row for row in mappings}
        named = [(row.pk, _("As “{name}”").format(name=row.name)) for row in mappings]
        typed_field(self, "saved", forms.TypedChoiceField).choices = [
            ("", _("Look at its column names")),
            *named,
        ]
        self.mapping: Mapping | None = None
        self.draft: Mapping | None = None
        self.source_system = ""

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if "file" not in found:
            return found
        if found.get("saved"):
            self._read_saved(self.known[found["saved"]])
        elif self.declared.is_own(self.table.header):
            self.mapping = own_mapping(self.declared, self.table.header)
        return found

    def _read_saved(self, saved: TableMapping) -> None:
        self.source_system = saved.source_system
        try:
            self.draft = with_our_numbers(
                without_added(from_json(self.declared, saved.columns), self.table), self.table
            )
            self.draft.check_header(self.table)
        except (MappingRefused, TableRefused) as refused:
            self.add_error("saved", str(refused))
            return
        if not open_words(self.table, self.draft):
            self.mapping = self.draft


class MappingForm(forms.Form):
    """Which column is what, which word means what, and how dates are written. Once valid: `mapping`.

    With words or an order of dates that nobody explained yet it isn't valid, and asks for them.
    """

    source_system = forms.CharField(
        label=gettext_lazy("Where the table comes from"),
        max_length=limits.SOURCE_SYSTEM,
        help_text=gettext_lazy("Its rows are known again under this name when you import the table again."),
    )
    name = forms.CharField(
        label=gettext_lazy("Save these choices as"),
        max_length=limits.SHORT_NAME,
        required=False,
        help_text=gettext_lazy("Next time you choose it, and only new words are asked for."),
    )

    def __init__(self, *args, declared: Declaration, table: Table, draft: Mapping | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.declared, self.table = declared, table
        self.found = dict(draft.columns) if draft else suggest(declared, table.header)
        self.draft = draft
        self.date_question = ""
        self.fields["source_system"].initial = tool_of(table.header) or _("Spreadsheet")
        self._add_columns()
        self._add_options()
        self._add_words()

    def _add_columns(self) -> None:
        titles = self.table.titles or self.table.header
        columns = [("", _("No column")), *zip(self.table.header, titles, strict=True)]
        for each in self.declared.fields:
            self.fields[f"column_{each.name}"] = forms.ChoiceField(
                label=each.label,
                choices=columns,
                required=False,
                initial=self.found.get(each.name, ""),
                help_text=each.help,
            )
            if not each.differs:
                self.fields[f"text_{each.name}"] = self._constant(each)

    def _constant(self, each: Field) -> forms.Field:
        initial = self.draft.constants.get(each.name, "") if self.draft else ""
        label = _("{label}: the same for all rows").format(label=each.label)
        if each.choices:
            choices = [("", _("Nothing")), *each.choices]
            return forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)
        return forms.CharField(label=label, max_length=MAX_TEXT, required=False, initial=initial)

    def _add_options(self) -> None:
        columns = self._columns()
        for option in self.declared.options:
            initial = self.draft.options[option.name] if self.draft else option.choices[0][0]
            choices = list(option.choices)
            if option.name == "date_order" and not self.draft:
                initial, self.date_question = date_question(self.declared, self.table, columns)
                if self.date_question:
                    choices = [("", _("Choose")), *choices]
            self.fields[option.name] = forms.ChoiceField(label=option.label, choices=choices, initial=initial)

    def _add_words(self) -> None:
        """A choice for each word of a column whose cells must be one of a few things."""
        self.words: dict[str, list[tuple[str, str]]] = {}
        columns = self._columns()
        for each in self.declared.fields:
            column = columns.get(each.name)
            if not each.choices or column not in self.table.header:
                continue
            for word in words_in(self.table, column):
                if len(word) > MAX_TEXT:
                    continue
                name = word_field(each.name, word)
                saved = self.draft.words.get(each.name, {}).get(plain_word(word)) if self.draft else None
                self.fields[name] = forms.ChoiceField(
                    label=word,
                    choices=[("", _("Choose")), *each.choices, (LEAVE, _("Leave it empty"))],
                    required=False,
                    initial=saved or meaning_of(each, word) or "",
                )
                self.words.setdefault(each.name, []).append((name, word))

    def _columns(self) -> dict[str, str]:
        if not self.is_bound:
            return self.found
        named = ((each.name, self.data.get(f"column_{each.name}", "")) for each in self.declared.fields)
        return {name: column for name, column in named if column}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each field with its column, its text for all rows and its words, as the page lists them."""
        return [self._row(each) for each in self.declared.fields]

    def _row(self, each: Field) -> dict[str, Any]:
        constant = self[f"text_{each.name}"] if f"text_{each.name}" in self.fields else None
        column = self[f"column_{each.name}"]
        words = [self[name] for name, _word in self.words.get(each.name, ())]
        is_used = bool(column.value() or (constant and constant.value()))
        has_errors = bool(column.errors or (constant and constant.errors) or any(word.errors for word in words))
        return {
            "column": column,
            "constant": constant,
            "words": words,
            "required": each.required,
            "is_open": is_used or each.required or has_errors,
        }

    @property
    def first_rows(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["is_open"]]

    @property
    def other_rows(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if not row["is_open"]]

    @property
    def option_fields(self) -> list[forms.BoundField]:
        return [self[option.name] for option in self.declared.options]

    def clean(self):
        super().clean()
        found = self.cleaned_data
        names = self.declared.names
        words = self._words_said(found)
        try:
            self.mapping = with_our_numbers(
                Mapping(
                    self.declared,
                    columns={name: found[f"column_{name}"] for name in names if found.get(f"column_{name}")},
                    constants={name: found[f"text_{name}"] for name in names if found.get(f"text_{name}")},
                    words=words,
                    options={o.name: found[o.name] for o in self.declared.options if found.get(o.name)},
                    titles=dict(zip(self.table.header, self.table.titles or self.table.header, strict=True)),
                ),
                self.table,
            )
        except MappingRefused as refused:
            for part, sentence in refused.problems:
                field = f"column_{part}" if f"column_{part}" in self.fields else part if part in self.fields else None
                self.add_error(field, sentence)
        return found

    def _words_said(self, found: dict[str, Any]) -> dict[str, dict[str, str]]:
        said: dict[str, dict[str, str]] = {}
        for field, words in self.words.items():
            each = self.declared.field(field)
            for name, word in words:
                # A word that means itself needs no answer; a field the page did not show yet takes what tools mean.
                chosen = found.get(name) or ("" if name in self.data else (each and meaning_of(each, word)) or "")
                if chosen:
                    said.setdefault(field, {})[plain_word(word)] = chosen
                else:
                    self.add_error(name, _("Say what “{word}” means.").format(word=word[:40]))
        return said


class MappedTriedForm(TriedForm):
    """Also how it was read and what was answered. Once valid: `reading` (the mapping), `lines`, `source_system`."""

    mapping = forms.CharField()
    source_system = forms.CharField(max_length=limits.SOURCE_SYSTEM, required=False)
    ticked = forms.TypedMultipleChoiceField(coerce=int, required=False)
    reading: Mapping

    def __init__(self, *args, declared: Declaration, **kwargs):
        super().__init__(*args, **kwargs)
        self.declared = declared
        given = self.data.getlist("ticked") if hasattr(self.data, "getlist") else ()
        lines = [text for text in given if text.isascii() and text.isdecimal() and len(text) < 8]
        typed_field(self, "ticked", forms.TypedMultipleChoiceField).choices = [(text, text) for text in lines]

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if "table" in found and "mapping" in found:
            try:
                self.reading = self._with_answers(from_json(self.declared, found["mapping"]))
                self.reading.check_header(self.brought)
            except (MappingRefused, TableRefused) as refused:
                raise ValidationError(str(refused)) from refused
        return found

    def _with_answers(self, mapping: Mapping) -> Mapping:
        """Answers given for all rows once they were shown, such as why dates move."""
        answers = {
            each.name: self.data[f"answer_{each.name}"].strip()
            for each in self.declared.fields
            if each.in_preview and str(self.data.get(f"answer_{each.name}", "")).strip()
        }
        if not answers:
            return mapping
        columns = {name: column for name, column in mapping.columns.items() if name not in answers}
        constants = mapping.constants | answers
        return Mapping(mapping.of, columns, constants, mapping.words, mapping.options, mapping.titles)

    @property
    def lines(self) -> frozenset[int]:
        return frozenset(self.cleaned_data.get("ticked", ()))


def mapping_text(mapping: Mapping) -> str:
    return json.dumps(mapping.to_json())


def word_field(field: str, word: str) -> str:
    """The name of the form's field that asks for a word: the same as long as the word is."""
    return f"word_{field}_{hashlib.sha256(plain_word(word).encode()).hexdigest()[:12]}"


def with_our_numbers(mapping: Mapping, table: Table) -> Mapping:
    """A table in a tool's columns that we exported also has our numbers: rows are known by them."""
    ours = {
        name: column
        for name, column in OURS.items()
        if mapping.of.field(name) and not mapping.has(name) and column in table.header
    }
    if not ours:
        return mapping
    return Mapping(
        mapping.of, mapping.columns | ours, mapping.constants, mapping.words, mapping.options, mapping.titles
    )


def without_added(mapping: Mapping, table: Table) -> Mapping:
    """A table without the hierarchy or the groups that the saved one had is read without them."""
    gone = {name for name, column in mapping.columns.items() if column in ADDED and column not in table.header}
    if not gone:
        return mapping
    columns = {name: column for name, column in mapping.columns.items() if name not in gone}
    return Mapping(mapping.of, columns, mapping.constants, mapping.words, mapping.options, mapping.titles)


def open_words(table: Table, mapping: Mapping) -> bool:
    """Whether the table has words that neither the mapping nor a tool's custom explains."""
    for name, words in unknown_words(table, mapping).items():
        each = mapping.of.field(name)
        if each and any(meaning_of(each, word) is None for word in words):
            return True
    return False

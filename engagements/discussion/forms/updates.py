"""Quarterly updates."""

from datetime import date

from django import forms

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.discussion.forms.base import IdempotentForm, PlainTextField, VersionedForm
from engagements.workflow import UPDATE

LABELS = {
    "what_we_did": ("What we did", "Steps taken this quarter, with their dates."),
    "what_we_learned": ("What we learned", "What surprised you, and how you know."),
    "what_we_changed": ("What we changed", "What is done differently because of it."),
    "what_we_need": ("What we need", "From whom, by when."),
}


def text_fields() -> dict[str, PlainTextField]:
    return {
        name: PlainTextField(label=label, help_text=hint, rows=6, max_length=limits.LONG_BODY, required=False)
        for name, (label, hint) in LABELS.items()
    }


def last_quarter(today: date) -> tuple[int, int]:
    """(year, quarter) most recently begun."""
    return today.year, (today.month + 2) // 3


class UpdateStartForm(IdempotentForm):
    """A quarter and the four parts; parts may still be empty."""

    quarter = forms.ChoiceField(label="Quarter")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        year, quarter = last_quarter(today)
        months = [year * 4 + quarter - 1 - back for back in range(8)]
        typed_field(self, "quarter", forms.ChoiceField).choices = [
            (f"{n // 4}-{n % 4 + 1}", f"Q{n % 4 + 1} {n // 4}") for n in months
        ]
        self.fields |= text_fields()

    @property
    def year_and_quarter(self) -> dict[str, int]:
        year, quarter = self.cleaned_data["quarter"].split("-")
        return {"year": int(year), "quarter": int(quarter)}

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LABELS}


class UpdateTextForm(VersionedForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= text_fields()

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LABELS}


class UpdateMoveForm(VersionedForm):
    """A button: its second click finds the status it led to, so it needs no submission."""

    status = forms.ChoiceField(choices=UPDATE.choices, label="Next step")
    why = PlainTextField(label="Why", max_length=limits.WHY, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["submission"]

    @property
    def problems(self) -> str:
        """One line that names each field."""
        lines = [
            (str(self.fields[name].label or name.capitalize()) if name in self.fields else "", str(line))
            for name, found in self.errors.items()
            for line in found
        ]
        return " ".join(f"{label}: {line}" if label else line for label, line in lines)

"""Forms of a pilot's data: a file, its columns, feeds, agreements, and deleting."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField
from engagements.models import DataAgreement, Document, Indicator
from engagements.pilots.files.tables import too_large
from engagements.pilots.rules.data_columns import Column, DataKind


class DataFileForm(IdempotentForm):
    """Once valid: `content`, the bytes of the file."""

    file = forms.FileField(label=_("Your file"), allow_empty_file=True, help_text=_("CSV or XLSX, at most 25 MB."))
    kind = forms.ChoiceField(
        label=_("What it has"),
        choices=[(DataKind.AGGREGATES, _("Counts by group")), (DataKind.ROWS, _("One row per person"))],
        initial=DataKind.AGGREGATES,
        help_text=_("Counts are enough for most methods, and show nobody."),
    )
    agreement = forms.ModelChoiceField(
        DataAgreement.objects.none(),
        label=_("Agreement"),
        required=False,
        empty_label=_("None: these are counts by group"),
        help_text=_("Needed for a file with one row per person. It says when the rows are deleted."),
    )

    def __init__(self, *args: Any, agreements: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agreement"].queryset = agreements  # type: ignore[attr-defined]  # of a ModelChoiceField

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if sentence := too_large(found.size):
            raise forms.ValidationError(sentence)
        self.content: bytes = found.read()
        return found


class ColumnsForm(forms.Form):
    """Which column of the file is which of the portal's. Nothing of the file's cells is shown."""

    token = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=[(kind, kind) for kind in DataKind])

    def __init__(self, *args: Any, columns: Sequence[Column], titles: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((title, title[:80]) for title in titles)]
        for column in columns:
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                choices=choices,
                label=column.name,
                required=column.is_needed,
                help_text=column.meaning,
                initial=next((title for title in titles if title.casefold() in column.names), ""),
            )

    def needed(self) -> list[forms.BoundField]:
        """Columns that must be there."""
        return [field for field in self.visible_fields() if field.field.required]

    def others(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if not field.field.required]

    @property
    def chosen(self) -> dict[str, str]:
        """Portal's name -> header."""
        return {
            name.removeprefix("column_"): title
            for name, title in self.cleaned_data.items()
            if name.startswith("column_") and title
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        titles = list(self.chosen.values())
        if len(set(titles)) < len(titles):
            raise forms.ValidationError(_("One column of the file is chosen twice."))
        return cleaned


class KeepForm(IdempotentForm):
    token = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)


class FeedsForm(IdempotentForm):
    """One indicator for each arm."""

    through = DayField(label=_("Through"), help_text=_("Values of periods that ended by this day."))

    def __init__(self, *args: Any, arms: Sequence[tuple[str, str]], indicators: Sequence[Indicator], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.indicators = {str(one.pk): one for one in indicators}
        self.arms = [key for key, _name in arms]
        choices = [("", "–"), *((str(one.pk), one.name) for one in indicators)]
        for key, name in arms:
            self.fields[key] = forms.ChoiceField(choices=choices, label=name)

    @property
    def chosen(self) -> dict[str, Indicator]:
        return {key: self.indicators[self.cleaned_data[key]] for key in self.arms}


class AgreementForm(IdempotentForm):
    """Under which rows about people may come in."""

    title = PlainTextField(label=_("Name of the agreement"), max_length=limits.TITLE)
    parties = PlainTextField(
        label=_("Between whom"), max_length=limits.LINE, help_text=_("The offices that give and that receive the data.")
    )
    legal_basis = PlainTextField(
        label=_("Legal basis"),
        max_length=limits.LINE,
        help_text=_("The law, the consent or the section of the agreement that allows it."),
    )
    allowed_uses = PlainTextField(label=_("What the data may be used for"), max_length=limits.DEFINITION, rows=3)
    delete_on = DayField(
        label=_("Day of deletion"), help_text=_("That night the rows are deleted here. It cannot be moved later.")
    )
    expires_on = DayField(
        label=_("No new data after"), required=False, help_text=_("The day the agreement itself ends.")
    )
    smallest_cell = forms.IntegerField(
        label=_("Smallest group that is shown"),
        min_value=10,
        max_value=1000,
        initial=10,
        help_text=_("Ten is the least; an agreement may ask for more."),
    )
    rows_in_bundle = forms.BooleanField(
        label=_("The agreement allows rows in the bundle that others download"), required=False
    )
    document = forms.ModelChoiceField(
        Document.objects.none(),
        label=_("The signed document"),
        help_text=_("Upload it to the city’s documents first."),
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]  # of a ModelChoiceField

    @property
    def values(self) -> dict[str, Any]:
        """As `write_agreement` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("submission", "document")}


class DeleteForm(IdempotentForm):
    why = PlainTextField(
        label=_("Why"), max_length=limits.WHY, help_text=_("The fingerprint, the counts and this reason stay.")
    )

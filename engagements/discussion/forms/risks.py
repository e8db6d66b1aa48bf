"""A risk, and how it ended."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.form_layout import Fold, FoldedForm
from engagements.discussion.forms.base import DayField, PlainTextField, VersionedForm
from engagements.discussion.forms.discussion import LevelField
from engagements.models import Risk


class RiskForm(FoldedForm, VersionedForm):
    """To add one (without `version`) or change it."""

    FIRST = ("title", "likelihood", "severity", "mitigation")
    WIDE = frozenset({"title"})
    GIVEN = frozenset({"opened_on"})
    FOLDS = (Fold(_("Who watches it, since when, and who reads it"), ("owner", "opened_on", "visibility")),)

    title = PlainTextField(label="What may go wrong (one sentence)", max_length=limits.TITLE)
    likelihood = forms.TypedChoiceField(label="How likely", coerce=int, choices=Risk.Level.choices)
    severity = forms.TypedChoiceField(label="Impact", coerce=int, choices=Risk.Level.choices)
    mitigation = PlainTextField(label="What is done about it", rows=4, max_length=limits.BODY, required=False)
    owner = forms.TypedChoiceField(label="Who watches it", coerce=int, required=False, empty_value=None)
    opened_on = DayField(label="Seen since")
    visibility = LevelField()

    def __init__(self, *args, held: frozenset[str], people: list[tuple[int, str]], is_new: bool, **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "visibility", LevelField).offer(held)
        typed_field(self, "owner", forms.TypedChoiceField).choices = [("", "nobody yet"), *people]
        if is_new:
            del self.fields["version"]

    @property
    def values(self) -> dict[str, Any]:
        return {name: v for name, v in self.cleaned_data.items() if name not in ("submission", "version")}


class CloseForm(VersionedForm):
    closed_on = DayField(label="Closed on")
    outcome = PlainTextField(label="How it ended", rows=3, max_length=limits.OUTCOME)

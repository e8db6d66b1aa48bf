"""Asking for an analysis, and writing its result."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import limits
from engagements.discussion.forms.base import IdempotentForm, PlainTextField
from engagements.models import Pilot


class AskForm(IdempotentForm):
    """Which delivery; what a pilot has no choice of is not asked. Which look it is the data say."""

    dataset = forms.TypedChoiceField(
        label=gettext_lazy("Data"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose data of this pilot that are still there.")},
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = pilot.datasets.filter(deleted_at=None).order_by("-number")
        choices = [
            (
                one.pk,
                _("Data {number}, {day}").format(
                    number=one.number, day=f"{one.uploaded_at:%b} {one.uploaded_at.day}, {one.uploaded_at.year}"
                ),
            )
            for one in held
        ]
        self.fields["dataset"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            del self.fields["dataset"]

    def clean(self) -> dict[str, Any]:
        return {"dataset": None} | (super().clean() or {})


class WriteForm(IdempotentForm):
    """`why`: of a correction, which is public. `analysis`: number of the one that was shown, 0 where there was none."""

    analysis = forms.IntegerField(
        min_value=0, error_messages={"required": gettext_lazy("Open the page again: it has to say what is written.")}
    )
    why = PlainTextField(label=gettext_lazy("What was wrong"), required=False, max_length=limits.WHY, rows=2)

"""Asking for an analysis, and writing its result."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import limits
from engagements.discussion.forms.base import IdempotentForm, PlainTextField
from engagements.models import Pilot
from engagements.pilots.queries.analysis_inputs import counting_version
from engagements.pilots.rules.canonical import registration_of


class AskForm(IdempotentForm):
    """Which delivery, and which registered look; what a pilot has no choice of is not asked."""

    dataset = forms.TypedChoiceField(
        label=gettext_lazy("Data"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose data of this pilot that are still there.")},
    )
    look = forms.TypedChoiceField(
        label=gettext_lazy("Look"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("The registration plans no such look.")},
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
        version = counting_version(pilot)
        looks = registration_of(version.content).looks if version else ()
        last = len(looks)
        words = [
            (
                n,
                _("Look {number} of {last}, at {share}% of the data").format(
                    number=n, last=last, share=f"{100 * share:g}"
                ),
            )
            for n, share in enumerate(looks, start=1)
        ]
        self.fields["look"].choices = [("", _("The last one")), *words]  # type: ignore[attr-defined]
        if len(choices) < 2:
            del self.fields["dataset"]
        if len(looks) < 2:
            del self.fields["look"]

    def clean(self) -> dict[str, Any]:
        return {"dataset": None, "look": None} | (super().clean() or {})


class WriteForm(IdempotentForm):
    """`why`: of a correction, which is public."""

    why = PlainTextField(label=gettext_lazy("What was wrong"), required=False, max_length=limits.WHY, rows=2)

"""The short forms of a pilot: making one, locking, amending, stopping, units and the draw."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.table_import.forms import TableForm
from engagements.discussion.forms.base import IdempotentForm, PlainTextField, VersionedForm
from engagements.models import Pilot


class NewPilotForm(IdempotentForm):
    title = PlainTextField(label=_("Title"), max_length=limits.TITLE, help_text=_("What is tested, in a few words."))
    project = forms.TypedChoiceField(label=_("Project it belongs to"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, projects: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["project"]).choices = [("", _("None")), *projects]


class LockForm(VersionedForm):
    """To lock: the boxes say what it means."""

    understood = forms.BooleanField(
        label=_("I know that these words cannot be changed after this. Amendments stay beside them.")
    )


class AmendForm(VersionedForm):
    why = PlainTextField(
        label=_("Why it is amended"),
        max_length=limits.WHY,
        rows=2,
        help_text=_("Everybody reads it beside the change."),
    )


class StopForm(VersionedForm):
    kind = forms.ChoiceField(label=_("Why it is stopped"), choices=Pilot.StopKind.choices)
    why = PlainTextField(label=_("What happened"), max_length=limits.WHY, rows=2)


class UnitsForm(TableForm):
    """A file of units: .csv or .xlsx."""


class LockUnitsForm(IdempotentForm):
    """What was shown: how many units, and which list (`queries.units.list_mark`)."""

    count = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    mark = forms.CharField(widget=forms.HiddenInput, max_length=40)


class DrawForm(IdempotentForm):
    """Empty where the portal makes the seed. Of a public draw only its numbers are typed: the rest is registered."""

    value = PlainTextField(
        label=_("The numbers drawn"),
        max_length=limits.PHRASE,
        help_text=_("As published, with blanks or commas between them. Their order does not matter."),
    )

    def __init__(self, *args: Any, is_public: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not is_public:
            del self.fields["value"]


class CityForm(IdempotentForm):
    engagement = forms.TypedChoiceField(label=_("City"), coerce=int)

    def __init__(self, *args: Any, engagements: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["engagement"]).choices = engagements


class LinkForm(IdempotentForm):
    """One thing of a city that takes part."""

    thing = forms.ChoiceField(label=_("Belongs to"))

    def __init__(self, *args: Any, things: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["thing"]).choices = things

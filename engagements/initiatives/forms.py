"""One form that sets up an initiative with its cities, and smaller ones to change it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.form_layout import Fold, FoldedForm, FormLayout
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, ReasonForm, VersionedForm
from engagements.initiatives.actions.initiatives import Setup
from engagements.initiatives.queries.choices import team_choices
from engagements.initiatives.queries.initiatives import CopiedInitiative, InitiativePage
from engagements.initiatives.queries.places import labels_of, match_place
from engagements.initiatives.rules import MOST_CITIES, InitiativeFields, read_dollars, split_funders
from engagements.milestones.milestone_templates import TEMPLATES
from engagements.models import User

CITIES_AT_FIRST = 3
MORE_CITIES = 3


class DollarField(forms.Field):
    """An amount as people write it: 12 million, $12,000,000."""

    widget = forms.TextInput(attrs={"maxlength": "30"})

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_dollars(text)
        except ValueError as wrong:
            raise ValidationError(_("Write an amount such as 12 million or $12,000,000.")) from wrong


class _InitiativeFieldsForm(forms.Form):
    name = PlainTextField(label=gettext_lazy("Name"), max_length=limits.INITIATIVE_NAME)
    pledge = DollarField(
        label=gettext_lazy("Amount pledged, in US dollars"),
        required=False,
        help_text=gettext_lazy("As announced, such as 12 million. It is never added to recorded money."),
    )
    pledge_on = DayField(label=gettext_lazy("Announced on"), required=False)
    source = PlainTextField(
        label=gettext_lazy("Where it was announced"),
        rows=2,
        max_length=limits.CITATION,
        help_text=gettext_lazy("A link, or a document and its date. It is shown beside the pledge."),
    )
    starts_on = DayField(
        label=gettext_lazy("Starts on"), help_text=gettext_lazy("The first milestones count from this day.")
    )
    ends_on = DayField(label=gettext_lazy("Ends on"), required=False)

    @property
    def initiative_fields(self) -> InitiativeFields:
        typed = self.cleaned_data
        return InitiativeFields(
            name=typed["name"],
            source=typed["source"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
            pledge=typed["pledge"],
            pledge_on=typed["pledge_on"],
            pledge_source=typed["source"] if typed["pledge"] is not None else "",
        )


class _CitiesForm(forms.Form):
    """So many city fields as there are cities; `city_count` carries how many were shown."""

    city_count = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    team = forms.MultipleChoiceField(
        label=gettext_lazy("Team in every city"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The first adviser owns the first milestones. Invite others afterward."),
    )
    template = forms.ChoiceField(
        label=gettext_lazy("First milestones"),
        required=False,
        help_text=gettext_lazy("Added in every city, due the days shown after the start."),
    )

    def __init__(self, *args, user: User, places: tuple[str, ...] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self._found: dict[str, str] = {}
        self._add_city_fields(self._wanted_count(len(places)), places)
        people = [(f"{person}:{role}", label) for person, role, label in team_choices(user)]
        typed_field(self, "team", forms.MultipleChoiceField).choices = people
        if not people:
            del self.fields["team"]
        steps = [(key, _template_label(key)) for key in TEMPLATES]
        typed_field(self, "template", forms.ChoiceField).choices = [("", _("None for now")), *steps]

    def _wanted_count(self, given: int) -> int:
        text = self.data.get("city_count", "") if self.is_bound else ""
        sent = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
        more = MORE_CITIES if self.is_bound and "more_cities" in self.data else 0
        return max(1, min(max(sent, given, CITIES_AT_FIRST) + more, MOST_CITIES))

    def _add_city_fields(self, count: int, places: tuple[str, ...]) -> None:
        labels = labels_of(places)
        for number in range(1, count + 1):
            self.fields[f"city_{number}"] = forms.CharField(
                label=_("City %(number)s") % {"number": number},
                required=False,
                max_length=limits.SEARCH,
                initial=labels.get(places[number - 1], "") if number <= len(places) else "",
                widget=forms.TextInput(attrs={"autocomplete": "off", "data-suggest": "/initiatives/places/"}),
            )
        self.city_number = count
        if self.is_bound:
            data = cast(QueryDict, self.data).copy()  # a copy can be written to, and keeps what was chosen twice
            data["city_count"] = str(count)
            self.data = data
        else:
            self.fields["city_count"].initial = count

    @property
    def city_fields(self) -> list[forms.BoundField]:
        return [self[f"city_{number}"] for number in range(1, self.city_number + 1)]

    @property
    def wants_more(self) -> bool:
        """The button that shows more fields: nothing is checked, nothing saved."""
        return "more_cities" in self.data

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._found = {}
        typed = {f"city_{n}": self.cleaned_data.get(f"city_{n}", "") for n in range(1, self.city_number + 1)}
        for name, text in typed.items():
            if text.strip():
                self._find(name, text)
        if not any(text.strip() for text in typed.values()):
            self.add_error("city_1", _("Name at least one city."))
        return self.cleaned_data

    def _find(self, name: str, text: str) -> None:
        match = match_place(text)
        if match.geoid is None:
            self.add_error(name, match.problem)
            if match.choices:  # named, so that a click chooses
                options = [(text, _("Choose one")), *((label, label) for label in match.choices)]
                self.fields[name].widget = forms.Select(choices=options)
            return
        if match.geoid in self._found.values():
            self.add_error(name, _("This city is named twice."))
            return
        self._found[name] = match.geoid

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(self._found.values())

    @property
    def setup(self) -> Setup:
        pairs = (value.split(":") for value in self.cleaned_data.get("team", ()))
        return Setup(tuple((int(person), role) for person, role in pairs), self.cleaned_data["template"])

    def refuse(self, refused: ValidationError) -> None:
        """What an action says of its places stands at the first city."""
        if hasattr(refused, "error_dict") and "places" in refused.error_dict:
            refused.error_dict["city_1"] = refused.error_dict.pop("places")
        if hasattr(refused, "error_dict") and "pledge_source" in refused.error_dict:
            refused.error_dict["source"] = refused.error_dict.pop("pledge_source")
        super().refuse(refused)  # type: ignore[misc] # of IdempotentForm, which every form of this kind is too


class NewInitiativeForm(_CitiesForm, _InitiativeFieldsForm, FoldedForm, IdempotentForm):
    """Three fields and the cities first; cities, team and first milestones are drawn by the page itself."""

    FIRST = ("name", "starts_on", "source")
    FOLDS = (
        Fold(gettext_lazy("What was pledged"), ("pledge", "pledge_on")),
        Fold(gettext_lazy("Funders and end"), ("funders", "ends_on")),
    )
    WIDE = frozenset({"source"})

    @property
    def layout(self) -> FormLayout:
        return replace(super().layout, first=self.placed(self.FIRST))

    funders = PlainTextField(
        label=gettext_lazy("Funders, one a line"), rows=3, max_length=limits.LOCAL_NOTE, required=False
    )

    def __init__(self, *args, copied: CopiedInitiative | None = None, **kwargs):
        if copied is not None:
            kwargs["places"] = copied.places
            kwargs["initial"] = {
                "name": copied.name,
                "funders": "\n".join(copied.funders),
                "team": [f"{person}:{role}" for person, role in copied.team],
            }
        super().__init__(*args, **kwargs)

    @property
    def funder_names(self) -> tuple[str, ...]:
        return split_funders(self.cleaned_data["funders"])


class AddCitiesForm(_CitiesForm, IdempotentForm):
    pass


class ChangeInitiativeForm(_InitiativeFieldsForm, VersionedForm):
    """The initiative and its pledge may have been announced in two places: each has its own source here."""

    source = PlainTextField(
        label=gettext_lazy("Where the initiative was announced"), rows=2, max_length=limits.CITATION
    )
    starts_on = DayField(label=gettext_lazy("Starts on"), required=False)
    pledge_source = PlainTextField(
        label=gettext_lazy("Where the pledge was announced"), rows=2, max_length=limits.CITATION, required=False
    )

    @classmethod
    def of(cls, page: InitiativePage) -> "ChangeInitiativeForm":
        row = page.row
        return cls(
            initial={
                "name": row.name,
                "pledge": f"{row.pledge.amount:,.2f}".removesuffix(".00") if row.pledge else "",
                "pledge_on": row.pledge.announced_on if row.pledge else None,
                "source": row.source,
                "pledge_source": row.pledge.source if row.pledge else "",
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "version": row.version,
            }
        )

    @property
    def initiative_fields(self) -> InitiativeFields:
        typed = self.cleaned_data
        source = typed["pledge_source"] if typed["pledge"] is not None else ""
        return replace(super().initiative_fields, pledge_source=source)


class ArchiveInitiativeForm(ReasonForm):
    pass


def _template_label(key: str) -> str:
    found = TEMPLATES[key]
    first, last = found.steps[0].days, found.steps[-1].days
    return _("%(name)s: %(count)s milestones, %(first)s to %(last)s days after the start") % {
        "name": found.name,
        "count": len(found.steps),
        "first": first,
        "last": last,
    }

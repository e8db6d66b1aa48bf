"""The tracts of a plan as somebody chooses them: ticked, pasted, or those of a saved area."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from atlas.formatting.counts import format_number_of
from atlas.measures import is_sensitive
from atlas.queries.areas import areas_owned_by
from atlas.queries.measures import available_measures
from atlas.sources.geoid_text import MAX_TEXT_LENGTH, read_geoids
from dashboards.base.form_choices import set_choices
from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.form_layout import Fold, FoldedForm
from engagements.base.queries.tracts_to_pick import tracts_to_pick
from engagements.base.tract_picker import PickedTractsField
from engagements.discussion.forms.base import PlainTextField, VersionedForm
from engagements.models import Plan, User

_NAMED = 8


class AreaForm(FoldedForm, VersionedForm):
    """`tract` are the boxes of the list (a click on the map ticks them), `geoids` what is pasted beside them."""

    FIRST = ("tract", "area_name", "area_rule")
    FOLDS = (
        Fold(_("Take a saved area as it is"), ("area_token", "leave_out")),
        Fold(_("Paste a list of tracts"), ("geoids",)),
        Fold(_("Measure it was chosen by, and legal review"), ("measure", "legal_review_note")),
    )
    WIDE = frozenset({"geoids"})

    tract = PickedTractsField(required=False, label=_("Neighborhoods of the plan"))
    geoids = forms.CharField(
        label="Tract GEOIDs",
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="11 digits each, Census tracts of 2010. They are added to those ticked.",
    )
    area_token = forms.ChoiceField(
        label="A saved area of yours",
        required=False,
        help_text="Its neighborhoods, name and rule are copied; then nothing that is ticked or pasted counts.",
    )
    leave_out = forms.BooleanField(label="Leave out the saved area's tracts of other cities", required=False)
    area_name = PlainTextField(label="Name of the area", max_length=limits.SHORT_NAME, required=False)
    area_rule = PlainTextField(
        label="How the tracts were chosen",
        rows=2,
        max_length=limits.SENTENCE,
        required=False,
        help_text="For example: tracts where few children get far and the school is.",
    )
    measure = forms.ChoiceField(
        label="Chosen on the map of", required=False, help_text="One of a single race needs the lawyers' note below."
    )
    legal_review_note = PlainTextField(
        label="What the city's lawyers said",
        rows=3,
        max_length=limits.LONG_BODY,
        required=False,
        help_text="Needed before review where the area was chosen on a measure of one race. Only the team reads it.",
    )

    def __init__(self, *args, city: str, user: User, plan: Plan | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "tract", PickedTractsField).offer_tracts(tracts_to_pick(city, user))
        mine = [
            (about.token, f"{about.name} ({format_number_of(about.tract_count, 'tract')})")
            for about in areas_owned_by(user.pk)
        ]
        set_choices(self, "area_token", [("", "None"), *mine])
        set_choices(self, "measure", [("", "No map in particular"), *measure_choices(plan)])

    def show_measure(self, slug: str, values: Mapping[str, str]) -> None:
        """On the map, and by GEOID beside the names of tracts."""
        picker = typed_field(self, "tract", PickedTractsField).picker
        picker.measure, picker.notes = slug, values

    def clean_geoids(self) -> str:
        text = self.cleaned_data["geoids"]
        self.pasted = read_geoids(text)
        if self.pasted.unreadable:
            said = ", ".join(f"“{piece.text}” ({piece.reason})" for piece in self.pasted.unreadable[:_NAMED])
            raise forms.ValidationError(f"Not read as GEOIDs: {said}. Correct the list.")
        return text

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.cleaned_data["tract"], *self.pasted.codes)))


def measure_choices(plan: Plan | None = None) -> list[tuple[str, str]]:
    """Ranks of income: what need is measured in."""
    found = [
        (each.slug, f"{each.label}, {each.population}")
        for each in available_measures("tract")
        if each.group == "outcome" and each.unit == "rank" and not is_sensitive(each.slug)
    ]
    if plan is not None and plan.measure and plan.measure not in dict(found):
        found.append((plan.measure, f"{plan.measure} (not imported)"))
    return found

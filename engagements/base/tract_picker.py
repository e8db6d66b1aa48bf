"""Tracts of a city chosen on its map, from a saved area or in a list of boxes; a share is a number beside the name."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from engagements.base.queries.tracts_to_pick import OfferedTract, TractsToPick


@dataclass(frozen=True)
class PickedTracts:
    """As somebody chose them: ticked GEOIDs, percents as typed, the token of a saved area or ""."""

    ticked: tuple[str, ...] = ()
    percents: Mapping[str, str] | None = None
    area: str = ""

    def __bool__(self) -> bool:
        return bool(self.ticked or self.area)

    def percent(self, geoid: str) -> str:
        return (self.percents or {}).get(geoid, "")


@dataclass(frozen=True)
class PickerRow:
    tract: OfferedTract
    is_ticked: bool
    percent: str
    note: str


class TractPicker(forms.Widget):
    """Drawn by `engagements/base/_tract_picker.html`. `has_shares`: a number beside each name; `notes`: words there.

    `measure` is what its map is colored by, "" for household income.
    """

    is_required = False

    def __init__(self, *, has_shares: bool):
        super().__init__()
        self.has_shares = has_shares
        self.offer = TractsToPick("", (), ())
        self.notes: Mapping[str, str] = {}
        self.measure = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> PickedTracts:
        ticked = tuple(data.getlist(name)) if hasattr(data, "getlist") else tuple(data.get(name, ()))
        shares = {geoid: data.get(f"{name}_share_{geoid}", "") for geoid in ticked} if self.has_shares else {}
        return PickedTracts(ticked, shares, data.get(f"{name}_area", ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_area" not in data

    def rows(self, value: object) -> list[PickerRow]:
        """Chosen ones first."""
        picked = as_picked(value)
        ticked = set(picked.ticked)
        rows = [
            PickerRow(each, each.geoid in ticked, picked.percent(each.geoid), self.notes.get(each.geoid, ""))
            for each in self.offer.tracts
        ]
        return sorted(rows, key=lambda row: not row.is_ticked)


class PickedTractsField(forms.Field):
    """Cleans to the GEOIDs that were ticked or are an area's, in the city's order."""

    def __init__(self, *, has_shares: bool = False, **options):
        super().__init__(widget=TractPicker(has_shares=has_shares), **options)

    @property
    def picker(self) -> TractPicker:
        assert isinstance(self.widget, TractPicker)
        return self.widget

    def offer_tracts(self, offer: TractsToPick) -> None:
        self.picker.offer = offer

    def geoids(self, picked: PickedTracts) -> list[str]:
        """Raises ValidationError for a tract or an area that was not offered."""
        known = [each.geoid for each in self.picker.offer.tracts]
        if strange := [geoid for geoid in picked.ticked if geoid not in known]:
            raise forms.ValidationError(f"“{strange[0][:20]}” is not one of the city’s tracts. Choose from the list.")
        area = next((each for each in self.picker.offer.areas if each.token == picked.area), None)
        if picked.area and area is None:
            raise forms.ValidationError("This saved area is not there any more. Choose another one, or tick tracts.")
        chosen = {*picked.ticked, *(area.geoids if area else ())}
        return [geoid for geoid in known if geoid in chosen]

    def clean(self, value: Any) -> Any:
        geoids = self.geoids(as_picked(value))
        if self.required and not geoids:
            raise forms.ValidationError("Choose at least one tract, on the map or in the list.")
        return geoids


def as_picked(value: object) -> PickedTracts:
    """Of what a form was sent, or of shares by GEOID as they are kept."""
    if isinstance(value, PickedTracts):
        return value
    if isinstance(value, Mapping):
        percents = {geoid: f"{(100 * Decimal(str(share))).normalize():f}" for geoid, share in value.items()}
        return PickedTracts(tuple(value), percents)
    return PickedTracts(tuple(value)) if isinstance(value, (list, tuple, set, frozenset)) else PickedTracts()

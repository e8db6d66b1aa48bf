"""What somebody typed for a city, as a place of the Census list."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from atlas.queries.census_places import (
    CensusPlaceRecord,
    find_census_places,
    named_census_places,
    place_list_is_live,
)

_OFFERED = 8


@dataclass(frozen=True)
class PlaceMatch:
    """`geoid`: the place, None where there is none or several; then `problem` says so and `choices` are the labels to
    choose from, each of which is understood."""

    geoid: str | None
    problem: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceSuggestion:
    """`value`: what goes into the field; `detail`: what tells it from others."""

    value: str
    detail: str


def match_place(text: str) -> PlaceMatch:
    """Two or three statements."""
    rows = named_census_places(text)
    if len(rows) == 1:
        return PlaceMatch(rows[0].geoid)
    if rows:
        said = _("%(count)s places are called so. Choose one.") % {"count": len(rows)}
        return PlaceMatch(None, said, tuple(row.full_label for row in rows))
    near = find_census_places(text, most=_OFFERED)
    if near:
        said = _("“%(text)s” is no place of the Census list. Choose one of these, or check the spelling.")
        return PlaceMatch(None, said % {"text": text[:60]}, tuple(row.full_label for row in near))
    if place_list_is_live():
        said = _("“%(text)s” is no place of the Census list. Write name and state, such as Newark, NJ.")
    else:
        said = _(
            "“%(text)s” is none of the places known here. The Census list of all US places is not imported yet: an "
            "administrator imports it at /data/."
        )
    return PlaceMatch(None, said % {"text": text[:60]})


def suggest_places(text: str) -> tuple[PlaceSuggestion, ...]:
    rows = find_census_places(text, most=_OFFERED)
    labels = [row.label for row in rows]
    return tuple(
        PlaceSuggestion(row.label if labels.count(row.label) == 1 else row.full_label, _detail(row)) for row in rows
    )


def labels_of(geoids: Collection[str]) -> dict[str, str]:
    """What to write into a field for each place, by code."""
    return {geoid: row.full_label for geoid in geoids for row in named_census_places(geoid)}


def _detail(row: CensusPlaceRecord) -> str:
    about = {"kind": row.kind or _("place"), "state": row.state_name, "code": row.geoid}
    return _("%(kind)s in %(state)s, Census code %(code)s") % about

"""What the map says of a tract under the pointer, made of the cells of the table below it: they cannot disagree.

The recipe goes to the browser too, so that a change of measure moves the cells once and not twice.
"""

from dataclasses import dataclass

from atlas.formatting.rounding import NO_VALUE
from atlas.measures import is_sensitive
from atlas.records.places import PlaceTracts, TractStatistics
from dashboards.charts.theme import escape
from dashboards.formatting.estimates import NO_STANDARD_ERROR

NOT_PUBLISHED = "no data: too few children to publish"
UNCERTAIN = "uncertain: standard error larger than the spread between tracts"
SAYS_NOTHING = ("", "none", NO_VALUE)  # cells that get no line


@dataclass(frozen=True)
class HoverRecipe:
    """`lines` are (column key, words around its cell as {}); with key "" the words stand alone.

    Of incarceration and teenage birth the map says a tract's name alone (`name_only`); their numbers are in the table.
    `instead` replaces a line; without a value `missing` stands in front of the lines of the keys in `always`.
    """

    lines: tuple[tuple[str, str], ...]
    instead: dict[str, str]
    missing: str
    always: tuple[str, ...] = ("overlay",)
    nothing: tuple[str, ...] = SAYS_NOTHING
    name_only: bool = False


def hover_recipe(
    tracts: PlaceTracts, statistics: TractStatistics | None = None, overlay: PlaceTracts | None = None
) -> HoverRecipe:
    """Value, how sure it is, and why where it is not; never another outcome's value."""
    if is_sensitive(tracts.measure.slug):
        return HoverRecipe((), {}, "", (), name_only=True)
    error = ("", NO_STANDARD_ERROR) if tracts.standard_errors is None else ("standard_error", "standard error {}")
    lines = [("value", "{}"), error, ("national_percentile", "higher than {} in 100 US tracts")]
    if statistics is not None and not statistics.reason:
        lines += [("adjusted_for_small_samples", "adjusted for small samples {}"), ("tier", "{}"), ("note", "{}")]
    if overlay is not None:
        lines.append(("overlay", f"{escape(overlay.measure.label)}: {{}}"))
    return HoverRecipe(
        tuple(lines),
        {"standard error none in the file loaded here": NO_STANDARD_ERROR},
        NOT_PUBLISHED if tracts.measure.group == "outcome" else NO_VALUE,
    )


def hover_body(cells: dict[str, str], recipe: HoverRecipe) -> str:
    """The lines for one tract, joined by <br>; `cells` are its words by column key."""
    has_value = cells["value"] != NO_VALUE
    said = [] if has_value else [recipe.missing]
    for key, words in recipe.lines:
        cell = cells.get(key, "")
        if (has_value or key in recipe.always) and (not key or cell not in recipe.nothing):
            line = words.replace("{}", escape(cell))
            said.append(recipe.instead.get(line, line))
    return "<br>".join(said)


def tier_label(tier: str, place: str) -> str:
    """ "below" -> "clearly below Detroit"; "" for a tract that was not tested."""
    words = {"above": "clearly above", "indistinguishable": "too close to call against", "below": "clearly below"}
    return f"{words[tier]} {place}" if tier else ""


def edge_notes(tracts: PlaceTracts) -> list[str]:
    """For tracts that are partly outside: how much of their area lies in the place."""
    name = escape(tracts.place.name)
    return [
        ""
        if share >= 0.99
        else f"<br>{share * 100:.0f}% of its area lies in {name}"
        + ("" if belongs else ": not counted as the city's" if tracts.place.kind == "city" else ": not counted")
        for share, belongs in zip(tracts.shares_in_city, tracts.belongs, strict=True)
    ]

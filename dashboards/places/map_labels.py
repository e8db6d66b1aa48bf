"""The words around the map: its views and its key."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from atlas.records.places import PlaceTracts, TractStatistics
from atlas.statistics.results import NO_STANDARD_ERRORS
from dashboards.charts.map_view import RAW, SHRUNK, TIERS, WITHIN, group_count
from dashboards.formatting.estimates import format_estimate
from dashboards.panels.options import VIEWS
from dashboards.panels.where import can_be_tested


@dataclass(frozen=True)
class ViewChoice:
    """One view of the map."""

    value: str
    label: str
    is_shown: bool


@dataclass(frozen=True)
class KeyLine:
    """A line of the map's key; `swatch` names what it explains."""

    swatch: str
    words: str


def view_choices(statistics: TractStatistics | None, shown: str, place: str = "") -> tuple[ViewChoice, ...]:
    """The views offered: those that the standard errors allow. `place`: its name, for the view within it."""
    offered = dict(VIEWS if can_be_tested(statistics) else {name: VIEWS[name] for name in (RAW, WITHIN)})
    if place:
        offered[WITHIN] = f"within {place}"
    return tuple(
        ViewChoice(value, f"{label[:1].upper()}{label[1:]}", value == shown) for value, label in offered.items()
    )


def view_note(statistics: TractStatistics | None, wanted: str) -> str:
    """That the view asked for is not shown, and why; "" when it is."""
    why = missing_views(statistics)
    if not why or wanted in (RAW, WITHIN):
        return ""
    instead = _("“{view}” cannot be shown for this measure, so you see the original estimates.")
    return f"{instead.format(view=VIEWS[wanted])} {why}"


def missing_views(statistics: TractStatistics | None) -> str:
    """Why values adjusted for small samples are not offered; "" when they are."""
    if can_be_tested(statistics):
        return ""
    if statistics is None or statistics.reason == NO_STANDARD_ERRORS:
        return _("Values adjusted for small samples need margins of error; the file loaded here has none.")
    return _("Values adjusted for small samples are not offered: {why}.").format(why=statistics.reason)


def map_key(
    tracts: PlaceTracts, statistics: TractStatistics | None, view: str, overlay: PlaceTracts | None
) -> tuple[KeyLine, ...]:
    """What colors and patterns mean, in the order in which they catch the eye."""
    place, label = tracts.place.name, _lower(tracts.measure.label)
    if view == TIERS:
        lines = [
            KeyLine("above", f"Clearly above {place} for {label}"),
            KeyLine("same", f"Too close to call against {place}"),
            KeyLine("below", f"Clearly below {place} for {label}"),
        ]
    else:
        adjusted = ", adjusted for small samples" if view == SHRUNK else ""
        lines = [KeyLine("", f"Darker is a higher value{adjusted}. {_classes(tracts, view)}")]
    own = np.asarray(tracts.belongs, dtype=bool)
    if np.isnan(tracts.values).any():
        few = ": too few children to publish" if tracts.measure.group == "outcome" else ""
        lines.append(KeyLine("hatch", f"No data{few}"))
    if view == RAW and statistics is not None and can_be_tested(statistics) and statistics.unreliable.any():
        lines.append(KeyLine("dots", "Uncertain: standard error larger than the spread between tracts"))
    if not own.all():
        # Outside the place nothing is tested: there the tiers' map has one gray, the others a pale color.
        swatch, what = ("outside", "not tested") if view == TIERS else ("edge", "not counted")
        lines.append(KeyLine(swatch, f"Pale: mostly outside {place}, {what}"))
    if overlay is not None:
        lines.append(KeyLine("circle", _circle_label(overlay)))
    return tuple(lines)


def _classes(tracts: PlaceTracts, view: str) -> str:
    """What the colors are of: the nation's classes, or the place's own groups and why there are so many."""
    if view == WITHIN:
        groups = group_count(tracts)
        why = "" if tracts.standard_errors is not None else ": the file loaded here has no margin of error"
        number = {3: "Three", 5: "Five"}[groups]
        return f"{number} groups of equal numbers of {tracts.place.name}’s tracts{why}. They say nothing of the nation."
    if tracts.national_middle is None:
        return ""
    middle = format_estimate(tracts.national_middle, tracts.measure.unit)
    return f"Sand is below the middle US tract ({middle}), blue at or above it, by the same classes in every city."


def _circle_label(overlay: PlaceTracts) -> str:
    values = overlay.values[np.asarray(overlay.belongs, dtype=bool)]
    values = values[~np.isnan(values)].astype(float)
    if not values.size:
        return f"Circles: {overlay.measure.label} has no value here"
    low, high = (format_estimate(value, overlay.measure.unit) for value in (values.min(), values.max()))
    grows = "area in proportion to the value" if values.min() >= 0 else "larger is higher"
    return f"Circles: {overlay.measure.label}, {grows}, {low} to {high}"


def _lower(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"

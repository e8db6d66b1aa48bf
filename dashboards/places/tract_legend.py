"""The legend of a tract's small map: the tracts of its city as a histogram over all US tracts, and where it stands."""

from dataclasses import dataclass, replace

import numpy as np
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.queries.tracts import map_edges, national_histogram, place_tracts
from atlas.records.places import Place, TractValue
from dashboards.charts.surroundings_map import Steps
from dashboards.formatting.estimates import format_in_prose
from dashboards.maps.classes import classify
from dashboards.maps.legend import Histogram, draw_legend
from dashboards.places.city_map import BINS, histogram_of, without_tails


@dataclass(frozen=True)
class TractLegend:
    """`about` counts what the bars are of."""

    title: str
    about: str
    svg: SafeString


def tract_legend(home: Place | None, lead: TractValue | None, title: str) -> TractLegend | None:
    """`lead`: the measure of the map. None where the nation has no middle of it, so that there are no colors."""
    if lead is None or lead.national_middle is None:
        return None
    shown, about = _of_city(home, lead) if home else _of_nation(lead)
    here = lead.value if lead.value is not None and np.isfinite(lead.value) else None
    said = _("no value published") if here is None else format_in_prose(here, lead.measure.unit)
    words = f"{shown.words} {_('{place}: {value}.').format(place=title, value=said)}"
    drawn = draw_legend(replace(shown, words=words, here=here, here_words=_("here")))
    among = _("{place} among {city}’s neighborhoods") if home else _("{place} among US neighborhoods")
    return TractLegend(
        among.format(place=title, city=home.name if home else ""),
        about,
        mark_safe(drawn),  # noqa: S308 - escaped when drawn
    )


def _of_city(home: Place, lead: TractValue) -> tuple[Histogram, str]:
    tracts = place_tracts(home, lead.measure.slug)
    count = int(np.isfinite(tracts.values[np.asarray(tracts.belongs, dtype=bool)]).sum())
    said = ngettext("{count} neighborhood with data", "{count} neighborhoods with data", count)
    return histogram_of(tracts, classify(tracts)), said.format(count=count)


def _of_nation(lead: TractValue) -> tuple[Histogram, str]:
    edges, unit = map_edges(lead.measure.slug), lead.measure.unit
    steps = Steps(edges, float(lead.national_middle or 0.0))
    bins, nation = without_tails(*national_histogram(lead.measure.slug, bins=BINS))
    names = tuple(steps.css(edge) for edge in ((edges[0] - 1.0, *edges) if edges else (0.0,)))
    middle = format_in_prose(steps.middle, unit)
    words = _("All US neighborhoods. The middle one: {value}.").format(value=middle)
    labels = (_("Middle US tract"), middle)
    return Histogram(bins, np.zeros_like(nation), nation, edges, names, steps.middle, unit, words, labels), ""

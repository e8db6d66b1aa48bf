"""The first sentence of a place's page and the number beside the nation's."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.counts import format_count
from atlas.formatting.percentiles import format_percentile
from atlas.records.places import Headline, MeasureRecord, Place, PlaceTracts
from dashboards.formatting.estimates import format_income

LONGEST_NAME = 24  # characters; a longer one, which only an area has, makes the sentence too long to read at a glance


@dataclass(frozen=True)
class Figure:
    """A large number and what it is."""

    number: str
    label: str


@dataclass(frozen=True)
class Finding:
    """`sentence` has at most 20 words. `about` says whose number it is, `limits` what the sentence can't know."""

    sentence: str
    about: str
    limits: tuple[str, ...]
    figures: tuple[Figure, ...]


def city_finding(place: Place, headline: Headline, tracts: PlaceTracts | None) -> Finding:
    """`tracts`: the portal's usual measure; None while no tract file is live."""
    return Finding(
        describe_neighborhoods(place, tracts),
        "" if tracts is None else about(tracts.measure),
        () if tracts is None else limits(tracts),
        figures(place, headline),
    )


def describe_neighborhoods(place: Place, tracts: PlaceTracts | None) -> str:
    """How many of the place's neighborhoods with a value lie on the more frequent side of the middle US tract.

    A count of published estimates, so it says neither "all" nor "none"; what has no value is not counted.
    """
    if tracts is None:
        return _("No estimates for %(place)s have been imported yet.") % {"place": place.name}
    own = tracts.values[np.asarray(tracts.belongs, dtype=bool)].astype(float)
    known, middle = own[~np.isnan(own)], tracts.national_middle
    if not known.size or middle is None:
        return _("No estimate is published for the neighborhoods of %(place)s.") % {"place": place.name}
    below, above = int(np.sum(known < middle)), int(np.sum(known > middle))
    words = {
        "count": format_count(max(below, above)),
        "known": format_count(known.size),
        "place": place.name if len(place.name) <= LONGEST_NAME else "",
    }
    return " ".join((_pattern(tracts.is_sample, below >= above, known.size) % words).split())


def _pattern(is_sample: bool, is_below: bool, known: int) -> str:
    """Whole sentences, so that each can be translated."""
    if is_sample and is_below:
        return ngettext(
            "In generated sample data, %(count)s of %(known)s %(place)s neighborhood is below the US middle.",
            "In generated sample data, "
            "%(count)s of %(known)s %(place)s neighborhoods with data are below the US middle.",
            known,
        )
    if is_sample:
        return ngettext(
            "In generated sample data, %(count)s of %(known)s %(place)s neighborhood is above the US middle.",
            "In generated sample data, "
            "%(count)s of %(known)s %(place)s neighborhoods with data are above the US middle.",
            known,
        )
    if is_below:
        return ngettext(
            "In the published estimates, "
            "%(count)s of %(known)s %(place)s neighborhood with data is below the US middle.",
            "In the published estimates, "
            "%(count)s of %(known)s %(place)s neighborhoods with data are below the US middle.",
            known,
        )
    return ngettext(
        "In the published estimates, %(count)s of %(known)s %(place)s neighborhood with data is above the US middle.",
        "In the published estimates, %(count)s of %(known)s %(place)s neighborhoods with data are above the US middle.",
        known,
    )


def about(measure: MeasureRecord) -> str:
    """Whose number it is, in one line."""
    if measure.slug.startswith("kfr_pooled_pooled_p25"):
        return _("Household income in their 30s of children from low-income families, born 1978 to 1983.")
    return _("%(measure)s: %(population)s.") % {"measure": measure.label, "population": measure.population}


def limits(tracts: PlaceTracts) -> tuple[str, ...]:
    """What is missing from the count: neighborhoods without a value, and the margin of error."""
    own = np.asarray(tracts.belongs, dtype=bool)
    missing = int(np.sum(np.isnan(tracts.values[own])))
    said = []
    if missing:
        said.append(
            ngettext(
                "%(count)s neighborhood has no published value.",
                "%(count)s neighborhoods have no published value.",
                missing,
            )
            % {"count": format_count(missing)}
        )
    if tracts.standard_errors is None:
        said.append(_("The file loaded here has no margin of error."))
    return tuple(said)


def figures(place: Place, headline: Headline) -> tuple[Figure, ...]:
    """The place's number, then the average low-income child's in the nation; none while the place has no mean."""
    if headline.value is None:
        return ()
    nation = next((one for one in headline.references if one.kind == "nation" and one.value is not None), None)
    words = {"place": place.name, "percentile": format_percentile(headline.value)}
    if headline.usd is None:
        mine = Figure(words["percentile"], _("%(place)s: percentile of US household income") % words)
    else:
        mine = Figure(
            format_income(headline.usd),
            _("%(place)s: household income at the %(percentile)s US percentile") % words,
        )
    if nation is None:
        return (mine,)
    percentile = format_percentile(nation.value)
    if nation.usd is None or headline.usd is None:
        return mine, Figure(percentile, _("United States"))
    beside = _("United States: at the %(percentile)s") % {"percentile": percentile}
    return mine, Figure(format_income(nation.usd), beside)

"""The portal's cities in rows on one axis, A to Z: their adjusted or published values, and what they were before."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.ranges import join_ends
from atlas.records.places import CityRecord, Headline, Place
from atlas.statistics.intervals import Z95
from dashboards.charts.marks.axis import Axis, percentile_axis
from dashboards.charts.marks.dot_row import DotMark
from dashboards.formatting.estimates import format_income


@dataclass(frozen=True)
class CityRow:
    """One place. `slug` is "" for an area; `income` "" where a percentile has no dollars."""

    slug: str
    name: str
    is_this: bool
    mark: DotMark
    percentile: str
    income: str
    margin: str  # "33.9 to 34.4", "" without a standard error
    is_sample: bool  # generated, not published


@dataclass(frozen=True)
class CitySection:
    rows: tuple[CityRow, ...]
    axis: Axis
    nation: str  # its percentile, "" where it is not known
    nation_value: float | None  # the same, 0-100
    has_before: bool  # some row shows a value before adjustment
    has_margins: bool
    lacks_margins: bool


def city_section(
    place: Place, own: Headline, cities: tuple[CityRecord, ...], found: dict[str, Headline]
) -> CitySection:
    """Cities with a value, and an area in front of them. `own` is the place's headline, `found` each city's by slug."""
    named = [(city.slug, city.name, found.get(city.slug), city.slug == place.slug) for city in cities]
    if place.kind == "area":
        named = [("", place.name, own, True), *((slug, name, one, False) for slug, name, one, _own in named)]
    shown = [(slug, name, one, is_this) for slug, name, one, is_this in named if one is not None]
    shown = [each for each in shown if each[2].value is not None]
    nation = next((one.value for one in own.references if one.kind == "nation"), None)
    us = None if nation is None else nation * 100
    rows = tuple(_row(slug, name, one, us, is_this) for slug, name, one, is_this in shown)
    ends = [end for row in rows for end in (row.mark.value, row.mark.ring, row.mark.low, row.mark.high)]
    return CitySection(
        rows=rows,
        axis=percentile_axis([*ends, us] if rows else []),
        nation="" if nation is None else format_percentile(nation),
        nation_value=us,
        has_before=any(row.mark.ring is not None for row in rows),
        has_margins=any(row.margin for row in rows),
        lacks_margins=any(not row.margin for row in rows),
    )


def _row(slug: str, name: str, found: Headline, us: float | None, is_this: bool) -> CityRow:
    value, error = found.value or 0.0, found.standard_error
    half = None if error is None else Z95 * error
    was = found.raw_value if found.basis != "raw" else None
    return CityRow(
        slug=slug,
        name=name,
        is_this=is_this,
        mark=DotMark(
            "",  # the same numbers stand beside it as text
            value * 100,
            us=us,
            ring=None if was is None else was * 100,
            low=None if half is None else (value - half) * 100,
            high=None if half is None else (value + half) * 100,
            is_this=is_this,
            has_shortfall=False,
            us_is_rule=True,
        ),
        percentile=format_percentile(value),
        income="" if found.usd is None else format_income(found.usd),
        margin="" if half is None else join_ends(format_points(value - half), format_points(value + half)),
        is_sample=found.is_sample,
    )


def cities_title(number: int) -> str:
    """ "The ten cities"."""
    words = {2: _("The two cities"), 10: _("The ten cities")}
    return words.get(number, _("The city") if number == 1 else _("The %(number)s cities") % {"number": number})


def margins_in_words(section: CitySection) -> str:
    """Which rows have a margin of error and what it is; one sentence for the rows without."""
    sure = [_("%(city)s %(range)s") % {"city": row.name, "range": row.margin} for row in section.rows if row.margin]
    said = [_("95%% margin: %(list)s.") % {"list": "; ".join(sure)}] if sure else []
    if section.lacks_margins:
        said.append(_("The other files have no margin of error.") if sure else _("No file here has a margin of error."))
    return " ".join(said)

"""All cities and measures as two declared tables, in the dollars shown: the estimates, and the measures they are of."""

from typing import Any

import numpy as np
import pandas as pd
from django.conf import settings
from django.urls import reverse

from atlas.queries.city_estimates import CityEstimates, CityTracts, MeasureEstimates, city_estimates
from atlas.queries.live import Generation, live_generation
from atlas.records.places import SAMPLE_NOTICE
from atlas.tables.declaration import Column, Provenance, Table
from atlas.tables.frames import build_frame, typed_frame
from atlas.web.table_files import TableFile, provenance_of
from dashboards.base.chosen_dollars import dollars_query
from dashboards.exports.panel_table import NO_ERROR, NO_VALUE, SAMPLE_COLUMN, column_unit
from dashboards.formatting.shown_dollars import PUBLISHED, cached_by_dollars, in_shown_dollars, is_today, shown_dollars
from dashboards.panels.base import Column as PanelColumn
from dashboards.panels.content_notices import context_paragraphs

ESTIMATES = (
    Column("city", "string", "City", "", "Its short name in addresses"),
    Column("geoid", "string", "Tract (2010 GEOID)"),
    Column("neighborhood", "string", "Neighborhood", "", "The source's name, empty without one"),
    Column("measure", "string", "Measure", "", "Its name in the table of measures and in the API"),
    Column("value", "number", "Value", "", "In the unit of its row"),
    Column("standard_error", "number", "Standard error", "", "In the unit of its row"),
    Column("n", "number", "Children behind the value"),
    Column("unit", "string", "Unit of value and standard error"),
    Column("reason", "string", "Why a number is missing"),
    Column("share_in_city", "number", "Share of the tract's area in the city", "share 0-1"),
    Column("belongs", "boolean", "Counts as the city's"),
    Column("release", "integer", "Release the value came from"),
)
MEASURES = (
    Column("measure", "string", "Measure"),
    Column("label", "string", "What it is"),
    Column("unit", "string", "Unit"),
    Column("group", "string", "Kind", "", "outcome, characteristic or count"),
    Column("population", "string", "Who it is about"),
    Column("note", "string", "What to know"),
    Column("derived_from", "string", "Measure it is calculated from", "", "Empty when published"),
    Column("has_standard_error", "boolean", "Whether the file loaded here has standard errors"),
    Column("vintage", "string", "People, period and geography"),
    Column("release", "integer", "Release it came from"),
    Column("sha256", "string", "SHA-256 of the source's file"),
)
KEY = ("city", "geoid", "measure")
TITLE = "The Opportunity Atlas in the portal's cities: every measure of every tract"
RULE = "Every tract with at least 1% of its area in the city; belongs says whether it counts as the city's."


def _dollars() -> str:
    """Whose dollars incomes are in. Without prices the same as unasked: they make no version of their own."""
    return (shown_dollars() if is_today() else PUBLISHED).sentence


def page_address() -> str:
    """Of the page of downloads, as it stands in the files. From the settings: a name that a request makes up would make
    other files of the same numbers."""
    return settings.PORTAL_URL.rstrip("/") + reverse("downloads") + dollars_query()


def measure_table() -> TableFile:
    """A row per live measure."""
    return _measures(live_generation())


def estimate_table(city: str = "") -> TableFile:
    """A row per city, tract and measure; of one city alone where `city` names it. Raises KeyError for another name."""
    whole = _whole(live_generation())
    if not city:
        return whole
    rows = whole.frame["city"] == city
    if not rows.any():
        raise KeyError(city)
    table = Table(
        f"{city}-estimates",
        f"{TITLE} ({city})",
        whole.table.columns,
        KEY,
        whole.table.description,
        whole.table.sources,
        whole.table.notes,
        whole.table.address,
        is_sample=whole.table.is_sample,
    )
    return TableFile(table, whole.frame[rows].reset_index(drop=True))


@cached_by_dollars(maxsize=4)
def _whole(generation: Generation) -> TableFile:
    found = city_estimates()
    sample = any(source.is_sample for one in found.estimates for source in one.sources)
    columns = (*ESTIMATES, SAMPLE_COLUMN) if sample else ESTIMATES
    notes = dict.fromkeys(text for one in found.estimates for text in context_paragraphs(one.measure.slug))
    notes[_dollars()] = None
    table = Table(
        "estimates", TITLE, columns, KEY, RULE, _sources(found), tuple(notes), page_address(), is_sample=sample
    )
    parts = [_columns(city, one, found.geoids) for city in found.cities for one in found.estimates]
    joined: dict[str, Any] = {
        name: np.concatenate([part[name] for part in parts]) if parts else [] for name in table.names
    }
    return TableFile(table, typed_frame(table, joined))


def _columns(city: CityTracts, one: MeasureEstimates, geoids: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of one measure in one city, as whole columns."""
    at = np.searchsorted(geoids, city.members.codes)
    factor = in_shown_dollars(1.0, one.measure.unit)
    value = _shortest(one.vector.value[at]) * factor
    error = one.vector.standard_error
    errors = _shortest(error[at]) * factor if error is not None else np.full(at.size, np.nan)
    missing = np.isnan(value)
    reason = np.where(missing, NO_VALUE, np.where(np.isnan(errors), NO_ERROR, ""))
    generated = any(source.is_sample for source in one.sources)

    def repeated(said: object) -> np.ndarray:
        return np.full(at.size, said, dtype=object)

    return {
        "city": repeated(city.slug),
        "geoid": np.array([f"{code:011d}" for code in city.members.codes.tolist()], dtype=object),
        "neighborhood": np.array(city.names, dtype=object),
        "measure": repeated(one.measure.slug),
        "value": value,
        "standard_error": errors,
        "n": _shortest(one.counts[at]) if one.counts is not None else np.full(at.size, np.nan),
        "unit": repeated(_unit(one)),
        "reason": reason.astype(object),
        "share_in_city": city.members.shares.round(6),
        "belongs": city.members.belongs,
        "release": np.full(at.size, one.sources[0].release_id),
        SAMPLE_COLUMN.name: repeated(SAMPLE_NOTICE if generated else ""),
    }


def _shortest(values: np.ndarray) -> np.ndarray:
    """float32 as the float64 of its shortest text, as every other file and the API have it."""
    return pd.Series(values.astype("f4")).astype(str).astype(float).to_numpy()


def _unit(one: MeasureEstimates) -> str:
    return column_unit(PanelColumn("value", "", "value", one.measure.unit))


def _sources(found: CityEstimates) -> tuple[Provenance, ...]:
    every = {source.release_id: source for one in found.estimates for source in one.sources}
    return tuple(provenance_of(every[release]) for release in sorted(every))


@cached_by_dollars(maxsize=4)
def _measures(generation: Generation) -> TableFile:
    found = city_estimates()
    sample = any(source.is_sample for one in found.estimates for source in one.sources)
    table = Table(
        "measures",
        "Measures of the estimates",
        MEASURES,
        ("measure",),
        "",
        _sources(found),
        (_dollars(),),
        page_address(),
        is_sample=sample,
    )
    rows = [
        (
            one.measure.slug,
            one.measure.label,
            _unit(one),
            one.measure.group,
            one.measure.population,
            one.measure.note,
            one.measure.derived_from,
            one.vector.standard_error is not None,
            one.sources[0].vintage,
            one.sources[0].release_id,
            one.sources[0].sha256,
        )
        for one in found.estimates
    ]
    return TableFile(table, build_frame(table, rows))

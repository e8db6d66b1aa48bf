"""Economic Tracker of Opportunity Insights: city and county series by week or month; '.' is missing.

`day_endofweek` and `day_endofmonth` are the last day of the period; stored is its first.
City ids are kept as the publisher's: see tracker_cities for what they stand for.
"""

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.formatting.counts import format_number_of
from atlas.metrics.economic_tracker import DEFINITIONS
from atlas.sources import base, columns, observed, table_reader, tracker_cities
from atlas.sources.base import DatasetInfo, ObservationTable, ObservedColumn, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

NULLS = ("", ".")
_SLUGS = frozenset(definition.slug for definition in DEFINITIONS)
_WEEK, _MONTH = "day_endofweek", "day_endofmonth"
_CITY, _COUNTY = "cityid", "countyfips"
_FREQUENCIES = {_WEEK: "w", _MONTH: "m"}
IMPUTED = "imputed from the commuting zone"
_KEY = re.compile(r"^economic_tracker_(?P<series>[a-z_]+)_(?P<area>city|county)_(?P<every>weekly|monthly)$")
_RAW = "https://raw.githubusercontent.com/OpportunityInsights/EconomicTracker/main/data/"
_INDEXED = (
    "A change against January 2020 in the companies' own records, not a level; it can't be compared with survey counts."
)
KEY_COLUMNS: tuple[str, ...] = ()
METRICS = DEFINITIONS


@dataclass(frozen=True)
class _Series:
    """One family of files. `prefix` is put before the publisher's column names where these say too little."""

    title: str
    file: str
    needs: frozenset[str]
    caveat: str
    prefix: str = ""


SERIES = {
    "affinity": _Series("card spending", "Affinity", frozenset({"spend_all"}), _INDEXED),
    "employment": _Series("employment", "Employment", frozenset({"emp"}), _INDEXED),
    "job_postings": _Series("job postings", "Job Postings", frozenset({"bg_posts"}), _INDEXED),
    "ui_claims": _Series(
        "unemployment claims",
        "UI Claims",
        frozenset({"initclaims_count_regular"}),
        "Counts of claims filed with state agencies; weeks a state did not report are missing.",
    ),
    "womply": _Series("small businesses", "Womply", frozenset({"merchants_all", "revenue_all"}), _INDEXED),
    "zearn": _Series(
        "online mathematics",
        "Zearn",
        frozenset({"engagement", "badges"}),
        "A change against January 6 to February 21, 2020 in schools that use the platform. School holidays are a "
        "metric of their own.",
        "zearn_",
    ),
}


def matches_header(names: tuple[str, ...]) -> bool:
    return _match_key(names) is not None


def _match_key(names: tuple[str, ...]) -> re.Match[str] | None:
    """The key of the data set, taken apart: one area column, one day column and the columns of one family."""
    held = set(names)
    families = [name for name, series in SERIES.items() if series.needs <= held]
    if not {"year", "month"} <= held or len(families) != 1 or (_CITY in held) == (_COUNTY in held):
        return None
    if (_WEEK in held) == (_MONTH in held):
        return None
    area, every = "city" if _CITY in held else "county", "weekly" if _WEEK in held else "monthly"
    return _KEY.match(f"economic_tracker_{families[0]}_{area}_{every}")


def find_dataset(key: str) -> DatasetInfo | None:
    match = _KEY.match(key)
    return _dataset(key, match) if match and match["series"] in SERIES else None


def _dataset(key: str, match: re.Match[str]) -> DatasetInfo:
    series, city = SERIES[match["series"]], match["area"] == "city"
    file = f"{series.file} - {match['area'].title()} - {match['every'].title()}.csv".replace(" ", "%20")
    return replace(
        tracker_cities.DATASET,
        key=key,
        title=f"Economic Tracker: {series.title} by {match['area']}, {match['every']}",
        addresses=(_RAW + file, "https://tracktherecovery.org/"),
        vintage="from January 2019 or 2020 on, as in the file; the source revises past periods",
        level="place" if city else "county",
        priority=70,
        caveats=(series.caveat, *(tracker_cities.DATASET.caveats if city else ())),
    )


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """One row per area and period. Raises SourceFileError, also for a daily file under a monthly header."""
    found = _match_key(header.names)
    if found is None:
        raise base.header_error("economic_tracker", header.names)
    info, prefix = _dataset(found[0], found), SERIES[found["series"]].prefix
    area = _CITY if _CITY in header.names else _COUNTY
    day = _WEEK if _WEEK in header.names else _MONTH
    known = {name: prefix + name for name in header.names if prefix + name in _SLUGS}
    flags = tuple(name for name in ("provisional", "imputed_from_cz") if name in header.names)
    frequency = ("freq",) if "freq" in header.names else ()
    table = table_reader.read_columns(
        opened,
        header,
        numbers=tuple(known),
        texts=frequency,
        integers=("year", "month", day, area, *flags),
        nulls=NULLS,
        progress=progress,
    )
    geoids = _areas(table, area)
    starts = _starts(table, day)
    observed.check_unique_rows(area, geoids, starts)
    if frequency:
        marks = observed.text_column(table, "freq")
        observed.reject_rows(
            marks != _FREQUENCIES[day], marks, "freq", f"is not '{_FREQUENCIES[day]}' as the header says"
        )
    quality = None
    if "imputed_from_cz" in flags:
        quality = np.where(_flag(table, "imputed_from_cz"), IMPUTED, "")
    provisional = _flag(table, "provisional") if "provisional" in flags else None
    return ObservationTable(
        dataset=info,
        vintage=2010,
        area_kind="tracker_city" if area == _CITY else "county",
        geoids=geoids,
        period_kind="week" if day == _WEEK else "month",
        periods=starts,
        columns=tuple(
            ObservedColumn(slug, observed.float_column(table, name), quality=quality) for name, slug in known.items()
        ),
        rows_read=table.num_rows,
        provisional=provisional,
        ignored_columns=tuple(
            n for n in header.names if n not in {*known, *flags, *frequency, "year", "month", day, area}
        ),
        warnings=_warnings(info, provisional),
    )


def _areas(table: pa.Table, area: str) -> NDArray[np.int64]:
    if area == _COUNTY:
        return observed.county_geoid_column(table, area)
    return observed.integers_in_range(table, area, 1, tracker_cities.LARGEST_ID, "a city id of the Tracker")


def _starts(table: pa.Table, day: str) -> NDArray[np.datetime64]:
    """First day of each period from its last."""
    ends = observed.period_starts(table, day)
    if day == _WEEK:
        return ends - 6
    months = ends.astype("datetime64[M]")
    last = (months + 1).astype("datetime64[D]") - 1
    observed.reject_rows(ends != last, ends, day, "is not the last day of its month")
    return months.astype("datetime64[D]")


def _flag(table: pa.Table, name: str) -> NDArray[np.bool_]:
    values = columns.integer_column(table, name)
    observed.reject_rows(~np.isin(values, (0, 1)), values, name, "is neither 0 nor 1")
    flags: NDArray[np.bool_] = values == 1
    return flags


def _warnings(info: DatasetInfo, provisional: NDArray[np.bool_] | None) -> tuple[str, ...]:
    count = 0 if provisional is None else int(provisional.sum())
    if not count:
        return info.caveats
    said = f"{format_number_of(count, 'row')} {'is' if count == 1 else 'are'} provisional: the source still revises "
    return (*info.caveats, said + ("it" if count == 1 else "them"))

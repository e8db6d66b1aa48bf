"""Credit in 2020 of people born 1978-85, by the county or commuting zone they grew up in (Opportunity Insights, 2025).

One value a file, a row per area, race and parents' percentile (-9: all parents). Values are already shrunk by the
publisher and have no standard error. Read from the columns that public programs name: no real copy was seen when this
was written.
"""

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas.later_measures import CREDIT, CREDIT_OUTCOMES
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, geoids, observed, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_FOLDER = "https://opportunityinsights.org/wp-content/uploads/2025/07/"
# Value column: (outcome, what the publisher calls the file).
VALUES = {
    "shrunk_xkid_vscore2020": ("score", "avg_credit_score_2020"),
    "shrunk_xkid_delinq90_02020": ("delinquency", "avg_delinq_rate_2020"),
    "shrunk_income_resid_2020": ("delinquency_given_income", "avg_delinq_rate_2020_cont_income_2020"),
    "shrunk_xkid_auabalance2020": ("auto_loan", "avg_auto_loan_balance_2020"),
    "shrunk_xkid_brcbalance2020": ("credit_card", "avg_credit_card_balance_2020"),
    "shrunk_xkid_mtabalance2020": ("mortgage", "avg_mortgage_balance_2020"),
    "shrunk_xkid_stubalance2020": ("student_loan", "avg_student_loan_balance_2020"),
}
_RACES = {
    "pooled": "pooled",
    "white": "white",
    "black": "black",
    "hispanic": "hisp",
    "hisp": "hisp",
    "asian": "asian",
    "aian": "natam",
    "natam": "natam",
    "other": "other",
}
_STATS = {1: "p1", 10: "p10", 25: "p25", 50: "p50", 75: "p75", 100: "p100", -9: "mean"}
_KEYS = ("kid_race", "par_pctile")
_IDS = {"county": ("par_state", "par_county"), "cz": ("cz",), "par_cz": ("par_cz",)}
_NAMES = ("county_name", "czname", "cz_name")
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def matches_header(names: tuple[str, ...]) -> bool:
    held = set(names)
    return set(_KEYS) <= held and _ids(names) is not None and len(held & VALUES.keys()) == 1


def _ids(names: tuple[str, ...]) -> tuple[str, ...] | None:
    return next((ids for ids in _IDS.values() if set(ids) <= set(names)), None)


def find_dataset(key: str) -> DatasetInfo | None:
    for outcome, file in VALUES.values():
        for level in ("county", "cz"):
            if key == f"{CREDIT}{outcome}_{level}":
                return _dataset(outcome, file, level)
    return None


def _dataset(outcome: str, file: str, level: str) -> DatasetInfo:
    area = {"county": "county", "cz": "commuting zone"}[level]
    return DatasetInfo(
        key=f"{CREDIT}{outcome}_{level}",
        title=f"{CREDIT_OUTCOMES[outcome][0]} by {area}",
        publisher=base.OPPORTUNITY_INSIGHTS,
        citation="Opportunity Insights (2025), credit outcomes of people born 1978-85 by where they grew up",
        licence=base.ATLAS_LICENCE,
        addresses=(f"{_FOLDER}{file}_{'cty' if level == 'county' else 'cz'}.csv",),
        vintage=f"people born 1978-85, measured in 2020, by the {area} they grew up in; shrunk by the source",
        level=level,
        priority=55,
    )


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """A column per race and parents' percentile. Raises SourceFileError."""
    ids = _ids(header.names)
    value = next((name for name in header.names if name in VALUES), None)
    if ids is None or value is None:
        raise base.header_error("credit_outcomes", header.names)
    name = next((n for n in _NAMES if n in header.names), "")
    table = table_reader.read_columns(
        opened,
        header,
        numbers=(value,),
        texts=("kid_race", *([name] if name else [])),
        integers=(*ids, "par_pctile"),
        nulls=("", "NA", "."),
        progress=progress,
    )
    level = "county" if len(ids) == 2 else "cz"
    codes = _codes(table, ids)
    races = observed.text_column(table, "kid_race")
    percentiles = columns.integer_column(table, "par_pctile")
    known = np.array(
        [r.lower() in _RACES and p in _STATS for r, p in zip(races, percentiles.tolist(), strict=True)], dtype=bool
    )
    if not known.any():
        observed.reject_rows(~known, races, "kid_race", "is no group the portal knows, nor is any other of the file")
    groups = np.array([f"{_RACES.get(r.lower(), r)}" for r in races], dtype=object)
    observed.check_unique_rows(ids[-1], codes, groups, percentiles)
    outcome, file = VALUES[value]
    areas, at = np.unique(codes, return_inverse=True)
    numbers = observed.float_column(table, value)
    made: dict[str, NDArray[np.float32]] = {}
    for row in np.flatnonzero(known).tolist():
        slug = f"{CREDIT}{outcome}_{groups[row]}_pooled_{_STATS[int(percentiles[row])]}"
        made.setdefault(slug, np.full(areas.size, np.nan, np.float32))[at[row]] = numbers[row]
    labels = dict(zip(codes.tolist(), observed.text_column(table, name).tolist(), strict=True)) if name else {}
    return base.estimate_table(
        dataset=_dataset(outcome, file, level),
        geoids=areas,
        columns=tuple(Column(slug, values) for slug, values in made.items()),
        rows_read=table.num_rows,
        names=tuple(labels[code] for code in areas.tolist()) if name else (),
        ignored_columns=tuple(n for n in header.names if n not in {*ids, *_KEYS, name, value}),
        warnings=(
            "values are already shrunk by the source and have no standard error",
            *_left_out(races, percentiles, known),
        ),
    )


def _codes(table: pa.Table, ids: tuple[str, ...]) -> NDArray[np.int64]:
    if len(ids) == 1:
        return observed.integers_in_range(table, ids[0], 1, 99_999, "a commuting zone")
    state, county = (columns.integer_column(table, name) for name in ids)
    geoids.check_parts(state, county, rows_read=table.num_rows)
    return state * 1000 + county


def _left_out(races: NDArray[np.object_], percentiles: NDArray[np.int64], known: NDArray[np.bool_]) -> tuple[str, ...]:
    """What a file says of groups the portal does not know: counted, never dropped in silence."""
    counted = Counter((races[i], int(percentiles[i])) for i in np.flatnonzero(~known).tolist())
    return tuple(
        f"{count:,} {'row is' if count == 1 else 'rows are'} left out: kid_race {race!r} at par_pctile {percentile} "
        "is no group the portal knows"
        for (race, percentile), count in counted.items()
    )

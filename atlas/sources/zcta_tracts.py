"""Census relationship file of 2010 ZIP Code Tabulation Areas and 2010 tracts (`zcta_tract_rel_10.txt`).

One row per piece of ground that both share. Codes are text: 00601 is a ZIP code and 601 is none. A ZCTA stands for the
addresses of a ZIP code; ZIP codes of post-office boxes alone have none.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, geoids, table_reader
from atlas.sources.base import MAX_PROBLEMS_KEPT, DatasetInfo, Problem, Progress, SourceFileError, ZipTractTable
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_ZIP, _GEOID = "ZCTA5", "GEOID"
_CODES = {_ZIP: 5, "STATE": 2, "COUNTY": 3, "TRACT": 6, _GEOID: 11}
_PEOPLE, _ZIP_PEOPLE, _PERCENT = "POPPT", "ZPOP", "ZPOPPCT"
_ROUNDING = 0.011  # percentage points: the publisher prints two decimals

DATASET = DatasetInfo(
    key="zcta_tract_2010",
    title="How ZIP code areas relate to Census tracts",
    publisher="US Census Bureau",
    citation="US Census Bureau, 2010 ZIP Code Tabulation Area to census tract relationship file",
    licence=base.CENSUS_PUBLIC_DOMAIN,
    addresses=("https://www2.census.gov/geo/docs/maps-data/data/rel/zcta_tract_rel_10.txt",),
    vintage="2010 ZIP Code Tabulation Areas, 2010 Census tracts",
    level="zip",
    content="zip_tracts",
)
KEY_COLUMNS = (_ZIP, _GEOID)
METRICS: tuple[MetricDefinition, ...] = ()


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_header(names: tuple[str, ...]) -> bool:
    return {*_CODES, _PEOPLE, _ZIP_PEOPLE, _PERCENT} <= set(names)


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ZipTractTable:
    """Every piece, by ZIP code and then by its people, most first. Raises SourceFileError naming every problem."""
    numbers = (_PEOPLE, _ZIP_PEOPLE, _PERCENT)
    table = table_reader.read_columns(opened, header, numbers=numbers, texts=tuple(_CODES), progress=progress)
    _check(table, {name: _is_code(table.column(name), width) for name, width in _CODES.items()}, "is not {} digits")
    joined = pc.binary_join_element_wise(*(table.column(name) for name in ("STATE", "COUNTY", "TRACT")), "")
    same = pc.equal(joined, table.column(_GEOID)).to_numpy()
    _check(table, {_GEOID: same}, "is not STATE, COUNTY and TRACT in a row")
    zips, codes = (table.column(name).to_numpy().astype(np.int64) for name in (_ZIP, _GEOID))
    geoids.check_tracts(codes, _GEOID, rows_read=table.num_rows)
    people, all_people, percent = (table.column(name).to_numpy(zero_copy_only=False) for name in numbers)
    whole = (people >= 0) & (people <= all_people) & (people == np.floor(people)) & (all_people < 2**31)
    _check(table, {_PEOPLE: whole}, "is no number of people within its ZIP area's")
    exact = np.divide(people, all_people, out=np.zeros(len(people)), where=all_people > 0)
    _check(table, {_PERCENT: np.abs(100 * exact - percent) <= _ROUNDING}, "is not the share that POPPT and ZPOP give")
    pairs = zips * 10**11 + codes
    geoids.check_unique(pairs, f"{_ZIP} and {_GEOID}", 16, rows_read=table.num_rows)
    order = np.lexsort((codes, -people, zips))
    return ZipTractTable(
        DATASET,
        zips[order].astype(np.int32),
        codes[order],
        people[order].astype(np.int32),
        exact[order].astype(np.float32),
        table.num_rows,
    )


def _is_code(column: pa.ChunkedArray, width: int) -> NDArray[np.bool_]:
    found = pc.match_substring_regex(column, f"^[0-9]{{{width}}}$")
    return np.asarray(pc.fill_null(found, False).to_numpy(), dtype=bool)


def _check(table: pa.Table, holds: dict[str, NDArray[np.bool_]], reason: str) -> None:
    """Raises SourceFileError naming each field of which the promise does not hold."""
    problems: list[Problem] = []
    total = 0
    for name, ok in holds.items():
        wrong = np.flatnonzero(~ok)
        total += int(wrong.size)
        for row in wrong[: MAX_PROBLEMS_KEPT - len(problems)].tolist():
            said = reason.format(_CODES.get(name, ""))
            value = str(table.column(name)[row].as_py())[:20]
            problems.append(Problem(said, line=row + 2, column=name, value=value))
    if problems:
        raise SourceFileError(problems, total, table.num_rows)

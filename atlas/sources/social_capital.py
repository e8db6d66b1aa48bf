"""Social Capital Atlas by county and by ZIP code: friendships across economic lines, with standard errors.

Codes are whole numbers that lost their leading zeros; an empty field is suppressed or missing.
"""

from dataclasses import dataclass

from atlas.metrics.social_capital import DEFINITIONS
from atlas.sources import base, observed, table_reader
from atlas.sources.base import DatasetInfo, ObservationTable, ObservedColumn, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.table_reader import Header

_HDX = "https://data.humdata.org/dataset/85ee8e10-0c66-4635-b997-79b6fad44c71"
_COUNTY_FILE = f"{_HDX}/resource/ec896b64-c922-4737-b759-e4bd7f73b8cc/download/social_capital_county.csv"
# Publisher's column of a standard error, by the estimate it belongs to.
STANDARD_ERRORS = {
    "ec": "ec_se",
    "ec_high": "ec_high_se",
    "child_ec": "child_ec_se",
    "child_high_ec": "child_high_ec_se",
}
_WITHOUT_AREA = ("num_below_p50", "pop2018")  # columns without _county or _zip behind their name
KEY_COLUMNS: tuple[str, ...] = ()
METRICS = DEFINITIONS


@dataclass(frozen=True)
class _Level:
    """One of the two files."""

    area: str  # id column and suffix of the others
    title: str
    addresses: tuple[str, ...]


_LEVELS = {
    "social_capital_county": _Level("county", "Social Capital Atlas by county", (_COUNTY_FILE, _HDX)),
    "social_capital_zip": _Level("zip", "Social Capital Atlas by ZIP code", (_HDX, "https://socialcapital.org/")),
}


def find_dataset(key: str) -> DatasetInfo | None:
    return _dataset(key) if key in _LEVELS else None


def _dataset(key: str) -> DatasetInfo:
    level = _LEVELS[key]
    return DatasetInfo(
        key=key,
        title=level.title,
        publisher="Opportunity Insights and Meta Data for Good",
        citation=(
            "Chetty, Jackson, Kuchler, Stroebel and others (2022), Social capital I: measurement and associations "
            "with economic mobility, Nature 608, 108-121; Social capital II, Nature 608, 122-134"
        ),
        licence="Freely available for public use with attribution; terms as on the source's download page",
        addresses=level.addresses,
        vintage="Facebook users aged 25-44, friendships as of 2022",
        level=level.area,
        content="observations",
        priority=60,
        caveats=("Describes Facebook users aged 25-44, not all residents; the source adds noise to protect privacy.",),
    )


def matches_header(names: tuple[str, ...]) -> bool:
    return _key(names) is not None


def _key(names: tuple[str, ...]) -> str | None:
    for key, level in _LEVELS.items():
        if {level.area, f"ec_{level.area}", f"ec_se_{level.area}", f"clustering_{level.area}"} <= set(names):
            return key
    return None


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> ObservationTable:
    """One row per county or ZIP code, estimates with their standard errors. Raises SourceFileError."""
    key = _key(header.names)
    if key is None:
        raise base.header_error("social_capital", header.names)
    area = _LEVELS[key].area
    known = {
        words.slug: _column(words.slug, area) for words in DEFINITIONS if _column(words.slug, area) in header.names
    }
    errors = {slug: f"{stem}_{area}" for slug, stem in STANDARD_ERRORS.items() if f"{stem}_{area}" in header.names}
    named = "county_name" in header.names
    table = table_reader.read_columns(
        opened,
        header,
        numbers=(*known.values(), *errors.values()),
        texts=("county_name",) if named else (),
        integers=(area,),
        progress=progress,
    )
    if area == "county":
        geoids = observed.county_geoid_column(table, area)
    else:
        geoids = observed.integers_in_range(
            table, area, 1, 99_999, "a five-digit ZIP code, nor one that lost its leading zeros"
        )
    observed.check_unique_rows(area, geoids)
    names = (
        dict(zip(geoids.tolist(), observed.text_column(table, "county_name").tolist(), strict=True)) if named else {}
    )
    return ObservationTable(
        dataset=_dataset(key),
        vintage=2010,
        area_kind=area,
        geoids=geoids,
        period_kind="none",
        columns=tuple(
            ObservedColumn(
                slug,
                observed.float_column(table, column),
                standard_error=observed.float_column(table, errors[slug]) if slug in errors else None,
            )
            for slug, column in known.items()
        ),
        rows_read=table.num_rows,
        names=names,
        ignored_columns=tuple(
            n for n in header.names if n not in {area, "county_name", *known.values(), *errors.values()}
        ),
    )


def _column(slug: str, area: str) -> str:
    """The publisher's column of a metric; a ZIP file's `county` says which county the ZIP code is in."""
    if slug == "zip_county":
        return "county" if area == "zip" else ""
    return slug if slug in _WITHOUT_AREA else f"{slug}_{area}"

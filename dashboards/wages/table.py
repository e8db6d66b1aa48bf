"""Every occupation of a city's metropolitan area as a declared table, for every format it leaves the portal in."""

from atlas.formatting.money import format_whole_dollars
from atlas.records.places import SAMPLE_NOTICE
from atlas.records.wages import NUMBERS, MetroWages, OccupationPay
from atlas.sources.occupation_wages import DATASET, TOP_CODED, TOP_WAGES
from atlas.tables.declaration import Column, Table
from atlas.tables.frames import build_frame
from atlas.web.table_files import TableFile, provenance_of
from dashboards.exports.panel_table import SAMPLE_COLUMN
from dashboards.formatting.wages import REASONS, WageDollars

_PERCENT = "percent of the number"
_POINTS = {
    "mean": "Mean wage",
    "p10": "Wage that 10 in 100 earn less than",
    "p25": "Wage that 25 in 100 earn less than",
    "median": "Median wage",
    "p75": "Wage that 75 in 100 earn less than",
    "p90": "Wage that 90 in 100 earn less than",
}
_ABOUT = (
    Column("occupation", "string", "Code of the Standard Occupational Classification"),
    Column("title", "string", "Occupation"),
    Column("group", "string", "total, major, minor, broad or detailed", "", "Only detailed rows are occupations"),
)
_COUNTS = {
    "employment": Column("employment", "number", "Jobs, rounded by the source"),
    "employment_rse": Column("employment_rse", "number", "Relative standard error of jobs", _PERCENT),
    "jobs_per_1000": Column("jobs_per_1000", "number", "Jobs in the occupation per 1,000 in the area"),
    "location_quotient": Column("location_quotient", "number", "Share of the area's jobs over the nation's share"),
    "mean_rse": Column("mean_rse", "number", "Relative standard error of the mean wage", _PERCENT),
}


def wages_file(found: MetroWages, dollars: WageDollars, name: str, address: str) -> TableFile:
    """`name`: of the file, "detroit-wages"."""
    nation = {row.code: row for row in found.nation}
    columns, rows = _columns(dollars), [_row(found, row, nation.get(row.code), dollars) for row in found.rows]
    if found.is_sample:
        columns, rows = (*columns, SAMPLE_COLUMN), [[*row, SAMPLE_NOTICE] for row in rows]
    table = Table(
        name,
        f"Wages of occupations in {found.metro.title}, {found.source.vintage}",
        columns,
        ("occupation",),
        f"Median wages by occupation in the metropolitan area, in {dollars.words}. What jobs pay there, not what "
        "training adds.",
        tuple(provenance_of(source) for source in (found.source, found.nation_source) if source),
        (
            *DATASET.caveats,
            *([f"Converted by {dollars.factor:.5f} from {found.source.vintage}."] if dollars.is_converted else []),
        ),
        address,
        is_sample=found.is_sample,
    )
    return TableFile(table, build_frame(table, rows))


def _columns(dollars: WageDollars) -> tuple[Column, ...]:
    wages = {
        f"{way}_{point}": Column(f"{way}_{point}", "number", f"{words}, {way}", dollars.unit)
        for way in ("hourly", "annual")
        for point, words in _POINTS.items()
    }
    top = " or ".join(f"{format_whole_dollars(amount)} {way}" for way, amount in TOP_WAGES.items())
    return (
        *_ABOUT,
        *(({**_COUNTS, **wages})[number] for number in NUMBERS),
        Column("us_annual_median", "number", "Median wage in the United States, annual", dollars.unit),
        Column("reasons", "string", "Why numbers are missing", "", f"{TOP_CODED}: at least {top} in the source"),
        Column("metro", "string", "Code of the metropolitan area (CBSA)"),
        Column("metro_title", "string", "Metropolitan area"),
    )


def _row(found: MetroWages, row: OccupationPay, nation: OccupationPay | None, dollars: WageDollars) -> list[object]:
    return [
        row.code,
        row.title,
        row.group,
        *(_number(row, name, dollars) for name in NUMBERS),
        _number(nation, "annual_median", dollars) if nation else None,
        reasons_of(row),
        found.metro.code,
        found.metro.title,
    ]


def _number(row: OccupationPay, name: str, dollars: WageDollars) -> float | None:
    value = getattr(row, name)
    is_wage = name.startswith(("hourly_", "annual_"))
    return round(value * dollars.factor, 2) if value is not None and is_wage and dollars.is_converted else value


def reasons_of(row: OccupationPay) -> str:
    """ "annual_median: the source prints no wage this high"; numbers of one reason stand together."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in row.missing.items():
        by_reason.setdefault(reason, []).append(name)
    return "; ".join(f"{', '.join(names)}: {REASONS.get(reason, reason)}" for reason, names in by_reason.items())

"""A table of every type, with what is hard to write: gaps, a formula, letters of other scripts, small numbers."""

from datetime import UTC, date, datetime

from shapely.geometry import box

from atlas.tables.declaration import Column, Provenance, Table
from atlas.tables.frames import build_frame

SOURCE = Provenance(
    title="Household income at 35",
    publisher="Opportunity Insights",
    citation="Chetty et al. 2018",
    license="free with attribution",
    address="https://opportunityatlas.org/",
    vintage="births 1978-83",
    release=17,
    sha256="ab" * 32,
)
TABLE = Table(
    name="detroit-where",
    title="Household income in Detroit, by tract",
    columns=(
        Column("geoid", "string", "Tract (2010 GEOID)"),
        Column("name", "string", "Neighborhood"),
        Column("value", "number", "Income", "usd_2015", "Household income at age 35"),
        Column("standard_error", "number", "Standard error", "usd_2015"),
        Column("n", "integer", "Children"),
        Column("belongs", "boolean", "Counts as Detroit's"),
        Column("period_start", "date", "First day"),
        Column("entered_at", "datetime", "Entered"),
        Column("reason", "string", "Why a number is missing"),
    ),
    key=("geoid",),
    description="One row per tract.",
    sources=(SOURCE,),
    notes=("Small differences may be chance.",),
    address="https://portal.example/cities/detroit/",
)
AT = datetime(2026, 11, 29, 22, 5, tzinfo=UTC)
ROWS = (
    ("06037101110", "=1+1", 0.38697663, 0.01, 3, True, date(1978, 1, 1), AT, ""),
    ("26163500100", 'Café, "Zoë"\nEast', -12.0, None, None, False, None, None, "too few children"),
    ("26163500200", "", None, float("nan"), 1_000_000, None, date(1983, 12, 31), AT, "not published"),
)
FRAME = build_frame(TABLE, ROWS)
SHAPES = {"06037101110": box(-118, 34, -117, 35), "26163500100": box(-83, 42, -82, 43), "99999999999": box(0, 0, 1, 1)}

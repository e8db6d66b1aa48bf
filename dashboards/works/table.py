"""Published results as a declared table."""

from collections.abc import Iterable

from atlas.tables.declaration import Column, Table
from atlas.tables.frames import build_frame
from atlas.web.table_files import TableFile
from engagements.pilots.rules.works import Work
from engagements.results.rules.sentences import design_words

_IN_UNIT = "unit"
_LIMIT = "Results in one city may not repeat elsewhere."
COLUMNS = (
    Column("result", "integer", "Number of the result: /results/<result>/"),
    Column("pilot", "integer", "Number of the pilot it came from"),
    Column("city", "string", "City"),
    Column("tested", "string", "What was tried"),
    Column("outcome", "string", "Outcome"),
    Column("sentence", "string", "What the public reads"),
    Column("verdict", "string", "The portal’s own verdict; empty: published by others, not judged"),
    Column("as_published", "string", "What the interval says, where others published it"),
    Column("effect", "number", "Effect", _IN_UNIT),
    Column("low", "number", "Lower end of its interval", _IN_UNIT),
    Column("high", "number", "Upper end of its interval", _IN_UNIT),
    Column("level", "number", "Level of the interval", "percent"),
    Column("unit", "string", "Unit of effect and interval"),
    Column("scale", "string", "difference: no change is 0; ratio: no change is 1"),
    Column("better", "string", "Which way is better: more or less"),
    Column("smallest_worthwhile", "number", "Smallest effect worth having, registered before data", _IN_UNIT),
    Column("detectable", "number", "Smallest effect the test could detect", _IN_UNIT),
    Column("design", "string", "Kind of comparison"),
    Column("design_words", "string", "The comparison in words"),
    Column("participants", "integer", "People or units in all groups"),
    Column("cost_usd", "number", "Cost for each cost_unit, in dollars of cost_price_year"),
    Column("cost_price_year", "integer", "Year of the cost’s dollars"),
    Column("cost_unit", "string", "What the cost pays for"),
    Column("published_on", "date", "Day it was published here last"),
    Column("city_says", "string", "What the city said to the sentence"),
    Column("source", "string", "First source"),
    Column("source_address", "string", "Address of the first source"),
    Column("fictional", "boolean", "Made up for demonstration"),
)


def works_file(rows: Iterable[Work], address: str, *, is_made_up: bool) -> TableFile:
    notes = ("Tests of different outcomes or units are not comparable.", _LIMIT)
    made_up = ("Demo data: made up, and kept out of real totals.",) if is_made_up else ()
    table = Table(
        "what-works", "What works: results and pilots", COLUMNS, ("result",), notes=(*made_up, *notes), address=address
    )
    return TableFile(table, build_frame(table, [_cells(row) for row in rows]))


def _cells(row: Work) -> tuple[object, ...]:
    fields = row.fields
    source = fields.sources[0] if fields.sources else None
    behind = row.pilot
    return (
        row.pk,
        behind.pk if behind else None,
        row.city,
        row.name,
        fields.outcome,
        row.sentence,
        fields.verdict or None,
        None if row.is_own else row.state,
        fields.effect,
        fields.low,
        fields.high,
        fields.level,
        fields.unit or None,
        fields.scale,
        fields.wanted,
        behind.worthwhile if behind else None,
        behind.detectable if behind else None,
        fields.design,
        design_words(fields),
        fields.participants,
        fields.cost_usd,
        fields.cost_price_year,
        fields.cost_unit or None,
        row.published_on,
        row.confirmed,
        source.title if source else None,
        source.url or None if source else None,
        row.is_fictional,
    )

"""The ledger of an engagement and its sums as declared tables."""

from collections.abc import Iterable
from decimal import Decimal

from atlas.tables.declaration import Column, Table
from atlas.tables.frames import build_frame
from atlas.web.table_files import TableFile
from engagements.money.queries.ledger import EntryRow
from engagements.money.queries.sums import Money
from engagements.money.rules.stages import STAGES

ENTRIES = (
    Column("id", "integer", "Number of the entry"),
    Column("stage", "string", "Stage", "", ", ".join(str(meaning.value) for meaning in STAGES)),
    Column("usd", "number", "Amount", "usd", "In dollars of price_year; below 0 it takes back an earlier entry"),
    Column("price_year", "integer", "Year of its prices"),
    Column("occurred_on", "date", "Day it happened"),
    Column("funder", "string", "Funder"),
    Column("plan", "string", "Plan"),
    Column("project", "string", "Project it pays for", "", "Empty: the plan's project, if it has one"),
    Column("milestone", "string", "Milestone"),
    Column("payee", "string", "Payee", "", "Empty where you may not see it"),
    Column("payee_address", "string", "Address of the payee", "", "Empty where you may not see it"),
    Column("description", "string", "What it was for"),
    Column("source_system", "string", "System it came from"),
    Column("external_id", "string", "Number in that system"),
    Column("reverses", "integer", "Entry it reverses"),
    Column("reversed_by", "integer", "Entry that reverses it"),
    Column("tracts", "string", "Tracts it serves", "", "GEOID:share, with ; between them; shares of the amount, 0-1"),
    Column("entered_at", "datetime", "When it was entered"),
    Column("fictional", "boolean", "Made up for demonstration", "", "Fictional entries are in no total"),
)
SUMS = (
    Column("kind", "string", "Recorded or fictional", "", "Fictional sums are made up for demonstration"),
    Column("by", "string", "Summed by", "", "funder or plan"),
    Column("name", "string", "Name of the funder or plan"),
    *(Column(f"{meaning.value}_usd", "number", meaning.label, "usd", meaning.definition) for meaning in STAGES),
    Column("reason", "string", "Why a number is missing"),
)
EXACT = "Amounts, not estimates: they have no margin of error."


def entries_file(slug: str, rows: Iterable[EntryRow], address: str) -> TableFile:
    """Every entry a viewer sees, in the columns of the API."""
    table = Table(f"{slug}-ledger", "Transactions", ENTRIES, ("id",), address=address, notes=(EXACT,))
    return TableFile(table, build_frame(table, map(_cells, rows)))


def sums_file(slug: str, found: Money, address: str) -> TableFile:
    """The sums of the page; recorded and fictional ones on rows of their own."""
    rows = [
        (kind, by, row.name, *row.usd, _why_empty(row.usd))
        for sums, kind in ((found.recorded, "recorded"), (found.fictional, "fictional"))
        if sums.entries
        for by, group in (("funder", sums.by_funder), ("plan", sums.by_plan))
        for row in group
    ]
    table = Table(f"{slug}-money-sums", "Sums of the ledger", SUMS, address=address, notes=(EXACT,))
    return TableFile(table, build_frame(table, rows))


def _why_empty(usd: tuple[Decimal | None, ...]) -> str:
    without = [meaning.label.lower() for meaning, amount in zip(STAGES, usd, strict=True) if amount is None]
    return f"no entry of: {', '.join(without)}" if without else ""


def _cells(row: EntryRow) -> tuple:
    return (
        row.pk,
        row.stage,
        row.usd,
        row.price_year,
        row.occurred_on,
        row.funder,
        row.plan,
        row.project,
        row.milestone,
        row.payee,
        row.payee_address,
        row.description,
        row.source_system,
        row.external_id,
        row.reverses_id,
        row.reversed_by_id,
        ";".join(f"{geoid}:{share:g}" for geoid, share in row.tracts),
        row.entered_at,
        row.is_fictional,
    )

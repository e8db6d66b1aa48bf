"""The table of cities of a portfolio: the page's figures, as any format; a workbook adds totals as formulas."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_range

from atlas.formatting.dates import format_moment
from atlas.tables.declaration import Column, Table
from atlas.tables.frames import build_frame
from atlas.tables.xlsx_file import ABOUT, OPTIONS, fill_about, fill_sheet
from atlas.web.table_files import TableFile
from engagements.portfolio.figures import CityRow, PortfolioSection
from engagements.portfolio.queries.portfolio import PortfolioFigures

COLUMNS = (
    Column("city", "string", "City"),
    Column("state", "string", "State"),
    Column("theme", "string", "Theme"),
    Column("status", "string", "Status"),
    Column("status_since", "date", "Since"),
    Column("next_milestone", "string", "Next milestone"),
    Column("next_due_on", "date", "Due"),
    Column("late_milestones", "integer", "Late milestones"),
    Column("milestones_mark", "string", "Milestones"),
    Column("committed_usd", "number", "Committed", "usd"),
    Column("spent_usd", "number", "Spent", "usd"),
    Column("budget_usd", "number", "Budget", "usd"),
    Column("planned_usd", "number", "Budget to date", "usd"),
    Column("money_mark", "string", "Money"),
    Column("last_update", "string", "Last quarterly update"),
    Column("fictional", "boolean", "Made up for demonstration", "", "Fictional rows are in no total of recorded ones"),
    Column("reason", "string", "Why a number is missing"),
)
REASON = len(COLUMNS) - 1
SUMMED = ("late_milestones", "committed_usd", "spent_usd", "budget_usd", "planned_usd")


def cells(row: CityRow, is_fictional: bool) -> tuple[object, ...]:
    """In the order of COLUMNS; colors in words."""
    following, late = row.next_milestone, row.late.value
    assert late is not None, "milestones are counted: none is 0"
    return (
        row.city,
        row.state,
        row.theme,
        row.status_label,
        row.status_since,
        following.title if following else "",
        following.due_on if following else None,
        int(late),
        _mark(row.milestones),
        row.committed.value,
        row.spent.value,
        row.budget.value,
        row.planned.value,
        _mark(row.money),
        row.update.name if row.update else "none published",
        is_fictional,
        "; ".join(
            f"{figure.label}: {figure.note}"
            for figure in (row.committed, row.spent, row.budget, row.planned)
            if figure.value is None
        ),
    )


def cities_file(figures: PortfolioFigures, name: str, address: str) -> TableFile:
    """Recorded cities, then fictional ones, marked so in their last column."""
    table = _declare(figures, name, address)
    rows = [cells(row, body.is_fictional) for body in _bodies(figures) for row in body.rows]
    return TableFile(table, build_frame(table, rows))


def write_xlsx(figures: PortfolioFigures, name: str, address: str) -> bytes:
    """A sheet of recorded cities, one of fictional ones where they are shown, one of columns and rules."""
    table, made = _declare(figures, name, address), io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        for body in _bodies(figures):
            sheet = book.add_worksheet("Fictional cities" if body.is_fictional else "Cities")
            fill_sheet(book, sheet, table, build_frame(table, [cells(row, body.is_fictional) for row in body.rows]))
            if body.rows:
                _write_totals(book, sheet, body)
        fill_about(book, book.add_worksheet(ABOUT), (table,))
    return made.getvalue()


def _declare(figures: PortfolioFigures, name: str, address: str) -> Table:
    title, *notes = about(figures)
    return Table(name, title, COLUMNS, notes=tuple(notes), address=address)


def about(figures: PortfolioFigures) -> list[str]:
    """What the table is, as of when, of what, and by which rules."""
    lines = [
        f"{figures.initiative.name}: cities of the portfolio",
        f"As of {format_moment(figures.as_of)}" + ("" if figures.is_past else " (when it was downloaded)"),
        f"Filters: {figures.filters.query() or 'none'}",
        f"Money: {figures.recorded.money.price_note}. {figures.recorded.money.not_added}",
    ]
    lines += [f"{stage.label}: {stage.definition}" for stage in figures.recorded.money.stages]
    rows = [row for body in _bodies(figures) for row in body.rows][:1]
    lines += [rule for row in rows for rule in (row.late.rule, row.budget.rule, row.milestones.rule, row.money.rule)]
    if figures.fictional:
        lines.append("Demo rows are made up. They are in no sum of recorded ones.")
    return lines


def _write_totals(book, sheet, body: PortfolioSection) -> None:
    """SUM formulas with the value they have, so that whoever does not compute them reads it too.

    Where a column is known in part, the last column says of how many rows its sum is.
    """
    bold = book.add_format({"bold": True})
    total = book.add_format({"bold": True, "num_format": "#,##0.00", "top": 1})
    whole = book.add_format({"bold": True, "num_format": "#,##0", "top": 1})
    last = len(body.rows)
    sheet.write_string(last + 1, 0, "Total", bold)
    in_part: list[str] = []
    for at, column in enumerate(COLUMNS):
        if column.name in SUMMED:
            amounts = [cells(row, body.is_fictional)[at] for row in body.rows]
            known = [float(str(amount)) for amount in amounts if amount is not None]
            style = whole if column.type == "integer" else total
            if known:
                sheet.write_formula(last + 1, at, f"=SUM({xl_range(1, at, last, at)})", style, sum(known))
            else:  # SUM would say 0 where nobody knows
                sheet.write_string(last + 1, at, "none recorded", bold)
            if 0 < len(known) < len(amounts):
                in_part.append(f"{column.title}: {len(known)} of {len(amounts)} rows")
    if in_part:
        said = f"Totals are of what is known. {'; '.join(in_part)}"
        sheet.write_string(last + 1, REASON, said, bold)


def _bodies(figures: PortfolioFigures) -> list[PortfolioSection]:
    return [body for body in (figures.recorded, figures.fictional) if body is not None]


def _mark(mark) -> str:
    return mark.words if mark.colour == "none" else f"{mark.colour}: {mark.words}"

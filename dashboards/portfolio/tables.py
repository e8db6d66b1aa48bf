"""The table of cities as CSV and XLSX: the page's figures, totals as formulas, nothing that a spreadsheet would run."""

import csv
import io
from datetime import date
from decimal import Decimal

import xlsxwriter

from atlas.formatting.dates import format_moment
from atlas.tables.formula_escape import comment_line, csv_cell
from engagements.portfolio.figures import CityRow, PortfolioSection
from engagements.portfolio.queries.portfolio import PortfolioFigures

# Key, head, width, and whether the column is summed up.
COLUMNS = (
    ("city", "City", 20, False),
    ("state", "State", 8, False),
    ("theme", "Theme", 22, False),
    ("status", "Status", 14, False),
    ("status_since", "Since", 12, False),
    ("next_milestone", "Next milestone", 40, False),
    ("next_due_on", "Due", 12, False),
    ("late_milestones", "Late milestones", 11, True),
    ("milestones_mark", "Milestones", 16, False),
    ("committed_usd", "Committed, $", 16, True),
    ("spent_usd", "Spent, $", 16, True),
    ("budget_usd", "Budget, $", 16, True),
    ("planned_usd", "Budget until now, $", 16, True),
    ("money_mark", "Money", 18, False),
    ("last_update", "Last quarterly update", 12, False),
    ("kind", "Recorded or fictional", 12, False),
    ("why_a_number_is_missing", "Why a number is missing", 40, False),
)
KEYS = tuple(key for key, *_ in COLUMNS)
Cell = str | int | Decimal | date | None


def cells(row: CityRow, is_fictional: bool) -> tuple[Cell, ...]:
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
        "fictional" if is_fictional else "recorded",
        "; ".join(
            f"{figure.label}: {figure.note}"
            for figure in (row.committed, row.spent, row.budget, row.planned)
            if figure.value is None
        ),
    )


def write_csv(figures: PortfolioFigures) -> bytes:
    """Lines that begin with “#” say what it is and as of when; then one header line, then recorded cities, then
    fictional ones, marked so in a column of their own."""
    text = io.StringIO()
    for line in about(figures):
        text.write(comment_line(line))
    writer = csv.writer(text)
    writer.writerow(KEYS)
    for body in _bodies(figures):
        for row in body.rows:
            writer.writerow([csv_cell(value) for value in cells(row, body.is_fictional)])
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(figures: PortfolioFigures) -> bytes:
    """A sheet of recorded cities, one of fictional ones where they are shown, one of rules and sources."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        for body in _bodies(figures):
            _write_rows(book, "Fictional cities" if body.is_fictional else "Cities", body)
        sheet = book.add_worksheet("About")
        sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
        for number, line in enumerate(about(figures)):
            sheet.write_string(number, 0, line)
    return made.getvalue()


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
        lines.append("Fictional rows are invented, to look around with. They are in no sum of recorded ones.")
    return lines


def _write_rows(book, name: str, body: PortfolioSection) -> None:
    bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    usd, total = (
        book.add_format({"num_format": "#,##0.00"}),
        book.add_format({"bold": True, "num_format": "#,##0.00", "top": 1}),
    )
    whole = book.add_format({"bold": True, "num_format": "#,##0", "top": 1})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for column, (_, head, width, _) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(body.rows, start=1):
        for column, value in enumerate(cells(row, body.is_fictional)):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, Decimal):
                sheet.write_number(number, column, float(value), usd)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, value)
    if body.rows:
        last = len(body.rows)
        sheet.write_string(last + 1, 0, "Total", bold)
        for column, (key, *_, is_summed) in enumerate(COLUMNS):
            if is_summed:
                letter = xlsxwriter.utility.xl_col_to_name(column)
                amounts = (cells(row, body.is_fictional)[column] for row in body.rows)
                known = [float(amount) for amount in amounts if isinstance(amount, int | Decimal)]
                style = whole if key == "late_milestones" else total
                if known:
                    formula = f"=SUM({letter}2:{letter}{last + 1})"
                    sheet.write_formula(last + 1, column, formula, style, sum(known))
                else:  # SUM would say 0 where nobody knows
                    sheet.write_string(last + 1, column, "none recorded", bold)


def _bodies(figures: PortfolioFigures) -> list[PortfolioSection]:
    return [body for body in (figures.recorded, figures.fictional) if body is not None]


def _mark(mark) -> str:
    return mark.words if mark.colour == "none" else f"{mark.colour}: {mark.words}"

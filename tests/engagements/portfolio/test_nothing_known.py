"""Where nothing is recorded there is a dash with the reason and never $0, on every way out of a portfolio."""

import csv
import io
import re
from datetime import date
from html import unescape

import openpyxl
import pytest
from django.utils import timezone

from atlas.web.table_files import write_file
from dashboards.documents.cells import printed
from dashboards.documents.model import Grid, GridColumn
from dashboards.portfolio.tables import cities_file, write_xlsx
from dashboards.reports.portfolio_document import portfolio_document
from engagements.models.ledger import Stage
from engagements.portfolio.queries.money import NO_ENTRY, NO_ENTRY_OF_STAGE
from engagements.portfolio.queries.portfolio import PortfolioFilter, portfolio
from tests.engagements.discussion.discussion import as_
from tests.factories.portfolio import World

pytestmark = pytest.mark.django_db
ZERO = re.compile(r"\$0(?![\d.,])")


@pytest.fixture
def world():
    """One city with a commitment, a budget and no spending; another with nothing at all."""
    made = World()
    made.entry("committed", 150_000)
    made.budget(90_000)
    return made


def figures_of(world, **filters):
    return portfolio(world.funder, world.initiative.slug, PortfolioFilter(**filters), now=timezone.now())


def test_each_figure_without_an_entry_is_none_and_says_why(world):
    body = figures_of(world).recorded
    first, second = body.rows[:2]
    assert (first.committed.value, first.spent.value, first.spent.note) == (150_000, None, NO_ENTRY_OF_STAGE)
    assert (second.committed.value, second.committed.note) == (None, NO_ENTRY_OF_STAGE)
    assert (first.money.colour, first.money.words) == ("none", "No spending recorded")
    assert {line.stage for line in body.money.stages if line.total.value is not None} == {"committed"}
    assert "$150,000 committed and no spending is recorded" in body.sentence
    empty = World()
    assert figures_of(empty).recorded.rows[0].committed.note == NO_ENTRY


def test_amounts_that_take_each_other_back_are_0_and_known(world):
    world.reverse(world.entry("allocated", 500))
    (allocated,) = (line.total for line in figures_of(world).recorded.money.stages if line.stage == "allocated")
    assert (allocated.value, allocated.note) == (0, "")


def test_outside_a_period_nothing_is_said_to_be_0(world):
    body = figures_of(world, first="2025Q1", last="2025Q2").recorded
    assert body.headline[0].value is None and "period" in body.headline[0].note


def test_no_page_no_table_no_report_and_no_answer_says_0_dollars(world):
    found = figures_of(world)
    client = as_(world.funder)
    page = unescape(client.get(f"/portfolio/{world.initiative.slug}/").content.decode())
    page = re.sub(r"(?s)<script.*?</script>", "", page)
    assert not ZERO.search(page) and f"— {NO_ENTRY_OF_STAGE}" in page
    table = cities_file(found, "cities", "")
    rows = list(csv.DictReader(io.StringIO(write_file(table, "csv").decode())))
    assert (rows[0]["spent_usd"], rows[1]["committed_usd"]) == ("", "")
    assert f"Spent: {NO_ENTRY_OF_STAGE}" in rows[0]["reason"]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(found, "cities", "")))["Cities"]
    totals = {cell.value: sheet.cell(sheet.max_row, cell.column).value for cell in sheet[1]}
    assert totals["spent_usd"] == "none recorded" and totals["committed_usd"].startswith("=SUM(")
    assert totals["reason"] == (
        "Totals are of what is known. Committed: 1 of 3 rows; Budget: 1 of 3 rows; Budget to date: 1 of 3 rows"
    )
    document = portfolio_document(found)
    grids = [grid for section in document.sections for grid in section.grids]
    cells = [words for grid in grids for row in printed(grid)[1] + [printed(grid)[2] or []] for words in row]
    assert not any(ZERO.search(words) for words in cells)
    (money,) = (grid for grid in grids if grid.name == "Cities: money against plan")
    assert "A dash: nothing of it is recorded." in money.note
    assert not ZERO.search(repr(document.numbers))
    answer = client.get(f"/api/v1/portfolio/{world.initiative.slug}/").json()
    (spent,) = (row["spent"] for row in answer["recorded"]["rows"][:1])
    assert spent["value"] is None and spent["note"] == NO_ENTRY_OF_STAGE


def test_a_column_without_a_number_has_no_total():
    grid = Grid("Money", (GridColumn("City"), GridColumn("Spent", "usd", True)), (("Akron", None), ("Berlin", None)))
    assert grid.totals() == (None, None) and printed(grid)[2] == ["Total", "–"]


def test_a_total_of_a_column_known_in_part_says_so():
    heads = (GridColumn("City"), GridColumn("Spent", "usd", True))
    grid = Grid("Money", heads, (("Akron", None), ("Berlin", 5)))
    assert printed(grid)[2] == ["Total of what is known", "$5"]
    assert printed(Grid("Money", heads, (("Akron", 1), ("Berlin", 5))))[2] == ["Total", "$6"]


def test_the_page_of_a_citys_money_says_what_is_not_entered(world):
    client = as_(world.lead)
    address = f"/engagements/{world.engagements[0].slug}/money/"
    page = unescape(client.get(address).content.decode())
    assert not ZERO.search(re.sub(r"(?s)<svg.*?</svg>", "", page))
    assert "$150,000 is committed. No spending is entered yet." in page
    assert "No spending is entered against a budget of $90,000" in page and "— no entry" in page
    table = client.get(f"{address}sums.csv").content.decode()
    (row,) = (row for row in csv.DictReader(io.StringIO(table)) if row["by"] == "funder")
    assert (row["committed_usd"], row["spent_usd"]) == ("150000", "")
    without = [stage.label.casefold() for stage in Stage if stage is not Stage.COMMITTED]
    assert len(without) == 4 and row["reason"].split(": ")[1].split(", ") == without


def test_over_plan_by_nine_percent_is_amber(world):
    """The fault seen: 9% above plan was green."""
    world.budget(1_000, at=1, first=date(2025, 1, 1), last=date(2025, 3, 31))
    world.entry("committed", 5_000, at=1, on=date(2025, 1, 1))
    world.entry("spent", 1_090, at=1, on=date(2025, 2, 1))
    mark = figures_of(world).recorded.rows[1].money
    assert (mark.colour, mark.words) == ("amber", "9% over plan")

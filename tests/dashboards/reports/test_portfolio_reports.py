"""Quarterly reports, opened again: every number is that of the figures, and the same moment gives the same numbers."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone
from pptx import Presentation

from dashboards.documents.cells import format_cell, printed
from dashboards.documents.grid_pages import grid_pages
from dashboards.documents.model import Grid, GridColumn
from dashboards.documents.pdf import write_pdf
from dashboards.documents.pptx import write_pptx
from dashboards.documents.xlsx import write_xlsx
from dashboards.formatting.shown_dollars import PUBLISHED, ShownDollars, showing
from dashboards.portfolio.api import in_dollars
from dashboards.reports import make as making
from dashboards.reports.portfolio import read_figures
from dashboards.reports.portfolio_document import portfolio_document
from dashboards.reports.portfolio_sections import INVENTED
from dashboards.reports.portfolio_story import portfolio_story
from engagements import models
from engagements.models import Report
from engagements.portfolio import figures as records
from engagements.portfolio.actions.reports import request_report
from engagements.portfolio.filters import quarter_label
from engagements.portfolio.queries.portfolio import PortfolioFigures
from tests.dashboards.documents.deck_reading import check_sheet, check_slides
from tests.dashboards.exports.pdf_tags import missing_from, tags_of
from tests.dashboards.exports.pdf_text import read_pdf, squeezed
from tests.factories.portfolio import World, archive
from tests.factories.reports import HOSTILE, full_world

pytestmark = pytest.mark.django_db


def ask(world, kind="portfolio_xlsx", *, by=None, now=None, **more) -> Report:
    now = now or timezone.now()
    return request_report(kind=kind, by=by or world.funder, initiative=world.initiative.slug, now=now, **more)


def made(report: Report) -> tuple[Report, bytes]:
    making.make(report.pk)
    report = Report.objects.get(pk=report.pk)
    assert report.status == "done", report.problem
    with report.file.open("rb") as file:
        return report, file.read()


@pytest.fixture
def world(settings):
    settings.DEMO_ACCOUNTS = True
    return full_world()


@pytest.fixture
def figures(world) -> PortfolioFigures:
    return read_figures(ask(world))


@pytest.fixture
def document(figures):
    return portfolio_document(figures)


def test_each_kind_is_made_with_its_figures_and_a_name(world):
    for kind, ending, begins in (("pdf", "pdf", b"%PDF-1.7"), ("pptx", "pptx", b"PK"), ("xlsx", "xlsx", b"PK")):
        report, content = made(ask(world, f"portfolio_{kind}"))
        assert content.startswith(begins)
        assert report.file_name == f"{world.initiative.slug}-quarterly-report-{report.as_of:%Y-%m-%d}-1.{ending}"
        assert PortfolioFigures.from_json(report.figures) == read_figures(report)


def change_the_world(world) -> None:
    """A deed of every kind that figures are made of, after the first report."""
    world.entry("committed", 77_000_000, at=0)
    world.reverse(
        models.LedgerEntry.objects.filter(stage="spent", engagement=world.engagements[1], reverses=None).first()
    )
    world.milestone(at=0, due=-90)
    models.Milestone.objects.filter(engagement=world.engagements[1]).update(title="Renamed", due_on=world.today)
    archive(models.Risk.objects.first(), world.by)
    archive(models.BudgetLine.objects.first(), world.by)
    world.status("paused", at=2, on=world.today)
    world.plan(at=1, interventions=(world.evidence("rct"),))
    world.value(models.Indicator.objects.first(), 999, quarter=3)
    kept = models.QuarterlyUpdate.objects.filter(engagement=world.engagements[0]).get()
    world.publish_update(kept, "We changed our words.")
    world.entry("spent", 99, at=2, is_fictional=True)


def test_made_again_as_of_the_first_moment_it_gives_the_same_figures_and_cells(world):
    first, content = made(ask(world))
    change_the_world(world)
    now, other = made(ask(world))
    assert now.figures != first.figures
    again, same = made(ask(world, as_of=first.as_of))
    assert again.figures == first.figures
    assert cells_of(same) == cells_of(content)
    assert cells_of(other) != cells_of(content)
    assert again.number == first.number + 2


def cells_of(content: bytes) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def test_the_same_document_gives_the_same_bytes(document):
    assert write_xlsx(document) == write_xlsx(document)
    assert write_pdf(document) == write_pdf(document)


def test_filters_that_match_nothing_are_said_to(world):
    assert "match no city" in problem_of(ask(world, query="status=withdrawn"))


@pytest.mark.parametrize("query, words", [("from=2026Q9", "no quarter"), ("from=2026Q2&to=2026Q1", "before it begins")])
def test_filters_that_mean_nothing_by_now_are_said_to(world, query, words):
    report = ask(world)
    Report.objects.filter(pk=report.pk).update(query=query)
    assert words in problem_of(report)


def problem_of(report: Report) -> str:
    making.make(report.pk)
    return Report.objects.get(pk=report.pk).problem


def test_a_moment_before_the_records_and_a_role_that_ended_are_said_to_be(world):
    assert "Records begin on" in problem_of(ask(world, as_of=timezone.now() - timedelta(days=30)))
    late = ask(world)
    models.EngagementRole.objects.filter(user=world.funder).update(ended_on=world.today)
    assert "can no longer read" in problem_of(late)


def test_progress_is_told_in_real_steps(world, monkeypatch):
    report, told = ask(world, "portfolio_pptx"), []
    monkeypatch.setattr(making, "progress_of", lambda row: lambda percent, step: told.append((percent, step)))
    making.make(report.pk)
    assert [percent for percent, _ in told] == sorted(percent for percent, _ in told)
    assert "reading the figures" in told[0][1] and len(told) == 4


def test_the_workbook_has_every_number_of_the_figures(figures, document):
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(document)), data_only=True)
    body = figures.recorded
    rows = table_of(book["Cities money against plan"])
    for row, line in zip(rows, body.rows, strict=False):
        assert row[:5] == [line.city, *(as_float(f) for f in (line.committed, line.spent, line.budget, line.planned))]
    assert rows[len(body.rows)][:3] == ["Whole initiative, no city", 500000.0, 12345.67]
    assert rows[-1][1:3] == [as_float(body.figure("committed")), as_float(body.figure("spent"))]
    for name, lines in (("Funders by stage", body.money.funders), ("Quarters by stage", body.money.quarters)):
        found = table_of(book[name])
        for row, line in zip(found, lines, strict=False):
            assert row[1:] == [as_float(figure) for figure in line.figures]
        assert found[-1][1:] == [as_float(line.total) for line in body.money.stages]
    assert [row[2] for row in table_of(book["The five stages"])] == [as_float(line.total) for line in body.money.stages]
    people = table_of(book["Counts of people"])
    assert people[-1][9] == as_float(body.people.people) == 327
    assert people[-1][10] == as_float(body.people.households) == 31
    for family in body.families:
        found = table_of(book[f"Indicators {family.label}"])
        assert [row[7] for row in found] == [as_float(line.actual) for line in family.indicators]
        assert [(row[8], row[9]) for row in found] == [(line.low, line.high) for line in family.indicators]
    tiers = table_of(book["Interventions by kind of evidenc"[:31]])
    assert [row[1] for row in tiers[:-1]] == [as_float(line.figure) for line in body.evidence.tiers]
    work = table_of(book["Cities work"])
    assert [row[9] for row in work[:-1]] == [as_float(line.late) for line in body.rows]
    fictional = table_of(book["Fictional Cities money against"])
    assert fictional[-1][1:3] == [7000.0, 1234.5]


def as_float(figure: records.Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def table_of(sheet) -> list[list]:
    """Rows under the heads; None where a cell says in italics why it has no number."""
    rows = sheet.iter_rows(min_row=5)
    return [[None if cell.font.italic and isinstance(cell.value, str) else cell.value for cell in row] for row in rows]


def test_totals_are_formulas_whose_kept_value_is_their_sum(document):
    content = write_xlsx(document)
    formulas, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=kept) for kept in (False, True))
    seen = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    first, _, last = cell.value.removeprefix("=SUM(").removesuffix(")").partition(":")
                    column = values[sheet.title][first : last or first]
                    parts = [Decimal(str(c.value)) for (c,) in column if isinstance(c.value, int | float)]
                    assert float(sum(parts)) == values[sheet.title][cell.coordinate].value
                    seen += 1
    assert seen > 15


def test_numbers_are_numbers_days_are_days_and_text_is_no_formula(document):
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(document)))
    assert book["Open risks"]["B5"].data_type == "s"
    assert book["Open risks"]["B5"].value == HOSTILE[:60]
    assert book["Quarterly updates"]["E5"].value == HOSTILE
    assert book["Open risks"]["G5"].value.date() == date(2026, 1, 5)
    assert book["Open risks"]["G5"].number_format == "yyyy-mm-dd"
    assert book["Funders by stage"]["B5"].number_format.startswith("$")


def test_the_workbook_says_what_it_is(document):
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(document)))
    heads = {str(cell.value) for sheet in book.worksheets[1:] for cell in sheet[4]}
    assert "Dollars" in heads and "Dollars (dollars)" not in heads, "a head that is a unit says it once"
    about = "\n".join(f"{row[0].value}: {row[1].value}" for row in book["About"].iter_rows(max_col=2))
    for words in (document.lede, document.as_of_label, document.address, "none: the whole initiative"):
        assert words in about
    rules = {row[1] for row in table_of(book["How each figure is made"])}
    for figure in document_figures(document):
        assert figure in rules
    assert all(INVENTED in (sheet["A2"].value or "") for sheet in book if sheet.title.startswith("Fictional"))


def document_figures(document) -> set[str]:
    (grid,) = (grid for _, grid in document.grids if grid.name == "How each figure is made")
    return {row[1] for row in grid.rows}


def test_slides_hold_every_printed_cell_once_and_charts_the_figures(figures, document):
    deck = Presentation(io.BytesIO(write_pptx(document)))
    tables, charts = [], []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                tables += [[cell.text for cell in row.cells] for row in list(shape.table.rows)[1:]]
            if shape.has_chart:
                charts.append(shape.chart)
    wanted = []
    for _, grid in document.grids:
        if grid.in_print and grid.rows:
            _, rows, total = printed(grid)
            wanted += [*rows, *([total] if total else [])]
    assert sorted(tables) == sorted(wanted)
    money = figures.recorded.money
    stages = {series.name: list(series.values) for series in charts[0].plots[0].series}
    assert stages == {"All funders": [as_float(line.total) for line in money.stages]}
    assert list(charts[0].plots[0].categories) == [line.label for line in money.stages]
    quarters = {series.name: list(series.values) for series in charts[1].plots[0].series}
    assert list(quarters) == ["Spent", "Committed"]
    shown = list(charts[1].plots[0].categories)
    assert shown == sorted(shown, key=lambda words: (words[3:], words[:2])), "quarters run forward"
    for at, line in enumerate(money.stages):
        if line.label in quarters:
            known = {quarter_label(quarter.quarter): as_float(quarter.figures[at]) for quarter in money.quarters}
            assert quarters[line.label] == [known.get(label) for label in shown]
    first = " ".join(s.text_frame.text for s in deck.slides[0].shapes if s.has_text_frame)
    for number in document.numbers:
        assert number.number in first and number.label in first
    assert len(document.numbers) == 5
    assert [check_sheet(chart) > 0 for chart in charts] == [True] * len(charts)


def test_slides_say_who_invented_what_and_stay_on_their_slides(document):
    deck = Presentation(io.BytesIO(write_pptx(document)))
    for slide in deck.slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert (INVENTED in texts) == any("Fictional" in text and text != INVENTED for text in texts)
        notes = slide.notes_slide.notes_text_frame.text
        assert document.as_of_label in notes and "Source: " in notes
    check_slides(deck)


def test_the_pdf_says_every_printed_word_and_is_tagged(document):
    pdf = write_pdf(document)
    said = read_pdf(pdf)
    for section, grid in document.grids:
        if grid.in_print and grid.rows:
            for row in printed(grid)[1]:
                for cell in row:
                    assert squeezed(cell) in said, (section.title, cell)
    for words in (document.title, document.lede, HOSTILE, "We opened office 1.", INVENTED, document.as_of_label):
        assert squeezed(words) in said, words
    assert missing_from(pdf) == []
    kinds = Counter(tag.kind for tag in tags_of(pdf).all())
    assert kinds["Table"] == sum(grid.in_print and bool(grid.rows) for _, grid in document.grids)
    assert kinds["Figure"] and kinds["H2"] == len(document.sections)


def test_an_initiative_without_money_or_people_says_so_in_every_kind(settings):
    settings.DEMO_ACCOUNTS = False
    bare = World(cities=2)
    document = portfolio_document(read_figures(ask(bare)))
    said = read_pdf(write_pdf(document))
    for words in ("No transaction", "No published plan", "No performance indicator", "No quarterly update"):
        assert squeezed(words) in said
    assert "Fictional" not in said
    assert zipfile.is_zipfile(io.BytesIO(write_pptx(document)))
    assert zipfile.is_zipfile(io.BytesIO(write_xlsx(document)))


def test_an_invented_initiative_says_so_on_every_page(settings):
    settings.DEMO_ACCOUNTS = True
    document = portfolio_document(read_figures(ask(full_world(is_fictional=True))))
    assert document.banner
    for slide in Presentation(io.BytesIO(write_pptx(document))).slides:
        assert any("made up" in s.text_frame.text for s in slide.shapes if s.has_text_frame)


def test_filters_are_written_down_in_names(world):
    city = world.engagements[0].city
    document = portfolio_document(read_figures(ask(world, query=f"city={city.slug}&from=2026Q1")))
    assert ("Cities", city.name) in document.facts
    assert ("Period", "2026Q1 to now") in document.facts
    assert f"city={city.slug}" in document.address


def test_cells_in_words():
    assert [
        format_cell(value, kind)
        for value, kind in (
            (Decimal("1234.5"), "usd"),
            (None, "usd"),
            (3, "count"),
            (0.123, "share"),
            (0.3184, "percentile"),
            (0.0041, "error"),
            (date(2026, 3, 1), "date"),
            (Decimal("-1234.50"), "number"),
            ("", "text"),
        )
    ] == ["$1,235", "–", "3", "12.3%", "31.8", "0.41", "Mar 1, 2026", "−1,234.5", "–"]


def test_a_long_table_is_cut_into_slides_that_repeat_their_heads():
    columns = (GridColumn("City"), GridColumn("Dollars", "usd", True))
    grid = Grid("Long", columns, tuple((f"City {n}", n) for n in range(100)))
    pages = grid_pages(grid)
    assert [page.rows[0] for page in pages] == [["City", "Dollars"]] * len(pages)
    assert [row[0] for page in pages for row in page.rows[1:]] == [*(f"City {n}" for n in range(100)), "Total"]
    assert pages[-1].rows[-1] == ["Total", "$4,950"]
    assert pages[0].title == f"Long (1 of {len(pages)})"
    assert pages[0].titled("It is long.") == f"It is long (1 of {len(pages)})"
    assert pages[0].titled("much too long " * 30) == pages[0].title
    assert pages[0].numeric == (False, True)


TODAY = ShownDollars(334.98 / 237.017, "August 2026 dollars", "usd_2026_08", "2026-08", "In August 2026 dollars.")


def test_incomes_of_the_need_are_the_same_numbers_in_every_kind_in_each_of_the_dollars(figures):
    lines = (
        records.NeedLine("a", "Akron", 0.306, None, None, None, "none", False, 21_216.0),
        records.NeedLine("b", "Boise", 0.395, None, None, None, "none", False, 30_454.0),
    )
    figures = replace(figures, need=replace(figures.need, lines=lines))
    for shown, ends, cells in (
        (PUBLISHED, "$21,200 to $30,500", [21_216.0, 30_454.0]),
        (TODAY, "$30,000 to $43,000", [29_985.0, 43_041.0]),
    ):
        with showing(shown):
            document, story = portfolio_document(figures), portfolio_story(figures)
            grid = next(grid for _, grid in document.grids if grid.name.startswith("Where the need was"))
            at = next(at for at, head in enumerate(grid.heads) if shown.words in head.label)
            assert [row[at] for row in grid.rows] == cells
            assert squeezed(ends) in read_pdf(write_pdf(story)) and squeezed(shown.words) in read_pdf(write_pdf(story))
            deck = Presentation(io.BytesIO(write_pptx(story)))
            said = " ".join(words for slide in deck.slides for words in texts_of(slide))
            assert ends in said and shown.words in said
            assert in_dollars(figures).need.lines[0].usd == pytest.approx(21_216 * shown.factor)


def texts_of(slide) -> list[str]:
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return found + [cell.text for table in tables for row in table.rows for cell in row.cells]

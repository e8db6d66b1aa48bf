"""What a foundation forwards: six to eight slides and at most four pages, whatever the initiative holds."""

import io
import re

import openpyxl
import pytest
from django.utils import timezone
from pptx import Presentation

from dashboards.documents.model import Document, Grid, GridColumn, Section
from dashboards.documents.pdf import write_pdf
from dashboards.documents.pptx import write_pptx
from dashboards.documents.xlsx import column_widths, write_xlsx
from dashboards.reports.portfolio_document import portfolio_document
from dashboards.reports.portfolio_story import portfolio_story
from engagements import models
from engagements.portfolio.queries.portfolio import portfolio
from tests.dashboards.documents.deck_reading import check_sheet, check_slides, title_of
from tests.dashboards.exports.pdf_text import read_pdf, squeezed
from tests.factories.reports import full_world

pytestmark = pytest.mark.django_db
LONG = "Coaching and paid apprenticeships for young adults who left school without a diploma"


def story(cities: int, projects: int = 0):
    world = full_world(cities=cities)
    for n, engagement in enumerate(world.engagements):
        world.risk(at=n, title=f"The only contractor in the region may not renew its lease ({n})")
        for k in range(projects):
            project = models.Project.objects.create(engagement=engagement, title=f"{LONG} {k}", source="a test")
            world.entry("spent", f"{900 + n}.11", at=n, funder=n % 2, project=project)
            if k == 0 and n % 2:
                models.SearchRecord.objects.create(
                    engagement=engagement, project=project, searched_by="A", what="a result", places="web",
                    searched_on=world.today, sentence="We found no published result.",
                    published_at=timezone.now(), created_at=timezone.now(),
                )  # fmt: skip
    return portfolio_story(portfolio(world.funder, world.initiative.slug, now=timezone.now()))


@pytest.mark.parametrize(("cities", "projects"), [(2, 1), (14, 3)])
def test_few_cities_and_many_take_as_many_slides_and_pages_as_somebody_reads(cities, projects):
    told = story(cities, projects)
    deck = Presentation(io.BytesIO(write_pptx(told)))
    assert 6 <= len(deck.slides) <= 8
    check_slides(deck)
    titles = [title_of(slide) for slide in deck.slides]
    assert len(set(titles)) == len(titles) and titles[0] == told.title
    for slide in deck.slides:  # none is empty
        assert any(shape.has_chart or shape.has_table for shape in slide.shapes)
    pages = re.search(rb"<xmpTPg:NPages>(\d+)</xmpTPg:NPages>", write_pdf(told))
    assert int(pages[1]) <= 4


def test_the_first_slide_counts_projects_by_what_is_known_of_them():
    told = story(4, 2)
    slide = Presentation(io.BytesIO(write_pptx(told))).slides[0]
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    counts = dict(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True))
    assert counts == {row.label: row.count for row in told.tally.rows} and sum(counts.values()) == 8
    assert check_sheet(chart)
    words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert chart.plots[0].has_data_labels and chart.plots[0].data_labels.show_value  # the counts, beside their bars
    for row in told.tally.rows:
        assert row.label in words and row.names[0] in words


def test_dollars_by_evidence_stand_as_a_chart_over_their_table_to_the_cent():
    told = story(4, 2)
    (slide,) = (
        slide
        for slide in Presentation(io.BytesIO(write_pptx(told))).slides
        if any(s.has_chart for s in slide.shapes) and any(s.has_table for s in slide.shapes)
    )
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    (section,) = (section for section in told.sections if section.is_together)
    assert len(list(chart.plots[0].series)) == len(table.columns) - 2
    for at, row in enumerate(section.grids[0].rows):
        drawn = [series.values[at] for series in chart.plots[0].series]
        assert sum(value or 0 for value in drawn) == pytest.approx(float(row[-1]))


def test_what_a_slide_leaves_out_is_counted():
    told = story(14, 3)
    by_city = told.sections[0].grids[0]
    assert by_city.is_one_slide and len(by_city.rows) + by_city.left_out == 42
    slide = Presentation(io.BytesIO(write_pptx(told))).slides[1]
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert f"{42 - (len(table.rows) - 1)} more" in words


def test_a_sheet_says_in_the_cell_why_a_number_is_missing_and_prints_at_a_readable_size():
    heads = (
        GridColumn("City"),
        *(GridColumn(f"Words {n}", weight=3) for n in range(6)),
        GridColumn("Spent", "usd", True),
    )
    heads = (*heads, GridColumn("Margin", "error", missing="none in the file"))
    words = ("x",) * 6
    grid = Grid("Money", heads, (("A", *words, 5.0, 0.1), ("B", *words, None, None)))
    assert sum(column_widths(grid)) <= 170
    told = Document("T", "L", "P", "https://example.org", timezone.now(), (), (Section("S", grids=(grid,)),))
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(told)))["Money"]
    assert (sheet.cell(5, 8).value, sheet.cell(6, 8).value, sheet.cell(6, 9).value) == (
        5,
        "no entry",
        "none in the file",
    )
    assert sheet.cell(6, 8).font.italic and not sheet.cell(5, 8).font.italic
    assert sheet.freeze_panes == "B5" and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.fitToHeight == 0  # one page wide, any long
    assert sheet.cell(7, 8).value == "=SUM(H5:H6)"


def test_slides_paper_and_workbook_name_no_payee_and_no_draft():
    world = full_world()
    world.entry("spent", 5, payee="Jane Doe", payee_address="Bank account 7", description="Secret words")
    world.risk(title="Internal worry", visibility="team")
    world.plan(title="Draft plan nobody approved", interventions=(None,), publish=False)
    figures = portfolio(world.funder, world.initiative.slug, now=timezone.now())
    deck = Presentation(io.BytesIO(write_pptx(portfolio_story(figures))))
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    said += [
        cell.text
        for slide in deck.slides
        for s in slide.shapes
        if s.has_table
        for row in s.table.rows
        for cell in row.cells
    ]
    said += [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(portfolio_document(figures))))
    said += [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    words = squeezed(" ".join(said)) + read_pdf(write_pdf(portfolio_story(figures)))
    for secret in ("Jane Doe", "Bank account 7", "Secret words", "Internal worry", "Draft plan nobody approved"):
        assert squeezed(secret) not in words

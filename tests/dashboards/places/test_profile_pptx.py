import io
import time
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches

from dashboards.documents.slides.deck import HEIGHT, WIDTH
from dashboards.documents.slides.native_charts import value_range
from dashboards.documents.slides.series import Z95, Series, chart_rows, row_names
from dashboards.documents.slides.text import lines_of, slide_table, table_heights
from dashboards.documents.slides.workbook import column_letters
from dashboards.formatting.sentences import split_finding
from dashboards.panels import distribution, headline, where
from dashboards.panels.base import Column, Table
from dashboards.places.profile_pptx import footer_text, write_profile_pptx
from tests.dashboards.panels.records import HOSTILE, make_city, make_headline, make_histogram, make_source
from tests.dashboards.panels.records import make_tracts as tracts
from tests.dashboards.places.test_profile_pdf import make_profile

COURSE = Table(
    "Share of people by year",
    (
        Column("year", "Year"),
        Column("share", "Share", "value", "share"),
        Column("share_low", "Low", "value", "share"),
        Column("share_high", "High", "value", "share"),
    ),
    (("2021", 0.30, 0.25, 0.36), ("2020", 0.28, 0.20, 0.31), ("2022", None, None, None)),
)


def panels():
    found = make_headline(standard_error=0.004)
    return (headline.build(make_city(), found), where.build(tracts()), distribution.build(tracts(), *make_histogram()))


def deck_of(*shown, **changes):
    return Presentation(io.BytesIO(write_profile_pptx(make_profile(panels=shown or panels(), **changes))))


def chart_of(slide):
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


def errors_of(series) -> list[tuple[float, float]]:
    sides = [
        [float(v.text) for v in series._element.find(f".//{{*}}errBars/{{*}}{s}").iter("{*}v")]
        for s in ("minus", "plus")
    ]
    return list(zip(*sides, strict=True))


def sheet_of(chart):
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]


def test_a_title_slide_and_one_slide_for_each_panel():
    deck = deck_of()
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[0] == "Springfield, Ohio"
    assert titles[1].startswith("Children from low-income families who grew up in Springfield reached")
    assert titles[1].endswith("(2015 dollars).")
    assert len(titles) == 4
    assert deck.core_properties.title == "Springfield, Ohio"


def test_the_comparison_is_a_native_scatter_of_the_tables_numbers():
    panel = panels()[0]
    chart = chart_of(deck_of(panel).slides[1])
    (series,) = chart.plots[0].series
    points = [(x, y) for x, y in zip(series.iter_values(), range(99), strict=False)]
    assert [y for y, _ in points] == [4.0, 3.0, 2.0, 1.0]  # the first row on top
    x_values = [float(v.text) for v in series._element.find("{*}xVal").iter("{*}v")]
    assert x_values == pytest.approx([row[1] * 100 for row in panel.table.rows])
    labels = ["".join(t.text for t in label.iter("{*}t")) for label in series._element.iter("{*}dLbl")]
    assert labels == [
        "Springfield",
        "Clark County, published",
        "Clark County, same arithmetic as Springfield",
        "United States",
    ]


def test_intervals_are_error_bars_and_rows_without_one_have_none():
    panel = panels()[0]
    (series,) = chart_of(deck_of(panel).slides[1]).plots[0].series
    expected = [0.0 if row[2] is None else Z95 * row[2] * 100 for row in panel.table.rows]
    assert errors_of(series) == [pytest.approx((half, half)) for half in expected]
    assert series._element.find(".//{*}errDir").get("val") == "x"
    bare = headline.build(make_city(), make_headline(references=()))
    assert chart_of(deck_of(bare).slides[1]).plots[0].series[0]._element.find("{*}errBars") is None


def test_what_powerpoint_edits_is_what_it_shows():
    """Every range that the chart refers to holds the chart's own numbers, error bars among them."""
    chart = chart_of(deck_of(panels()[0]).slides[1])
    sheet, checked = sheet_of(chart), 0
    for reference in chart._chartSpace.iter("{*}numRef"):
        cells = sheet[reference.findtext("{*}f").split("!")[1].replace("$", "")]
        values = [cell[0].value for cell in cells]
        assert values == [float(v.text) for v in reference.iter("{*}v")]
        checked += 1
    assert checked == 4
    assert [sheet.cell(row, 5).value for row in range(2, 6)] == list(row_names(panels()[0].table))


def test_bands_are_a_line_chart_with_the_tables_shares():
    panel = panels()[2]
    chart = chart_of(deck_of(panel).slides[1])
    assert list(chart.plots[0].categories) == [
        "$10k to $20k",
        "$20k to $30k",
        "$30k to $40k",
        *["$40k to $50k", "$50k to $60k", "$60k to $70k"],
    ]
    for index, series in enumerate(chart.plots[0].series):
        assert list(series.values) == pytest.approx([row[2 + index] * 100 for row in panel.table.rows])


def test_a_map_is_a_picture_with_words():
    slide = deck_of(panels()[1]).slides[1]
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert "tract by tract" in picture._element.nvPicPr.cNvPr.get("descr")
    assert not any(shape.has_chart for shape in slide.shapes)


def test_small_tables_are_native_and_their_long_columns_are_named_in_the_notes():
    long = replace(
        panels()[0], table=replace(panels()[0].table, rows=(("Springfield", 0.31, None, 22043.4, "a rule " * 20),))
    )
    slide = deck_of(long).slides[1]
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    assert [cell.text for cell in table.rows[1].cells] == ["Springfield", "31.0", "none published", "$22,043"]
    assert "not on this slide: How it was obtained" in slide.notes_slide.notes_text_frame.text
    assert slide_table(replace(long.table, rows=long.table.rows * 13)) is None
    assert slide_table(replace(long.table, rows=(("a name " * 20, 0.31, None, 1.0, "rule"),))) is None


def test_notes_say_how_we_know_and_footers_source_and_vintage():
    for slide, panel in zip(list(deck_of().slides)[1:], panels(), strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert "How we know" in notes
        assert all(caveat in notes for caveat in panel.caveats)
        assert "Chetty and others (2018)" in notes
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert "Source: Opportunity Insights: Household income at 35 (births 1978-83, 2010 tracts)" in texts


def test_many_sources_are_counted_in_the_footer():
    many = tuple(make_source(title=f"A data set with a rather long title {n}", release_id=n) for n in range(20))
    said = footer_text(headline.build(make_city(), make_headline(sources=many)))
    assert said.endswith("more in the notes")


def test_a_sample_says_so_on_every_slide():
    sample = headline.build(make_city(), make_headline(sources=(make_source(is_sample=True),)))
    for slide in deck_of(sample).slides:
        assert any("Synthetic sample data" in s.text_frame.text for s in slide.shapes if s.has_text_frame)


def test_text_of_others_stays_text_and_controls_are_gone():
    name = "=1+1\x00\x0b " + HOSTILE
    panel = headline.build(make_city(name=name), make_headline(standard_error=0.01))
    deck = deck_of(panel, title=name)
    assert deck.slides[0].shapes.title.text_frame.text == f"=1+1 {HOSTILE}"
    cell = sheet_of(chart_of(deck.slides[1])).cell(2, 5)
    assert (cell.data_type, cell.value) == ("s", f"=1+1 {HOSTILE}")


@pytest.mark.parametrize("wordy", ["Springfield", "A city of a very long name indeed, " * 3])
def test_everything_stays_on_its_slide_and_nothing_covers_another(wordy):
    found = make_headline(standard_error=0.004)
    shown = (headline.build(make_city(name=wordy), found), *panels()[1:])
    for slide in deck_of(*shown, title=wordy, lede=headline.describe(make_city(name=wordy), found)).slides:
        boxes = []
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= WIDTH
            assert shape.top + shape.height <= HEIGHT
            boxes.append((shape.left, shape.top, shape.left + shape.width, shape.top + shape.height))
        for index, one in enumerate(boxes):
            for two in boxes[index + 1 :]:
                assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


def test_words_fit_the_boxes_they_are_in():
    for slide in deck_of().slides:
        for shape in slide.shapes:
            runs = [run for p in shape.text_frame.paragraphs for run in p.runs] if shape.has_text_frame else []
            if runs:
                size = runs[0].font.size.pt
                assert lines_of(shape.text_frame.text, size, shape.width) * size * 1.2 <= shape.height.pt + 1


def test_a_deck_is_made_in_under_two_seconds():
    begin = time.process_time()
    write_profile_pptx(make_profile(panels=panels()))
    assert time.process_time() - begin < 2


def test_a_course_in_time_is_sorted_with_its_intervals_and_gaps():
    rows = chart_rows(COURSE)
    assert (rows.kind, rows.names, rows.unit) == ("course", ("2020", "2021", "2022"), "%")
    (series,) = rows.series
    assert series.values == (pytest.approx(28), pytest.approx(30), None)
    assert series.below == (pytest.approx(8), pytest.approx(5), 0.0)
    assert series.above == (pytest.approx(3), pytest.approx(6), 0.0)


def test_a_course_is_drawn_as_lines_with_upright_intervals():
    chart = chart_of(deck_of(replace(panels()[0], table=COURSE)).slides[1])
    (series,) = chart.plots[0].series
    assert list(series.values) == [pytest.approx(28), pytest.approx(30), None]
    assert series._element.find(".//{*}errDir").get("val") == "y"
    assert [cell.value for cell in sheet_of(chart)["C"]][1:] == [pytest.approx(3), pytest.approx(6), 0]


def test_several_courses_in_one_table_are_a_line_each():
    columns = (Column("place", "Place"), Column("year", "Year"), Column("rate", "Rate", "value", "share"))
    rows = (("A", "2020", 0.1), ("A", "2021", 0.2), ("B", "2021", 0.3))
    found = chart_rows(Table("t", columns, rows))
    assert [(s.name, s.values) for s in found.series] == [
        ("A", (pytest.approx(10), pytest.approx(20))),
        ("B", (None, pytest.approx(30))),
    ]


def test_estimates_of_another_unit_stay_in_the_table():
    assert [s.name for s in chart_rows(panels()[0].table).series] == ["Mean percentile"]


def test_tables_without_estimates_make_no_chart():
    assert chart_rows(Table("t", (Column("a", "A"), Column("b", "B")), (("x", "y"),))) is None
    assert chart_rows(Table("t", COURSE.columns, ())) is None


def test_findings_are_cut_into_sentences_but_not_at_abbreviations():
    assert split_finding("In St. Louis it was 31. The nation had 41.") == (
        "In St. Louis it was 31.",
        "The nation had 41.",
    )
    assert split_finding("One sentence only") == ("One sentence only", "")


def test_axes_hold_every_interval_in_round_numbers():
    low, high, step = value_range((Series("a", (30.0, None, 40.0), (2.0, 0.0, 0.0), (2.0, 0.0, 5.0)),))
    assert low <= 28 and high >= 45
    assert low % step == pytest.approx(0)


def test_small_arithmetic():
    assert [column_letters(number) for number in (0, 25, 26, 701)] == ["A", "Z", "AA", "ZZ"]
    assert lines_of("word " * 100, 12, Inches(2)) > lines_of("word " * 100, 12, Inches(4)) > 1
    rows = [["Place", "Value"], ["a", "1"], ["a very long name of a place that wraps", "2"]]
    heights = table_heights(rows, Inches(3))
    assert heights[2] > heights[1]

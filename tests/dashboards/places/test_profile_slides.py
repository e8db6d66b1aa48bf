"""A profile's deck from hand-made panels: what each slide says and draws, and that nothing spills or is covered."""

import time
from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE

from atlas.records.places import ContextSeries
from atlas.statistics.intervals import Z95
from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.documents.figure_charts import dots_of
from dashboards.documents.pptx import write_pptx
from dashboards.documents.slides.dots import MOST_ROWS, MOST_TALL_ROWS
from dashboards.panels import changing, distribution, headline, where
from dashboards.places.profile_slides import panel_sections, short_finding, slides_document
from tests.dashboards.documents.deck_reading import (
    chart_of,
    charts_on,
    check_sheet,
    check_slides,
    dots_on,
    labels_of,
    moments_on,
    open_deck,
    points_of,
    sheet_of,
    title_of,
    xml_of,
)
from tests.dashboards.panels.records import HOSTILE, make_city, make_headline, make_histogram, make_source
from tests.dashboards.panels.records import make_tracts as tracts
from tests.dashboards.panels.test_changing import make_series
from tests.dashboards.places.test_profile_paper import make_profile


def panels():
    found = make_headline(standard_error=0.004)
    return (headline.build(make_city(), found), where.build(tracts()), distribution.build(tracts(), *make_histogram()))


def deck_of(*shown, **changes):
    return open_deck(write_pptx(slides_document(make_profile(panels=shown or panels(), **changes))))


def errors_of(series) -> list[tuple[float, float]]:
    sides = [
        [float(v.text) for v in series._element.find(f".//{{*}}errBars/{{*}}{s}").iter("{*}v")]
        for s in ("minus", "plus")
    ]
    return list(zip(*sides, strict=True))


def test_a_title_slide_then_each_finding_over_its_chart():
    deck = deck_of()
    titles = [title_of(slide) for slide in deck.slides]
    assert titles[0] == "Springfield, Ohio"
    assert titles[1:3] == [panel.lead.rstrip(".") for panel in panels()[:2]] or titles[1:3] == [
        panel.lead for panel in panels()[:2]
    ]
    assert "31st" in titles[1] and "3 of 3" in titles[2]
    assert len(titles) == 4
    assert deck.core_properties.title == "Springfield, Ohio"


def test_the_comparison_has_the_figures_rows_and_the_nation_as_a_rule():
    panel = panels()[0]
    found = dots_on(chart_of(deck_of(panel).slides[1]))
    wanted = {row[0]: row[1] * 100 for row in panel.table.rows}
    nation = wanted.pop("United States, average low-income child")
    assert found == pytest.approx(wanted | {f"United States {nation:.1f}": nation})


def test_the_place_stands_out_and_the_others_are_gray():
    chart = chart_of(deck_of(panels()[0]).slides[1])
    colors = {s.name: s._element.find(".//{*}marker//{*}srgbClr") for s in chart.plots[0].series}
    assert colors["Springfield"].get("val") == "0B5480"
    assert colors["Others"].get("val") == "7F8B97"


def test_intervals_are_error_bars_and_values_stand_beside_in_words():
    panel = panels()[0]
    drawn = {series.name: series for series in chart_of(deck_of(panel).slides[1]).plots[0].series}
    half = Z95 * 0.004 * 100
    assert errors_of(drawn["Springfield"]) == [pytest.approx((half, half), rel=1e-4)]
    assert drawn["Springfield"]._element.find(".//{*}errDir").get("val") == "x"
    assert labels_of(drawn["Values in words"])[0] == "31.2 (30.4 to 32.0)"
    bare = headline.build(make_city(), make_headline(references=()))
    (only,) = [s for s in chart_of(deck_of(bare).slides[1]).plots[0].series if s.name == "Springfield"]
    assert only._element.find("{*}errBars") is None


def test_what_powerpoint_edits_is_what_it_shows():
    deck = deck_of()
    assert [check_sheet(chart) > 3 for chart in charts_on(deck)] == [True, True]
    names = [cell.value for cell in sheet_of(charts_on(deck)[0])["E"] if cell.value]
    assert names[0] == "Springfield" and len(names) >= 4


def test_the_distribution_is_the_figures_steps_and_middles():
    panel = panels()[2]
    chart = chart_of(deck_of(panel).slides[1])
    drawn = {series.name: points_of(series) for series in chart.plots[0].series}
    for trace in panel.figure.data:
        assert drawn[trace.name] == [
            pytest.approx(p) for p in zip(map(float, trace.x), map(float, trace.y), strict=True)
        ]
    middles = [points[0][0] for points in drawn.values() if len(points) == 2]
    assert sorted(middles) == pytest.approx(sorted(shape.x0 for shape in panel.figure.layout.shapes))


def test_a_map_is_a_picture_with_its_years_inside_and_words_for_those_who_do_not_see_it():
    slide = deck_of(panels()[1]).slides[1]
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert panels()[1].lead in picture._element.nvPicPr.cNvPr.get("descr")
    assert not any(shape.has_chart for shape in slide.shapes)


def test_feet_say_years_and_source_and_notes_how_we_know():
    for slide, panel in zip(list(deck_of().slides)[1:], panels(), strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert all(caveat in notes for caveat in panel.caveats)
        assert "Chetty and others (2018)" in notes and panel.finding.split(". ")[0] in notes
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert (
            "Children born 1978–83. Incomes in 2015 dollars. Source: Opportunity Insights, Household income at 35."
            in texts
        )


def test_many_sources_do_not_spill_and_are_said_to_be_in_the_notes():
    many = tuple(make_source(title=f"A data set with a rather long title {n}", release_id=n) for n in range(20))
    deck = deck_of(headline.build(make_city(), make_headline(sources=many)))
    check_slides(deck)
    texts = [shape.text_frame.text for shape in deck.slides[1].shapes if shape.has_text_frame]
    assert any(text.endswith("More in the notes.") for text in texts)
    assert "long title 19" in deck.slides[1].notes_slide.notes_text_frame.text


def test_a_sample_says_so_on_every_slide():
    sample = headline.build(make_city(), make_headline(sources=(make_source(is_sample=True),)))
    for slide in deck_of(sample).slides:
        assert any("Synthetic sample data" in s.text_frame.text for s in slide.shapes if s.has_text_frame)


def test_text_of_others_stays_text_and_controls_are_gone():
    name = "=1+1\x00\x0b " + HOSTILE
    panel = headline.build(make_city(name=name), make_headline(standard_error=0.01))
    deck = deck_of(panel, title=name, name=name)
    assert title_of(deck.slides[0]) == f"=1+1 {HOSTILE}"
    cells = [cell for cell in sheet_of(chart_of(deck.slides[1]))["E"] if cell.value]
    assert (cells[0].data_type, cells[0].value) == ("s", f"=1+1 {HOSTILE}")


@pytest.mark.parametrize("wordy", ["Springfield", "A city of a very long name indeed, " * 3])
def test_nothing_spills_is_covered_or_small(wordy):
    found = make_headline(standard_error=0.004)
    shown = (headline.build(make_city(name=wordy), found), *panels()[1:])
    lede = headline.describe(make_city(name=wordy), found)
    check_slides(deck_of(*shown, title=wordy, name=wordy, lede=lede))


def test_a_deck_is_made_in_under_two_seconds():
    deck_of()
    begin = time.process_time()
    deck_of()
    assert time.process_time() - begin < 2


def dot_panel(*blocks: DotBlock):
    finding = "In household income, white children ended up 11.0 points above Black children."
    return replace(panels()[0], finding=finding, figure=draw_dot_rows(blocks), slug="groups")


def rows(count: int, **more) -> tuple[DotRow, ...]:
    return tuple(DotRow(f"Group {n}", "", 30.0 + n, None, None, str(n), **more) for n in range(count))


def test_two_blocks_are_two_slides_each_with_its_own_axis():
    panel = dot_panel(
        DotBlock("Springfield: average of its tracts", "percentile of personal income", rows(2, reference=44.0)),
        DotBlock("Clark County as published", "percentile of household income", rows(3)),
    )
    deck = deck_of(panel)
    second, first = charts_on(deck)  # the finding is of household income, so that is shown first
    assert "percentile of personal income" in xml_of(first) and "household income" not in xml_of(first)
    assert "percentile of household income" in xml_of(second)
    assert "Same group, United States" in [series.name for series in first.plots[0].series]
    assert (
        title_of(deck.slides[2])
        == "Springfield, percentile of personal income: Group 0 30.0 (US 44.0), Group 1 31.0 (US 44.0)"
    )
    check_slides(deck)


def test_differences_have_a_rule_at_nought_and_one_row_is_drawn():
    panel = dot_panel(DotBlock("Springfield: gaps", "percentiles", rows(1), has_zero=True))
    deck = deck_of(panel)
    assert dots_on(charts_on(deck)[0]) == {"Group 0": 30.0, "No difference": 0.0}
    assert check_sheet(charts_on(deck)[0]) > 3


def test_a_second_row_is_named_by_its_note_and_hollow_dots_are_pale():
    own = (*rows(1), DotRow("", "same places, 63% coverage", 12.0, None, None, "12", is_second=True))
    deck = deck_of(dot_panel(DotBlock("Springfield: gaps", "percentiles", own)))
    assert dots_on(charts_on(deck)[0]) == {"Group 0": 30.0, "same places, 63% coverage": 12.0}
    assert "9DBBCC" in xml_of(charts_on(deck)[0])


def test_more_rows_than_a_slide_holds_go_on_with_the_next():
    deck = deck_of(dot_panel(DotBlock("Springfield", "percentile", rows(MOST_ROWS + 3))))
    parts = [dots_on(chart) for chart in charts_on(deck)]
    assert [len(part) for part in parts] == [MOST_ROWS, 3]
    check_slides(deck)


def test_rows_with_names_of_two_lines_are_fewer_on_a_slide():
    long = tuple(replace(row, label=f"{row.label} of a place with a name that is {'very ' * 9}long") for row in rows(9))
    deck = deck_of(dot_panel(DotBlock("Springfield", "percentile", long)))
    assert [len(dots_on(chart)) for chart in charts_on(deck)] == [MOST_TALL_ROWS, 1]
    check_slides(deck)


def test_two_marks_in_one_row_are_refused():
    figure = go.Figure()
    figure.add_scatter(x=[1.0, 2.0], y=[0, 0], mode="markers", name="Both")
    with pytest.raises(ValueError, match="Two marks stand in the row of 'Both'"):
        dots_of(figure, "", "Springfield")


YEARS = (2014, 2015, 2016, 2017)


def bounded(*values: float | None) -> dict[str, tuple]:
    """Values with bounds a tenth below and a fifth above, all of one grade."""
    low, high = (tuple(None if v is None else v * share for v in values) for share in (0.9, 1.2))
    return {"values": values, "lower": low, "upper": high, "quality": ("Strong",) * len(values)}


def series_deck(*series):
    shown = changing.build("Springfield", series)
    return deck_of(shown, series=ContextSeries(series, (), (), ())), shown


def test_each_series_is_a_chart_of_its_own_over_days_with_its_bounds():
    one = make_series(years=YEARS, **bounded(0.5, 0.55, None, 0.62))
    other = make_series("pctl_income_20", years=YEARS, **bounded(9000.0, 9100.0, 9200.0, 9900.0))
    deck, _ = series_deck(one, other)
    first, second = charts_on(deck)
    assert moments_on(first) == {date(2014, 1, 1): 0.5, date(2015, 1, 1): 0.55, date(2017, 1, 1): 0.62}
    assert list(moments_on(second).values()) == [9000.0, 9100.0, 9200.0, 9900.0]
    for chart in (first, second):
        assert "<c:dateAx" in xml_of(chart) and "<c:catAx" not in xml_of(chart)
        assert len({series.name for series in chart.plots[0].series}) == 1
        check_sheet(chart)
    assert errors_of(first.plots[0].series[0])[0] == pytest.approx((0.05, 0.1))
    assert 'formatCode="0%"' in xml_of(first) and "$#,##0" in xml_of(second)
    (table,) = [shape.table for shape in deck.slides[1].shapes if shape.has_table]
    assert len(list(table.rows)) == 3
    check_slides(deck)


def test_a_line_is_broken_where_the_grade_changes():
    own = bounded(0.5, 0.55, 0.6, 0.62) | {"quality": ("Strong", "Strong", "Weak", "Weak")}
    graded = make_series(years=YEARS, **own)
    deck, _ = series_deck(graded)
    (chart,) = charts_on(deck)
    runs = [[value for value in series.values if value is not None] for series in chart.plots[0].series]
    assert runs == [[0.5, 0.55], [0.6, 0.62]]
    assert "9DBBCC" in xml_of(chart)  # weak marks are pale


def test_a_finding_too_long_for_a_title_is_cut_between_its_clauses():
    first, second = "The middle tract stood at $24,000 a year", "in the published estimates, " + "very " * 30 + "many"
    long = replace(panels()[2], finding=f"{first}; {second}. Then more.")
    assert short_finding(long) == (first, f"In{second[2:]}. Then more.")
    short = replace(panels()[2], finding="It is short; so it stays. Then more.")
    assert short_finding(short) == ("It is short; so it stays.", "Then more.")


def test_a_panel_without_a_figure_says_why():
    bare = headline.build(make_city(), make_headline(value=None))
    (section,) = panel_sections(bare, make_profile())
    assert section.said == bare.reason and section.is_bare


def test_a_week_inside_a_title_is_small():
    weekly = make_series("emp", years=YEARS, period_kind="week", **bounded(-0.1, -0.2, -0.3, -0.04))
    deck, _ = series_deck(weekly)
    assert "Employment: all workers, week of Jan 1, 2017" in title_of(deck.slides[len(deck.slides) - 1])

"""The small charts: where marks stand, what they say, what is left out, and that nothing from outside gets through."""

from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from dashboards.charts.marks.axis import Axis, draw_axis, fit_axis, ordinal, percentile_axis
from dashboards.charts.marks.bracket import draw_bracket
from dashboards.charts.marks.dot_row import DotMark, draw_dot_row
from dashboards.charts.marks.line import LineMark, LinePoint, draw_line, shared_range

SVG = "{http://www.w3.org/2000/svg}"
TENS = Axis(20.0, 60.0, ((30.0, "30th"), (40.0, "40th")))


def drawn(text: str) -> ElementTree.Element:
    """Also proves that the drawing is well formed."""
    assert "style" not in text
    return ElementTree.fromstring(text)


def marks(text: str, css: str) -> list[ElementTree.Element]:
    return [one for one in drawn(text).iter() if css in one.get("class", "").split()]


def test_a_row_has_the_dot_the_us_and_the_shortfall_between():
    row = draw_dot_row(DotMark("Detroit: 30th. US: 40th", 30.0, us=40.0), TENS)
    assert drawn(row).get("aria-label") == "Detroit: 30th. US: 40th"
    assert [dot.get("cx") for dot in marks(row, "m-this")] == ["25%"]
    assert [tick.get("x1") for tick in marks(row, "m-us")] == ["50%"]
    (bar,) = marks(row, "m-short")
    assert (bar.get("x"), bar.get("width")) == ("25%", "25%")
    assert marks(row, "m-range") == [] and marks(row, "m-ring") == []


def test_the_margin_ends_in_an_arrow_where_it_leaves_the_axis():
    row = draw_dot_row(DotMark("words", 50.0, low=45.0, high=90.0), TENS)
    line, arrow = marks(row, "m-range")
    assert (line.get("x1"), line.get("x2")) == ("62.5%", "100%")
    assert arrow.tag == f"{SVG}path"
    assert len(marks(draw_dot_row(DotMark("words", 50.0, low=45.0, high=55.0), TENS), "m-range")) == 1


def test_another_place_is_gray_and_what_has_no_margin_can_be_hollow():
    other = draw_dot_row(DotMark("words", 30.0, ring=32.0, is_this=False), TENS)
    assert len(marks(other, "m-other")) == 1 and marks(other, "m-this") == []
    assert [ring.get("cx") for ring in marks(other, "m-ring")] == ["30%"]
    assert len(marks(draw_dot_row(DotMark("words", 30.0, is_hollow=True), TENS), "m-ring-this")) == 1


def test_a_value_outside_the_axis_stands_at_its_end_and_none_leaves_the_track():
    assert [dot.get("cx") for dot in marks(draw_dot_row(DotMark("words", 99.0), TENS), "m-this")] == ["100%"]
    empty = draw_dot_row(DotMark("no value", None), TENS)
    assert len(marks(empty, "m-axis")) == 1 and drawn(empty).findall(f"{SVG}circle") == []


def test_names_from_files_are_escaped():
    bad = '"><script>alert(1)</script>'
    for text in (
        draw_dot_row(DotMark(bad, 30.0), TENS),
        draw_axis(Axis(0.0, 1.0, ((0.5, bad),))),
        draw_line(LineMark(bad, (LinePoint(0, 1.0), LinePoint(1, 2.0)), bad, bad)),
    ):
        assert "<script" not in text
        drawn(text)


def test_no_position_is_infinite():
    with pytest.raises(ValueError, match="finite"):
        draw_dot_row(DotMark("words", float("nan")), TENS)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([30.6, 40.9, 35.0], ["30th", "35th", "40th"]),
        ([25.4, 45.0], ["25th", "30th", "35th", "40th", "45th"]),
        ([], ["0th", "25th", "50th", "75th", "100th"]),
        ([33.0], ["31st", "32nd", "33rd", "34th", "35th"]),
    ],
)
def test_an_axis_fits_its_values_with_three_to_five_round_labels(values, labels):
    axis = percentile_axis(values)
    assert [label for _, label in axis.ticks] == labels
    assert all(axis.low < value < axis.high for value in values)


def test_an_axis_of_percentiles_has_no_label_beyond_0_and_100():
    assert [value for value, _ in percentile_axis([0.0, 98.0]).ticks] == [0.0, 25.0, 50.0, 75.0, 100.0]


def test_an_axis_of_dollars_takes_larger_steps():
    axis = fit_axis([18_000.0, 41_000.0], label=lambda value: f"${value:,.0f}")
    assert [label for _, label in axis.ticks] == ["$20,000", "$30,000", "$40,000"]


@pytest.mark.parametrize(("value", "words"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (41, "41st")])
def test_ordinals(value, words):
    assert ordinal(value) == words


def series(*values: float, **more) -> LineMark:
    return LineMark("words", tuple(LinePoint(at, value) for at, value in enumerate(values)), "2014", "2023", **more)


def test_a_line_has_its_ends_named_and_fits_its_own_values():
    chart = draw_line(series(1.0, 3.0, 2.0))
    assert [words.text for words in drawn(chart).findall(f"{SVG}text")] == ["2014", "2023"]
    heights = [float(dot.get("cy")) for dot in marks(chart, "m-this")]
    assert max(heights) == 72.0 and min(heights) == 8.0
    assert heights[0] > heights[2] > heights[1]  # higher values stand higher


def test_charts_of_a_row_can_share_their_range():
    one, other = series(1.0, 2.0), series(2.0, 5.0)
    together = shared_range((one, other))
    assert together == (1.0, 5.0)
    chart = draw_line(series(1.0, 2.0, y_range=together))
    assert min(float(dot.get("cy")) for dot in marks(chart, "m-this")) == 56.0


def test_a_line_breaks_where_it_is_told_to_and_its_margin_with_it():
    points = (
        LinePoint(0, 1.0, 0.5, 1.5),
        LinePoint(1, 2.0, 1.5, 2.5),
        LinePoint(2, 3.0, 2.5, 3.5, starts_anew=True),
        LinePoint(3, 4.0, 3.5, 4.5),
    )
    chart = draw_line(LineMark("words", points, "a", "b"))
    assert len(marks(chart, "m-line")) == len(marks(chart, "m-band")) == 2


def test_a_series_of_weeks_has_a_dot_at_its_end_only_and_one_value_a_dot_in_the_middle():
    assert len(marks(draw_line(series(*map(float, range(200)))), "m-this")) == 1
    single = draw_line(series(4.0))
    assert [dot.get("cx") for dot in marks(single, "m-this")] == ["50%"]
    assert draw_line(series()) == ""


def test_the_rule_is_inside_the_chart():
    (rule,) = marks(draw_line(series(-0.2, -0.1, rule=0.0)), "m-rule")
    assert rule.get("y1") == "8"


def test_templates_draw_the_same():
    page = Template("{% load marks %}{% dot_row mark axis %}{% axis_row axis %}{% gap_bracket %}{% line_chart line %}")
    mark, line = DotMark("words", 30.0), series(1.0, 2.0)
    shown = page.render(Context({"mark": mark, "axis": TENS, "line": line}))
    assert shown == draw_dot_row(mark, TENS) + draw_axis(TENS) + draw_bracket() + draw_line(line)

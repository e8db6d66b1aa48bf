import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from dashboards.charts.theme import BELOW_US, new_figure
from dashboards.exports.figure_svg import draw_figure, panel_svg
from dashboards.exports.svg.colors import on_scale, split_color
from dashboards.exports.svg.elements import number
from dashboards.exports.svg.plotly_values import UnknownFigurePart
from dashboards.exports.svg.rich_text import read_lines
from dashboards.exports.svg.ticks import format_number, round_step, ticks_between
from dashboards.panels import distribution, headline, where
from tests.dashboards.panels.records import (
    HOSTILE,
    make_city,
    make_geometry,
    make_headline,
    make_histogram,
    make_measure,
    make_tracts,
)

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = {
    "template": {},
    "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    "xaxis": {"visible": False},
    "yaxis": {"visible": False},
}


def draw(figure: go.Figure, geometry=None, width=100, height=100) -> ET.Element:
    return ET.fromstring(draw_figure(figure, "A title", "A finding", geometry, width, height))


def plain(*traces, **layout) -> go.Figure:
    """A figure of 100 x 100 pixels without margins: on an axis from 0 to 100 a value is its pixel."""
    ends = {"visible": False, "range": [0, 100]}
    return go.Figure(data=traces, layout={**PLAIN, "xaxis": ends, "yaxis": ends, **layout})


def words(root: ET.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def paths(root: ET.Element) -> list[str]:
    return [node.get("d") for node in root.iter(f"{SVG}path")]


def test_a_picture_has_a_name_a_description_and_a_size():
    root = draw(plain(go.Scatter(x=[1], y=[1])))
    assert (root.get("role"), root.get("width"), root.get("viewBox")) == ("img", "100", "0 0 100 100")
    named = {node.get("id"): node.text for node in root if node.tag in (f"{SVG}title", f"{SVG}desc")}
    assert [named[name] for name in root.get("aria-labelledby").split()] == ["A title", "A finding"]


def test_the_same_figure_gives_the_same_text_and_two_figures_never_share_a_name():
    one, two = plain(go.Scatter(x=[1, 2], y=[1, 2])), plain(go.Scatter(x=[1, 2], y=[1, 3]))
    assert draw_figure(one, "t") == draw_figure(one, "t")
    ids = [{n.get("id") for n in draw(figure).iter() if n.get("id")} for figure in (one, two)]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize(
    "text", [HOSTILE, "</svg><a>", "a & b", "quote\" ' ", "bell \x07 end", "\ud800", "<b>x", "</b>"]
)
def test_text_stays_text(text):
    figure = plain(go.Scatter(x=[1], y=[1], mode="text", text=[text]))
    figure.add_annotation(x=1, y=1, text=text, showarrow=False)
    root = ET.fromstring(draw_figure(figure, text, text))
    assert not {node.tag for node in root.iter()} & {f"{SVG}script", f"{SVG}a"}
    assert not any(name in node.attrib for node in root.iter() for name in ("style", "onclick", "href"))


def test_an_escaped_name_reads_as_it_is_written():
    assert words(draw(plain(go.Scatter(x=[1], y=[1], mode="text", text=["A &amp; B &lt;i&gt;"])))) == ["A & B <i>"]


def test_bold_breaks_and_spans_become_runs():
    lines = read_lines('<b>Detroit</b><br><span style="font-size:12px">mean</span>', 14, "#000")
    assert [[(run.text, run.bold, run.size) for run in line] for line in lines] == [
        [("Detroit", True, 14)],
        [("mean", False, 12.0)],
    ]


def test_lines_break_where_a_value_is_missing():
    root = draw(plain(go.Scatter(x=[0, 10, 20, 30, 40], y=[0, 10, np.nan, 30, 40], mode="lines")))
    assert paths(root) == ["M0,100L10,90M30,70L40,60"]


def test_steps_have_corners():
    assert paths(draw(plain(go.Scatter(x=[0, 10], y=[0, 50], mode="lines", line={"shape": "hv"})))) == [
        "M0,100L10,100L10,50"
    ]


def test_a_band_fills_to_the_line_before_it():
    low = go.Scatter(x=[0, 10], y=[10, 20], mode="lines", line={"width": 0})
    high = go.Scatter(
        x=[0, 10], y=[30, 40], mode="lines", line={"width": 0}, fill="tonexty", fillcolor="rgba(1,2,3,.2)"
    )
    band = draw(plain(low, high)).find(f".//{SVG}g/{SVG}path")
    assert band.get("d") == "M0,70L10,60L10,80L0,90Z"
    assert (band.get("fill"), band.get("fill-opacity")) == ("#010203", "0.2")


def test_intervals_are_lines_from_end_to_end():
    trace = go.Scatter(
        x=[50],
        y=[50],
        mode="markers",
        error_x={"type": "data", "array": [20], "arrayminus": [10], "width": 0, "color": "#123456"},
    )
    line = draw(plain(trace)).find(f".//{SVG}line")
    assert [line.get(key) for key in ("x1", "y1", "x2", "y2", "stroke")] == ["40", "50", "70", "50", "#123456"]


def test_marks_of_every_listed_shape_and_no_other():
    shapes = ["circle", "square", "diamond", "triangle-up", "cross", "line-ns", "circle-open", "x-thin-open"]
    root = draw(plain(go.Scatter(x=[10] * 8, y=[10] * 8, mode="markers", marker={"symbol": shapes, "size": 8})))
    kinds = ("circle", "polygon", "path")
    drawn = [node for kind in kinds for node in root.findall(f".//{SVG}g/{SVG}{kind}")]
    assert len(drawn) == len(shapes)
    with pytest.raises(UnknownFigurePart, match="star-square"):
        draw(plain(go.Scatter(x=[1], y=[1], mode="markers", marker={"symbol": "star-square"})))


@pytest.mark.parametrize("trace", [go.Pie(values=[1]), go.Heatmap(z=[[1]]), go.Box(y=[1]), go.Histogram(x=[1])])
def test_what_is_not_known_is_refused(trace):
    with pytest.raises(UnknownFigurePart, match=trace.type):
        draw(go.Figure(trace))


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (plain(go.Scatter(x=[1, 2], y=[1, 2], mode="lines", line={"shape": "spline"})), "spline"),
        (plain(go.Scatter(x=[1], y=[1], fill="tonexty", mode="lines")), "none"),
        (plain(go.Scatter(x=[1], y=[1]), shapes=[{"type": "path", "path": "M0,0"}]), "path"),
        (plain(go.Scatter(x=[1], y=[1]), annotations=[{"x": 1, "y": 1, "xref": "x3", "text": "a"}]), "x3"),
        (plain(go.Scatter(x=[1], y=[1], error_y={"type": "percent", "value": 3})), "percent"),
    ],
)
def test_parts_that_are_not_known_are_refused_by_name(figure, words):
    with pytest.raises(UnknownFigurePart, match=words):
        draw(figure)


def test_shapes_and_notes_find_their_places():
    figure = plain(go.Scatter(x=[1], y=[1], mode="markers"))
    figure.add_vline(x=25)
    figure.add_shape(type="rect", x0=10, x1=20, y0=0.5, y1=1, yref="paper", line={"width": 0}, fillcolor="#ff0000")
    figure.add_annotation(x=0, xref="paper", y=1, yref="paper", text="corner", showarrow=False)
    root = draw(figure)
    line = root.find(f"{SVG}line")
    assert [line.get(key) for key in ("x1", "y1", "x2", "y2")] == ["25", "100", "25", "0"]
    box = [node for node in root.iter(f"{SVG}rect") if node.get("fill") == "#ff0000"][0]
    assert [box.get(key) for key in ("x", "y", "width", "height")] == ["10", "0", "10", "50"]
    note = root.find(f"{SVG}text")
    assert (note.text, note.get("text-anchor"), note.get("x")) == ("corner", "start", "0")


def test_categories_are_rows_in_their_order_and_reversed_axes_run_down():
    figure = go.Figure(go.Scatter(x=[1, 2], y=["A tract", "B tract"], mode="markers"))
    root = draw(figure, width=400, height=300)
    ticks = {node.text: float(node.get("y")) for node in root.iter(f"{SVG}text")}
    assert ticks["A tract"] > ticks["B tract"]
    figure.update_yaxes(autorange="reversed")
    ticks = {node.text: float(node.get("y")) for node in draw(figure, width=400, height=300).iter(f"{SVG}text")}
    assert ticks["A tract"] < ticks["B tract"]


def test_long_category_names_get_the_margin_they_need():
    figure = new_figure()
    figure.add_scatter(x=[1], y=["A neighborhood with a very long name indeed"], mode="markers")
    figure.update_yaxes(automargin=True)
    label = next(n for n in draw(figure, width=600, height=200).iter(f"{SVG}text") if "neighborhood" in n.text)
    assert label.get("text-anchor") == "end"
    assert float(label.get("x")) > 250


def test_dates_are_a_time_axis_with_years():
    days = ["2019-01-01", "2020-07-01", "2024-12-31"]
    root = draw(go.Figure(go.Scatter(x=days, y=[1, 2, 3], mode="lines")), width=700, height=300)
    assert [word for word in words(root) if word.startswith("20")] == ["2019", "2020", "2021", "2022", "2023", "2024"]


def test_subplots_share_an_axis_and_keep_their_own_rows():
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True)
    figure.add_scatter(x=[0, 10], y=[0, 1], mode="lines", row=1, col=1)
    figure.add_scatter(x=[5, 20], y=[0, 1], mode="lines", row=2, col=1)
    figure.update_layout(margin=PLAIN["margin"])
    figure.layout.template = go.layout.Template()
    one, two = [p.split("L") for p in paths(draw(figure, width=200, height=200))]
    assert one[0].startswith("M0,")
    assert one[1].startswith("100,")  # 10 of 0 to 20: both rows have the wider range
    assert two[1].startswith("200,")
    assert float(one[1].split(",")[1]) < 100 < float(two[1].split(",")[1])


def test_bars_stand_on_zero_and_beside_each_other():
    figure = go.Figure([go.Bar(x=["a", "b"], y=[1, 2]), go.Bar(x=["a", "b"], y=[2, 4])])
    figure.layout.template = go.layout.Template()
    figure.update_layout(margin=PLAIN["margin"], bargap=0, yaxis={"range": [0, 4], "visible": False})
    boxes = [n for n in draw(figure).findall(f".//{SVG}g/{SVG}rect")]
    assert [(b.get("x"), b.get("width"), b.get("height")) for b in boxes] == [
        ("0", "25", "25"),
        ("50", "25", "50"),
        ("25", "25", "50"),
        ("75", "25", "100"),
    ]


def test_stacked_bars_reach_their_sum():
    figure = go.Figure([go.Bar(x=[1], y=[30]), go.Bar(x=[1], y=[70])], layout={"barmode": "stack", **PLAIN})
    figure.update_yaxes(range=[0, 100])
    boxes = draw(figure).findall(f".//{SVG}g/{SVG}rect")
    assert [(b.get("y"), b.get("height")) for b in boxes] == [("70", "30"), ("0", "70")]


@pytest.mark.parametrize(
    ("value", "pattern", "said"),
    [
        (0.352, ".0%", "35%"),
        (0.352, ".1%", "35.2%"),
        (22043.4, "$,.0f", "$22,043"),
        (-0.05, "+.2f", "−0.05"),
        (3, "+.1f", "+3.0"),
        (1234, ",d", "1,234"),
        (25000, "~s", "25k"),
        (-0.0001, ".1f", "0.0"),
        (2.5, "", "2.5"),
    ],
)
def test_numbers_are_formatted_as_d3_does(value, pattern, said):
    assert format_number(value, pattern) == said


def test_an_unknown_number_format_is_refused():
    with pytest.raises(ValueError, match="e3"):
        format_number(1, "e3")


def test_round_steps_and_their_ticks():
    assert [round_step(span, 5) for span in (1, 7, 30, 101)] == [0.2, 2, 10, 50]
    assert ticks_between(9, 31, 10) == [10, 20, 30]
    assert ticks_between(31, 9, 10) == [10, 20, 30]


def test_positions_are_finite_and_short():
    assert [number(value) for value in (1.0, 1.26, -0.01)] == ["1", "1.3", "0"]
    with pytest.raises(ValueError, match="finite"):
        number(float("nan"))


def test_colours_come_apart_from_their_opacity():
    assert split_color("rgba(255, 0, 16, 0.5)") == ("#ff0010", 0.5)
    assert split_color("rgba(0,0,0,0)")[1] == 0
    with pytest.raises(ValueError):
        split_color("url(#x)")


def test_steps_of_a_scale_stay_sharp():
    scale = [[0, "#ffffff"], [0.5, "#ffffff"], [0.5, "#000000"], [1, "#000000"]]
    assert [on_scale(share, scale) for share in (0, 0.49, 0.51, 1, 9)] == ["#ffffff", "#ffffff", *["#000000"] * 3]


class TestMap:
    def test_every_tract_the_edge_and_the_outline_are_there(self):
        root = draw(where.build(make_tracts()).figure, make_geometry(), 400, 300)
        groups = [g for g in root.iter(f"{SVG}g") if g.get("fill-rule") == "evenodd"]
        own, edge, hatched, uncertain, outline = groups
        assert [len(list(group)) for group in groups] == [4, 1, 2, 0, 1]
        assert edge.get("opacity") == "0.4"
        assert [path.get("fill") for path in own][0] == BELOW_US[1].lower(), "$20,000 is between $18,000 and $21,000"
        assert outline[0].get("stroke-width") is None
        assert outline.get("stroke-width") == "1.5"

    def test_the_legend_says_the_boundaries_and_none(self):
        said = words(draw(where.build(make_tracts()).figure, make_geometry(), 400, 300))
        assert said[0] == "none"
        assert [word for word in said[1:] if not word.startswith("$")] == ["US middle"]

    def test_a_map_keeps_the_shape_of_the_land(self):
        figure = where.build(make_tracts()).figure
        root = draw(figure, make_geometry(), 400, 300)
        outline = [g for g in root.iter(f"{SVG}g") if g.get("stroke-width") == "1.5"][0][0].get("d")
        points = [tuple(map(float, pair.split(","))) for pair in outline[1:-1].split("L")]
        wide = max(p[0] for p in points) - min(p[0] for p in points)
        high = max(p[1] for p in points) - min(p[1] for p in points)
        assert wide / high == pytest.approx(5 * np.cos(np.radians(39.905)), rel=0.02)  # five squares of 0.01 degrees

    def test_hatch_and_dots_where_the_trace_asks(self):
        figure = where.build(make_tracts()).figure
        figure.data[0].meta = {"pattern": "hatch"}
        figure.data[1].meta = {"pattern": "dots"}
        root = draw(figure, make_geometry(), 400, 300)
        tiles = {node.get("id") for node in root.iter(f"{SVG}pattern")}
        used = {node.get("fill")[5:-1] for node in root.iter() if (node.get("fill") or "").startswith("url(#")}
        assert len(tiles) == 2
        assert used == tiles
        figure.data[0].meta = {"pattern": "stars"}
        with pytest.raises(UnknownFigurePart, match="stars"):
            draw(figure, make_geometry())

    @pytest.mark.parametrize(("gone", "said"), [(1, "1 tract has no outline"), (2, "2 tracts have no outline")])
    def test_tracts_without_an_outline_are_left_out_and_counted(self, gone, said):
        geometry = make_geometry()
        geometry["features"] = geometry["features"][gone:]
        root = draw(where.build(make_tracts()).figure, geometry, 400, 300)
        own = next(group for group in root.iter(f"{SVG}g") if group.get("fill-rule") == "evenodd")
        assert len(list(own)) == 4 - gone
        assert f"{said} here" in " ".join(words(root))

    def test_a_map_without_any_geometry_is_refused(self):
        with pytest.raises(UnknownFigurePart, match="39023000100"):
            draw(where.build(make_tracts()).figure, None)

    def test_circles_stand_at_the_middle_of_the_tracts_they_name(self):
        geometry = make_geometry()
        geometry["features"] = geometry["features"][1:]
        poverty = make_measure("poor_share2016", label="Poverty rate", unit="share", group="characteristic")
        overlay = make_tracts(poverty, values=np.array([0.4, 0.1, 0.2, np.nan, 0.4], dtype=np.float32))
        root = draw(where.build(make_tracts(), None, "raw", overlay).figure, geometry, 400, 300)
        tiles = [circle for tile in root.iter(f"{SVG}pattern") for circle in tile.iter(f"{SVG}circle")]
        drawn = [circle for circle in root.iter(f"{SVG}circle") if circle not in tiles]
        assert len(drawn) == 2  # three have a value, one of them no outline


class TestPanels:
    def test_every_panel_draws_and_says_what_it_shows(self):
        panels = (
            headline.build(make_city(), make_headline(standard_error=0.004)),
            where.build(make_tracts()),
            distribution.build(make_tracts(), *make_histogram()),
        )
        for panel in panels:
            root = ET.fromstring(panel_svg(panel, make_geometry()))
            assert root.find(f"{SVG}title").text == panel.title
            assert root.find(f"{SVG}desc").text == panel.finding

    def test_the_comparison_names_each_place_and_its_value(self):
        said = words(ET.fromstring(panel_svg(headline.build(make_city(), make_headline()), None)))
        assert {"Springfield", "Clark County,", "published", "United States, average", "31st", "36th", "43rd"} <= set(
            said
        )

    def test_a_sample_says_so_inside_its_picture(self):
        panel = where.build(make_tracts(place=make_city(geometry_is_sample=True)))
        assert "synthetic sample data" in words(ET.fromstring(panel_svg(panel, make_geometry())))

    def test_a_panel_without_a_figure_says_why(self):
        panel = replace(headline.build(make_city(), make_headline(value=None)), reason="not imported")
        with pytest.raises(ValueError, match="not imported"):
            panel_svg(panel, None)

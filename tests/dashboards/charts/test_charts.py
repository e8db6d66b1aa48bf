import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from atlas.records.places import ComparedCity
from dashboards.charts.color_steps import color_breaks, color_step
from dashboards.charts.comparison import draw_comparison
from dashboards.charts.distribution import city_shares, draw_distribution, place_middles, round_ticks
from dashboards.charts.label_places import place_labels
from dashboards.charts.theme import STEPS, figure_json
from dashboards.charts.tract_map import EDGE_OPACITY, draw_tract_map
from dashboards.charts.us_map import NARROW, WIDE, MapDot, draw_us_map
from tests.dashboards.panels.records import HOSTILE, make_headline, make_histogram, make_tracts


def test_charts_never_import_django():
    code = (
        "import sys, dashboards.charts.tract_map, dashboards.charts.distribution, dashboards.charts.comparison, "
        "dashboards.charts.us_map; sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_map_carries_no_geometry_and_a_small_template():
    figure = figure_json(draw_tract_map(make_tracts()))
    assert [trace["name"] for trace in figure["data"]] == ["tracts", "edge", "hatch", "dots", "outline"]
    assert not any("geojson" in trace for trace in figure["data"])
    assert figure["data"][4]["locations"] == ["outline"]
    assert len(json.dumps(figure["layout"]["template"])) < 1500


def test_missing_is_a_grey_step_of_its_own_and_edges_are_pale():
    trace, edge, *_ = figure_json(draw_tract_map(make_tracts()))["data"]
    assert trace["z"][3] == -1
    assert trace["zmin"] == -1.5
    assert (trace["marker"]["opacity"], edge["marker"]["opacity"]) == (1, EDGE_OPACITY)  # never a list: ignored
    assert edge["locations"] == ["39023000104"]
    assert "20% of its area lies in Springfield: not counted" in edge["customdata"][0][2]


def test_names_are_escaped_in_figures():
    text = json.dumps(figure_json(draw_tract_map(make_tracts())))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("values", [[], [np.nan], [1.0], [1.0, 1.0, 1.0], list(np.linspace(0, 1, 300)), [0, 0, 0, 5]])
def test_steps_rise_and_cover_every_value(values):
    values = np.array(values, dtype=float)
    breaks = color_breaks(values)
    assert list(breaks) == sorted(set(breaks))
    assert all(-1 <= step < len(STEPS) for step in color_step(values, breaks))


def test_distribution_counts_only_the_citys_own_tracts():
    edges, shares = make_histogram()
    own = city_shares(make_tracts(), edges)
    assert own.sum() == pytest.approx(1)
    assert own[5] == 0  # the one tract up there lies mostly outside
    assert len(draw_distribution(make_tracts(), edges, shares).data) == 2


@pytest.mark.parametrize("city", [-0.1, 0.0, 0.1, 0.3, 0.46, 0.5, 0.54, 0.7, 0.95, 1.0])
@pytest.mark.parametrize("nation", [0.1, 0.3, 0.47, 0.5, 0.52, 0.9])
def test_the_two_middles_never_cover_each_other_nor_a_rule(city, nation):
    width = 0.47
    lower, upper = place_middles([(city, 3), (nation, 3)], (0.0, 1.0))
    assert (lower.foot, upper.foot) == (0, 3), "two rows"
    left = lower.x - width if lower.anchor == "right" else lower.x
    rule = max(0.0, (city, nation)[upper.index])
    assert rule <= left + 1e-9 or rule >= left + width - 1e-9, "the upper one's rule passes beside the lower words"
    for one in (lower, upper):
        start = one.x - width if one.anchor == "right" else one.x
        assert start >= -1e-9 and start + width <= 1 + 1e-9, "inside the figure"


def test_labels_of_middles_stand_above_the_curve():
    edges, shares = make_histogram()
    figure = draw_distribution(make_tracts(), edges, shares)
    highest = max(max(trace.y) for trace in figure.data)
    first, second = sorted(figure.layout.annotations, key=lambda note: note.y)
    assert first.y > highest
    share = (second.y - first.y) / figure.layout.yaxis.range[1]
    assert share * 250 >= 3 * 18, "three lines lie between their feet, in the lowest plot there is"


def test_nothing_published_draws_nothing():
    edges, shares = make_histogram()
    empty = make_tracts(values=np.full(5, np.nan, dtype=np.float32))
    assert len(draw_distribution(empty, edges, shares).data) == 0
    assert len(draw_comparison("Springfield", make_headline(value=None, references=())).data) == 0


@pytest.mark.parametrize(("low", "high"), [(17_500, 61_000), (0.001, 0.66), (5, 5), (-0.09, 0.2)])
def test_ticks_are_few_and_inside(low, high):
    ticks = round_ticks(low, high)
    assert 1 <= len(ticks) <= 5
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)


def test_comparison_draws_intervals_only_where_there_is_a_standard_error():
    modes = [trace.mode for trace in draw_comparison("Springfield", make_headline()).data]
    assert modes.count("lines") == 1
    assert modes.count("markers") == 3


def plain(text: str) -> str:
    return re.sub(r"</?(?:b|span\b[^>]*)>", "", text)


def test_other_cities_stand_beneath_the_references_with_their_own_names_and_intervals():
    others = (
        ComparedCity("Dayton", make_headline(value=0.31, standard_error=0.004)),
        ComparedCity("=cmd()", make_headline()),
    )
    figure = draw_comparison("Springfield", make_headline(), others)
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert [dot.name for dot in dots] == [
        "Springfield",
        "Clark County, published",
        "United States, average low-income child",
        "Dayton",
        "=cmd()",
    ]
    assert [dot.y[0] for dot in dots] == sorted(dot.y[0] for dot in dots), "the place's own row is first"
    colors = {dot.name.partition(", ")[2]: dot.marker.color for dot in dots[1:3]}
    assert colors["published"] != colors["average low-income child"], "the portal's own arithmetic is gray"
    assert all(len(line) <= 30 for note in figure.layout.annotations for line in plain(note.text).split("<br>"))
    interval = next(trace for trace in figure.data if trace.name == "Dayton, interval")
    assert interval.x == pytest.approx((31 - 1.959964 * 0.4, 31 + 1.959964 * 0.4))


CITIES = [
    ("Racine", -87.8, 42.7),
    ("Lansing", -84.6, 42.7),
    ("Detroit", -83.1, 42.4),
    ("Dayton", -84.2, 39.8),
    ("Cincinnati", -84.5, 39.1),
    ("Rochester", -77.6, 43.2),
    ("Newark", -74.2, 40.7),
    ("Albuquerque", -106.6, 35.1),
    ("Tulsa", -95.9, 36.1),
    ("New Orleans", -90.1, 30.0),
]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.name)
def test_us_map_is_well_formed_escaped_and_without_style(size):
    dots = [MapDot(name, "31st", x, y, f"/cities/{index}/") for index, (name, x, y) in enumerate(CITIES)]
    svg = draw_us_map([*dots, MapDot(HOSTILE, "", -100, 40, '/x"><script>')], size)
    root = ET.fromstring(svg)
    assert len(root.findall(".//{http://www.w3.org/2000/svg}a")) == 11
    assert "<script" not in svg
    assert "style=" not in svg
    assert len(svg) < 120_000


def test_labels_do_not_cover_each_other():
    dots = [(120.0 + 9 * (index % 3), 100.0 + 8 * (index // 3)) for index in range(9)]
    labels = place_labels(dots, [90.0] * 9, 17.0, (358.0, 300.0))
    for index, one in enumerate(labels):
        for two in labels[index + 1 :]:
            apart = (
                one.x + one.width <= two.x
                or two.x + two.width <= one.x
                or one.y + one.height <= two.y
                or two.y + two.height <= one.y
            )
            assert apart

"""The figures of the analyses: dots and lines, escaped, never a bar."""

import json
import subprocess
import sys

import numpy as np

from dashboards.charts.estimate_rows import EstimateRow, draw_estimate_rows
from dashboards.charts.theme import figure_json
from dashboards.charts.tract_scatter import Axis, Dots, Rule, draw_tract_scatter
from tests.dashboards.records import HOSTILE


def test_charts_never_import_django():
    modules = "dashboards.charts.estimate_rows, dashboards.charts.tract_scatter"
    code = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_interval_is_drawn_only_where_there_is_one():
    figure = draw_estimate_rows([EstimateRow("a", "1", 1.0, 0.5, 1.5), EstimateRow(HOSTILE, "2", 2.0)], axis="ranks")
    assert [trace.mode for trace in figure.data] == ["lines", "markers", "markers"]
    assert "<script>" not in json.dumps(figure_json(figure))


def test_long_names_get_a_line_of_their_own_and_more_room():
    short = draw_estimate_rows([EstimateRow("a", "1", 1.0)], axis="ranks")
    long = draw_estimate_rows([EstimateRow("a" * 40, "−0.46 (−0.57 to −0.34)", 1.0)], axis="ranks")
    assert long.layout.height > short.layout.height
    assert "<br>" in long.layout.annotations[0].text and "<br>" not in short.layout.annotations[0].text


def test_rows_stand_below_each_other_and_the_axis_covers_its_span():
    rows = [EstimateRow("a", "1", 0.2, heading="first"), EstimateRow("b", "2", 0.4)]
    figure = draw_estimate_rows(rows, axis="share", reference=0.0, span=(-1, 1))
    heights = [trace.y[0] for trace in figure.data]
    assert heights == sorted(heights) and heights[1] < figure.layout.yaxis.range[0]
    assert figure.layout.xaxis.range[0] < -1 and figure.layout.xaxis.range[1] > 1


def test_scatter_marks_clear_tracts_draws_the_line_and_names_the_rules():
    dots = Dots(np.array([1.0, 2]), np.array([0.2, 0.3]), (HOSTILE + "\nx", "b"), np.array([True, False]))
    figure = draw_tract_scatter(
        dots, Axis("rent", "usd_month_2016"), Axis("rank", "rank"),
        line=(np.array([1.0, 2]), np.array([0.2, 0.3])), rules=(Rule(1.5, "middle", True),),
    )  # fmt: skip
    tracts, line = figure.data
    assert tracts.marker.line.width == (1.5, 0) and line.mode == "lines"
    assert tracts.text[0].startswith("&lt;script") and tracts.text[0].endswith("<br>x")
    assert "middle" in [note.text for note in figure.layout.annotations]


def test_nothing_draws_nothing():
    empty = Dots(np.empty(0), np.empty(0), ())
    assert not draw_tract_scatter(empty, Axis("", "rank"), Axis("", "rank")).data
    assert not draw_estimate_rows([], axis="").data

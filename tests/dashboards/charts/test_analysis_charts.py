"""The figures of the analyses: dots and lines, escaped, never a bar."""

import json
import subprocess
import sys

import numpy as np
import pytest

from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.charts.estimate_rows import LONGEST, EstimateRow, draw_estimate_rows
from dashboards.charts.theme import figure_json
from dashboards.charts.tract_scatter import Axis, Dots, Rule, draw_tract_scatter
from dashboards.panels.characteristics import concept_and_year
from tests.dashboards.panels.records import HOSTILE


def test_charts_never_import_django():
    modules = "dashboards.charts.estimate_rows, dashboards.charts.tract_scatter"
    code = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_interval_is_drawn_only_where_there_is_one():
    figure = draw_estimate_rows([EstimateRow("a", "1", 1.0, 0.5, 1.5), EstimateRow(HOSTILE, "2", 2.0)], axis="ranks")
    assert [trace.mode for trace in figure.data] == ["lines", "markers", "markers"]
    assert "<script>" not in json.dumps(figure_json(figure))


def test_long_names_are_wrapped_and_stand_beside_the_axis_never_on_it():
    short = draw_estimate_rows([EstimateRow("a", "1", 1.0)] * 2, axis="ranks")
    name, words = "Wage growth for high school graduates, 2005-09 to 2010-14:", "−0.46 (−0.57 to −0.34)"
    long = draw_estimate_rows([EstimateRow(name, words, 1.0)] * 2, axis="ranks")
    notes = [note for note in long.layout.annotations if "Wage" in note.text]
    lines = notes[0].text.replace("<b>", "").replace("</b>", "").split("<br>")
    assert " ".join(lines) == f"{name} {words}" and all(len(line) <= LONGEST for line in lines)
    assert notes[1].y - notes[0].y >= 17 * len(lines) > short.layout.annotations[1].y - short.layout.annotations[0].y
    assert all(note.xref == "paper" and note.x == 0 for note in notes)
    assert long.layout.xaxis.domain[0] * 340 >= 6.5 * LONGEST, "the words end where the axis begins, on a phone"


def test_rows_stand_below_each_other_and_the_axis_covers_its_span():
    rows = [EstimateRow("a", "1", 0.2, heading="first"), EstimateRow("b", "2", 0.4)]
    figure = draw_estimate_rows(rows, axis="share", reference=0.0, span=(-1, 1))
    heights = [trace.y[0] for trace in figure.data]
    assert heights == sorted(heights) and heights[1] < figure.layout.yaxis.range[0]
    assert figure.layout.xaxis.range[0] < -1 and figure.layout.xaxis.range[1] > 1


def test_scatter_marks_clear_tracts_draws_the_line_and_names_the_rules():
    dots = Dots(np.array([1.0, 2]), np.array([0.2, 0.3]), (HOSTILE + "\nx", "b"), np.array([True, False]))
    figure = draw_tract_scatter(
        dots,
        Axis("rent", "usd_month_2016"),
        Axis("rank", "rank"),
        line=(np.array([1.0, 2]), np.array([0.2, 0.3])),
        rules=(Rule(1.5, "middle", True),),
    )
    tracts, line = figure.data
    assert tracts.marker.line.width == (1.5, 0) and line.mode == "lines"
    assert tracts.text[0].startswith("&lt;script") and tracts.text[0].endswith("<br>x")
    assert "middle" in [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Poverty rate, 2012-16", ("poverty rate", 2016)),
        ("Poverty rate, 2000", ("poverty rate", 2000)),
        ("Median gross rent, 2012–16", ("median gross rent", 2016)),
        ("Wage growth of high-school graduates, 2005-09 to 2010-14", ("wage growth of high school graduates to", 2014)),
        ("Jobs within 5 miles, 2015", ("jobs within 5 miles", 2015)),
        ("Area, 1998-2002", ("area", 2002)),
        ("Travel time", ("travel time", 0)),
    ],
)
def test_a_characteristic_is_a_concept_and_a_last_year(label, expected):
    assert concept_and_year(label) == expected


def test_headings_and_axes_of_blocks_wrap_and_get_room():
    row = DotRow("White minus Black", "each where it lived", 8.4, 6.0, 10.8, "+8.4")
    heading = "New Orleans and everything around it: between means of its tracts, sample"
    figure = draw_dot_rows((DotBlock(heading, "percentiles of individual income at ages 31 to 37", (row,), True),))
    short = draw_dot_rows((DotBlock("Dayton", "percentiles", (row,), True),))
    texts = [note.text for note in figure.layout.annotations if note.text.startswith("<b>")]
    assert all(len(line) <= 42 + len("<b></b>") for line in texts[0].split("<br>")) and "<br>" in texts[0]
    assert all(len(line) <= 24 for line in figure.layout.xaxis.title.text.split("<br>"))
    assert figure.layout.height >= short.layout.height + 18 * 2


def test_nothing_draws_nothing():
    empty = Dots(np.empty(0), np.empty(0), ())
    assert not draw_tract_scatter(empty, Axis("", "rank"), Axis("", "rank")).data
    assert not draw_estimate_rows([], axis="").data

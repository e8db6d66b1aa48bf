"""Findings of studies around the line of no change: one axis a table, hollow without a range, everything escaped."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest

from dashboards.templatetags.forest import forest_axis, forest_row, strength_marks
from dashboards.templatetags.mark_keys import mark_key


@dataclass(frozen=True)
class Row:
    value: float | None
    low: float | None = None
    high: float | None = None
    words: str = 'A "row" <b>'


@dataclass(frozen=True)
class Table:
    unit: str
    ends: tuple[float, ...]


DOLLARS = Table("dollars_year", (0.0, 12_730.0, -5_338.0, 8_224.0))


def labels(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (DOLLARS, ["−$5k", "0", "+$5k", "+$10k"]),
        (Table("points", (0.0, -10.3, 23.0)), ["−10", "0", "+10", "+20"]),
        (Table("deviations", (0.0, 0.11, 0.23)), ["0", "+0.1", "+0.2"]),
        (Table("dollars_quarter", (0.0, -329.0)), ["−$300", "−$200", "−$100", "0"]),
    ],
)
def test_the_axis_has_round_labels_and_always_no_change(table, said):
    assert labels(forest_axis(table)) == said


def test_a_range_past_the_chart_ends_in_an_arrow_and_a_row_without_one_is_hollow():
    wide = forest_row(Row(12_730.0, -20_000.0, 45_000.0), DOLLARS)
    assert wide.count("m-arrow") == 2 and "m-ring" not in wide
    hollow = forest_row(Row(895.0), DOLLARS)
    assert "m-ring" in hollow and "m-range" not in hollow
    assert forest_row(Row(None), DOLLARS) == ""


def test_words_are_escaped_and_there_is_no_style():
    for svg in (forest_row(Row(1.0), DOLLARS), strength_marks(2, "<i>"), mark_key("us")):
        assert "<b>" not in svg and "<i>" not in svg and "style=" not in svg
    ET.fromstring(forest_row(Row(1.0), DOLLARS))


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_strength_is_marks_and_a_word(marks):
    svg = strength_marks(marks, "Randomized")
    assert svg.count("m-full") == marks and svg.count("m-blank") == 3 - marks and svg.endswith("Randomized")


def test_a_mark_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        mark_key("star")

"""The map in its three views, its table, and the words around it."""

import json
import re

import numpy as np
import pytest

from dashboards.charts.map_view import TIER_COLORS, build_map_view
from dashboards.charts.theme import NO_VALUE_FILL, figure_json
from dashboards.charts.tract_hover import hover_body, hover_recipe
from dashboards.charts.tract_map import EDGE_OPACITY, circle_sizes, draw_tract_map
from dashboards.panels import distribution, where
from dashboards.panels.content_notices import context_of, needs_context
from dashboards.places.map_labels import map_key, view_choices, view_note
from tests.dashboards.panels.records import HOSTILE, make_measure, make_statistics, make_tracts, make_untestable

RANK = make_measure("kfr_pooled_pooled_p25", label="Household income rank", unit="rank", has_standard_error=True)
OVERLAY = make_measure("poor_share2016", label="Poverty rate", unit="share", group="characteristic")


def ranks(**changes):
    values = np.array([0.40, 0.25, 0.33, np.nan, 0.5], dtype=np.float32)
    errors = np.array([0.01, 0.05, 0.01, np.nan, 0.01], dtype=np.float32)
    national = {"national_middle": 0.425, "national_edges": (0.275, 0.304, 0.333, 0.371, 0.425, 0.481, 0.559)}
    return make_tracts(RANK, **{"values": values, "standard_errors": errors, **national, **changes})


def traces(panel) -> dict:
    return {trace["name"]: trace for trace in figure_json(panel.figure)["data"]}


def test_tiers_are_three_words_and_grey_where_nothing_was_tested():
    view = build_map_view(ranks(), make_statistics(ranks()), "tiers")
    assert view.steps == [2, 0, 1, -1, -1]
    words = [words.replace("<br>", " ") for words in view.scale["colorbar"]["ticktext"]]
    assert words == ["not tested", "clearly below", "too close to call", "clearly above"]
    assert not view.scale["showscale"], "the list beside the map is the key"
    assert view.hatched == [3]  # no value; the tract outside is gray without a hatch
    assert view.dotted == []


def test_a_colour_is_the_same_number_as_published_and_steadied():
    raw = build_map_view(ranks(), make_statistics(ranks()), "raw")
    steadied = build_map_view(ranks(), make_statistics(ranks()), "shrunk")
    assert raw.scale["colorbar"]["ticktext"] == steadied.scale["colorbar"]["ticktext"]
    assert raw.steps != steadied.steps
    assert (raw.hatched, raw.dotted) == ([3], [1])
    assert (steadied.hatched, steadied.dotted) == ([3], [])


def test_patterned_traces_say_their_pattern_for_every_writer():
    drawn = traces(where.build(ranks(), make_statistics(ranks())))
    assert drawn["hatch"]["meta"] == {"pattern": "hatch"}
    assert drawn["hatch"]["locations"] == ["39023000103"]
    assert drawn["dots"]["meta"] == {"pattern": "dots"}
    assert drawn["dots"]["locations"] == ["39023000101"]
    assert "0.65" in drawn["dots"]["colorscale"][0][1]  # a white veil: 35% of the color is left


def test_tracts_outside_the_place_look_unlike_its_own_that_were_not_told_apart():
    """Outside: gray at 40% on white. In gray print the two must still differ, and the key names both."""
    own, beside = ([int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in (TIER_COLORS[1], NO_VALUE_FILL))
    pale = [255 - EDGE_OPACITY * (255 - part) for part in beside]
    assert sum(pale) / 3 - sum(own) / 3 > 35
    key = {line.swatch: line.words for line in map_key(ranks(), make_statistics(ranks()), "tiers", None)}
    assert key["outside"] == "Pale: mostly outside Springfield, not tested" and "edge" not in key


def test_the_finding_counts_tiers_and_names_the_outcome():
    finding = where.build(ranks(), make_statistics(ranks())).finding
    tiers = finding[finding.index("For household income rank, Springfield averages the 33rd percentile.") :]
    assert re.findall(r"\b\d\b", tiers) == ["1", "1", "1"] and "clearly above" in tiers and "close to call" in tiers
    assert "averages" not in where.build(ranks(), make_untestable(ranks())).finding


def test_with_margins_the_finding_counts_both_sides_for_all_tracts_together():
    """By itself the tract at .4475 would be above the US middle of .425 too: its z is 2.25, and 2.39 is needed."""
    values = np.array([0.48, 0.4475, 0.40, 0.33, np.nan], dtype=np.float32)
    errors = np.array([0.01, 0.01, 0.02, 0.012, np.nan], dtype=np.float32)
    found = where.build(ranks(values=values, standard_errors=errors, belongs=np.ones(5, bool)))
    assert found.lead == (
        "Of 4 Springfield neighborhoods with data, 1 is clearly below the US middle and 1 clearly above."
    )
    assert found.rest.startswith("2 are too close to call.") and "1 more has no published number." in found.rest
    assert any("4 tracts tested together" in said for said in found.caveats)
    nation = np.array([0.3, 0.42, 0.55]), np.array([0.5, 0.5])
    beside = distribution.build(ranks(values=values, standard_errors=errors, belongs=np.ones(5, bool)), *nation)
    assert (
        found.lead.replace("Springfield ", "") in beside.finding and "1 more has no published number." in beside.finding
    )
    assert any("4 tracts tested together" in said for said in beside.caveats)


def test_a_value_without_a_standard_error_is_counted_on_neither_side():
    errors = np.array([0.01, np.nan, 0.01, np.nan, 0.01], dtype=np.float32)
    said = where.build(ranks(standard_errors=errors)).finding
    assert "Of 3 Springfield neighborhoods with data, 2 are clearly below the US middle and 0 clearly above." in said
    assert "1 has no margin of error. 1 more has no published number." in said and "close to call" not in said


@pytest.mark.parametrize("errors", [None, np.zeros(5, np.float32), np.full(5, np.nan, np.float32)])
def test_without_margins_the_count_is_one_of_published_estimates(errors):
    said = where.build(ranks(standard_errors=errors)).finding
    lead = "In the published estimates, 3 of 3 Springfield neighborhoods with data are below the US middle."
    assert said.startswith(lead)
    beside = distribution.describe(ranks(standard_errors=errors))
    assert lead.replace("Springfield ", "") in beside and beside.endswith("1 more has no published number.")


@pytest.mark.parametrize(
    "value, error, side",
    [
        (0.40, 0.01, "clearly below"),
        (0.45, 0.01, "clearly above"),
        (0.40, 0.02, "too close to call against"),
        (0.40, np.nan, "in the published estimates not above"),
    ],
)
def test_the_side_of_one_tract(value, error, side):
    values = np.array([value, *[np.nan] * 4], dtype=np.float32)
    one = ranks(values=values, standard_errors=np.full(5, error, np.float32))
    assert f"the {round(value * 100)}" in where.build(one).finding and f", {side} the US middle" in where.describe(one)


def test_the_table_has_steadied_values_and_tiers_and_no_order_of_values():
    table = where.build(ranks(), make_statistics(ranks())).table
    keys = [column.key for column in table.columns]
    assert keys[3:9] == [
        "standard_error",
        "adjusted_for_small_samples",
        "adjusted_for_small_samples_sd",
        "tier",
        "note",
        "national_percentile",
    ]
    assert not any("rank" in key for key in keys)
    rows = {row[1]: dict(zip(keys, row, strict=True)) for row in table.rows}
    assert rows["39023000101"]["tier"] == "clearly below Springfield"
    assert rows["39023000101"]["note"].startswith("uncertain")
    assert rows["39023000103"]["adjusted_for_small_samples"] is None
    assert rows["39023000103"]["note"] == "no value is published for this tract"
    assert rows["39023000104"]["note"] == "it lies mostly outside, so it is not tested"
    names = [row[0] for row in table.rows]
    assert [name for name in names if name] == sorted(name for name in names if name)


def test_without_standard_errors_only_the_published_view_is_offered_and_why_is_said():
    untestable = make_untestable(ranks())
    panel = where.build(ranks(), untestable, "tiers")
    assert "adjusted_for_small_samples" not in [column.key for column in panel.table.columns]
    assert traces(panel)["tracts"]["z"] == traces(where.build(ranks()))["tracts"]["z"]
    assert any("not adjusted for small samples: the file loaded here has no" in said for said in panel.caveats)
    assert [choice.value for choice in view_choices(untestable, "raw")] == ["raw", "within"]
    assert view_note(untestable, "tiers").startswith("“clearly above or below” cannot be shown for this measure")
    assert view_note(make_statistics(ranks()), "tiers") == ""


def test_hover_says_the_value_how_sure_it_is_and_why():
    rows = {row[3]: row[1] for row in traces(where.build(ranks(), make_statistics(ranks())))["tracts"]["customdata"]}
    assert rows["39023000101"] == (
        "25.0<br>standard error 5.00<br>higher than 45 in 100 US tracts<br>adjusted for small samples 31.0"
        "<br>clearly below Springfield"
        "<br>uncertain: standard error larger than the spread between tracts"
    )
    assert rows["39023000103"].startswith("no data: too few children to publish")


def test_hover_says_that_there_is_no_standard_error():
    rows = [row[1] for row in traces(where.build(make_tracts()))["tracts"]["customdata"]]
    assert rows[0].startswith("$20,000<br>no margin of error in the file loaded here")
    assert rows[3] == "no data: too few children to publish"
    one = {"value": "1", "standard_error": "none in the file loaded here"}
    assert hover_body(one, hover_recipe(ranks())) == "1<br>no margin of error in the file loaded here"


def test_hover_keeps_hostile_text_text():
    overlay = make_tracts(make_measure("poor_share2016", label=HOSTILE, unit="share", group="characteristic"))
    assert "<script>" not in json.dumps(figure_json(where.build(make_tracts(), None, "raw", overlay).figure))


def test_an_overlay_is_circles_whose_area_is_the_value():
    poverty = make_tracts(OVERLAY, values=np.array([0.4, 0.1, 0.2, np.nan, 0.4], dtype=np.float32))
    panel = where.build(ranks(), make_statistics(ranks()), "raw", poverty)
    drawn = traces(panel)["overlay"]
    assert drawn["locations"] == ["39023000100", "39023000101", "39023000102"]  # the place's own, with a value
    assert drawn["marker"]["size"][0] == 2 * drawn["marker"]["size"][1]  # four times the area
    assert [row[8] for row in panel.table.rows].count(None) == 1
    assert circle_sizes(np.array([-1.0, 0.0, 3.0])) == [0.0, 7.0, 14.0]  # below 0: from the smallest up
    words = [line.words for line in map_key(ranks(), make_statistics(ranks()), "tiers", poverty)]
    assert words[0] == "Clearly above Springfield for household income rank"
    assert words[-1] == "Circles: Poverty rate, area in proportion to the value, 10.0% to 40.0%"


def test_a_map_without_tracts_is_empty():
    empty = np.empty(0, dtype=np.float32)
    nothing = make_tracts(geoids=(), names=(), values=empty, shares_in_city=empty, belongs=empty.astype(bool))
    assert len(draw_tract_map(nothing).data) == 0


@pytest.mark.parametrize(
    ("slug", "waits", "has_words"),
    [
        ("jail_black_male_p25", True, True),
        ("jail_pooled_male_mean", True, True),
        ("jail_pooled_pooled_mean", False, True),
        ("teenbrth_pooled_female_mean", False, True),
        ("teenbrth_hisp_female_p25", True, True),
        ("kfr_black_male_p25", False, False),
        ("poor_share2016", False, False),
    ],
)
def test_incarceration_by_race_or_gender_opens_only_with_context(slug, waits, has_words):
    assert needs_context(slug) is waits
    assert (context_of(slug) is not None) is has_words


def test_context_says_what_when_and_whose_doing():
    said = " ".join(context_of("jail_black_male_p25").paragraphs)
    assert "April 1, 2010" in said
    assert "institutions" in said
    assert "nothing about people’s ability" in said


def test_no_tract_is_called_by_the_name_of_its_city():
    names = ("Corktown, Dayton, OH", "Dayton, OH", "", "Old North Dayton", "Kettering, OH")
    shown = [row[0] for row in where.build_table(make_tracts(names=names)).rows]
    assert shown == ["Corktown", "Old North Dayton", "Tract 1.01, Dayton", "Tract 1.02", "Tract 1.04, Kettering"]

"""Groups and gaps as a reader finds them: levels before gaps, nothing read into what rests on little."""

import re
from dataclasses import replace

import pytest

from atlas.formatting.percentiles import format_points
from atlas.measures import SENSITIVE_OUTCOMES
from atlas.queries.groups import OUTCOMES
from atlas.records.groups import GROUPS, PAIRS, Group, WeightCheck
from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.exports.panel_table import write_csv
from dashboards.formatting.groups import is_thin, pair_label
from dashboards.panels import gaps, groups
from tests.dashboards.panels.records import BLACK, HOSTILE, WHITE, make_city, make_groups


def test_every_group_stands_beside_the_same_group_in_the_nation():
    """White: (.44*900 + .40*100 + .46*300 + .42*200) / 1500 = .4387; Black: (.36*100 + .33*900 + .35*400) / 1400."""
    found = make_groups()
    white, black = found.levels
    assert white.here.value == pytest.approx(0.4386667, abs=1e-6)
    assert black.here.value == pytest.approx(0.3378571, abs=1e-6)
    panel = groups.build(make_city(), found)
    white_says, black_says, spouse, county = re.split(r"(?<=\.) ", panel.finding)
    assert "low-income families" in white_says and "Springfield" in white_says and "personal income" in white_says
    assert re.findall(r"\d+\w\w", white_says) == ["44th", "43rd"] and re.findall(r"\d+\w\w", black_says) == [
        "34th",
        "43rd",
    ]
    assert "spouse" in spouse and "girls and boys" in county and "Clark County" in county


def test_a_level_inside_the_noise_of_the_nations_is_said_so():
    """White children: 43.9 with a standard error of 1.27 against 43.0."""
    finding = groups.build(make_city(), make_groups(exact=True)).finding
    assert "(US 43rd, too close to call)" in finding.split(". ")[0]
    assert "Black children reached the 34th (US 43rd)" in finding


def test_two_measures_never_share_an_axis():
    """Tracts have individual income, the county household income."""
    blocks = groups.blocks(make_city(), make_groups())
    assert [block.axis for block in blocks] == ["percentile of personal income", "percentile of household income"]
    figure = draw_dot_rows(blocks)
    assert {trace.xaxis for trace in figure.data} == {"x", "x2"}
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_what_rests_on_few_tracts_is_hollow_left_out_of_the_finding_and_told():
    found = make_groups()
    few = replace(found.levels[1], tracts_total=200, here=replace(found.levels[1].here, coverage=0.3))
    found = replace(found, levels=(found.levels[0], few))
    assert is_thin(few)
    panel = groups.build(make_city(), found)
    assert "Black children reached" not in panel.finding
    assert [row.is_hollow for row in groups.blocks(make_city(), found)[0].rows] == [False, True]
    assert any("3 of 200 tracts, 30.0% of the group’s children" in said for said in panel.details)
    assert any("Black children" in said and "with care" in said for said in panel.caveats)
    assert "Springfield itself" not in gaps.build(make_city(), found).finding


def test_coverage_that_is_not_everything_never_reads_as_everything():
    level = make_groups().levels[0]
    nearly = replace(level, here=replace(level.here, coverage=0.99992))
    found = make_groups(levels=(nearly,), gaps=())
    assert groups.blocks(make_city(), found)[0].rows[0].note == "4 tracts, 99% coverage"


def test_the_places_own_levels_come_before_their_gap_in_the_finding():
    """Own: 43.87 - 33.79 = 10.08. At the Black weights over three tracts: (.08*100 + .07*900 + .07*400) / 1400 = 7.07.

    The three tracts hold 1,400 of the 1,700 Black children, 82%.
    """
    found = make_groups()
    gap = found.gaps[0].gap
    assert gap.own.value == pytest.approx(0.1008095, abs=1e-6)
    assert gap.common.value == pytest.approx(0.0707143, abs=1e-6)
    assert gap.coverage == pytest.approx(1400 / 1700)
    finding = gaps.build(make_city(), found).finding
    itself = finding[finding.index("In Springfield itself we only have personal income") :]
    assert itself.index("the 44th") < itself.index("the 34th") < itself.index("10.1 points")
    assert "In the same neighborhoods" in itself and itself.index("7.1 points") < itself.index("other 3.0 points")


def test_the_bold_sentence_is_about_household_income_and_names_ground_and_the_nations_gap():
    """Tracts have personal income only: the county's household income leads, and says that it is the county's."""
    panel = gaps.build(make_city(), make_groups())
    assert panel.lead == (
        "In household income, white children in Clark County ended up 11.0 points above Black children (likely range "
        "10.6 to 11.4)."
    )
    nation, white, black = re.split(r"(?<=\.) ", panel.rest)[:3]
    assert "nation’s gap is 0.0 points" in nation
    assert re.findall(r"\d+\w\w", white + black) == ["42nd", "40th", "31st", "40th"], "levels stand beside the gap"
    same = gaps.build(make_city(), make_groups(county_share=1.0))
    assert "white children in Springfield ended" in same.lead and "Clark County" not in same.finding


def test_household_income_of_the_places_own_tracts_leads_where_there_is_any():
    found = make_groups(outcome="kfr")
    panel = gaps.build(make_city(), found)
    assert panel.lead.startswith("In household income, white children in Springfield ended up ")
    assert "Clark County" not in panel.finding
    no_county = make_groups(published=(), published_gaps=())
    assert gaps.build(make_city(), no_county).lead.startswith("In personal income, white children in Springfield ")


def test_gaps_have_intervals_where_there_are_standard_errors():
    row = gaps.build(make_city(), make_groups(exact=True)).table.rows[0]
    assert all(error is not None for error in (row[6], row[8], row[10]))
    assert "likely range" in row[-1]


def test_under_sixty_in_a_hundred_no_gap_in_the_same_neighbourhoods_is_shown_anywhere():
    one = make_groups().gaps[0]
    thin = replace(one.gap, coverage=0.39, headline_allowed=False, reason="they hold 39 in 100")
    panel = gaps.build(make_city(), make_groups(gaps=(replace(one, gap=thin),)))
    assert "In the same neighborhoods" not in panel.finding and "Only 39 in 100 Black children" in panel.finding
    row = panel.table.rows[0]
    assert row[7:11] == (None,) * 4 and row[11] == 0.39 and "39 in 100" in row[-1]
    assert "–" in {words for _, words in panel.table.formatted_rows()[0][1]}, "withheld here, not unpublished"


def test_a_small_gap_is_not_called_fair():
    """Both groups far below the nation: the gap between them is the smaller part of the story."""
    found = make_groups()
    low = replace(found.levels[0], here=replace(found.levels[0].here, value=0.36))
    near = replace(found.gaps[0], gap=replace(found.gaps[0].gap, own=replace(found.gaps[0].gap.own, value=0.02)))
    panel = gaps.build(make_city(), replace(found, levels=(low, found.levels[1]), gaps=(near,)))
    small = panel.finding[panel.finding.index("A small gap is not good news") :]
    assert re.findall(r"\d+\w\w", small) == ["43rd", "43rd"], "the nation's levels, which both are below"
    assert gaps.SMALL_IS_NOT_FAIR in panel.caveats
    assert "equit" not in (panel.finding + " ".join(panel.caveats)).lower()


def test_the_countys_gaps_are_the_countys():
    """42 (0.2) less 31 (0.1): 11.0, standard error .2236."""
    found = make_groups(levels=(), gaps=(), outcome="", reason="no tract file with groups")
    panel = gaps.build(make_city(), found)
    assert panel.lead.startswith("In household income, white children in Clark County ")
    assert "11.0 points" in panel.lead and "10.6 to 11.4" in panel.lead
    row = panel.table.rows[0]
    assert row[0] == "Clark County, published" and row[6] == pytest.approx(0.002236068)


def test_without_anything_the_reason_stands_alone():
    nothing = make_groups(levels=(), gaps=(), published=(), published_gaps=(), outcome="", reason="no file yet")
    for panel in (groups.build(make_city(), nothing), gaps.build(make_city(), nothing)):
        assert (panel.figure, panel.finding, panel.reason) == (None, "", "No file yet.")


def test_incarceration_and_births_to_teenagers_are_no_outcome_here():
    assert not SENSITIVE_OUTCOMES & set(OUTCOMES)
    assert len(set(GROUPS)) == len(GROUPS) == 21
    assert all(first != second for first, second in PAIRS)


def test_a_race_s_modelled_weights_come_with_their_error():
    check = WeightCheck("black", 209_759, 189_152, -0.004, 0.001, 0.0604, 1915)
    said = groups.weight_check_note(check, make_groups())
    assert "209,759 low-income Black children in Clark County, 10.9% more than the published count" in said
    assert "misses by 6.0%" in said and "0.4 below its value (its standard error: 0.10)" in said


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (WHITE, BLACK, "White minus Black children"),
        (Group("pooled", "female"), Group("pooled", "male"), "Girls minus boys"),
        (Group("black", "female"), Group("black", "male"), "Black girls minus boys"),
    ],
)
def test_a_gap_says_what_is_taken_from_what(first, second, said):
    assert pair_label(first, second) == said


def test_a_county_that_is_the_city_is_not_called_a_larger_one():
    """Orleans Parish is New Orleans: its values are other estimates of the same ground."""
    for share in (1.0, 0.6, None):
        for found in (
            make_groups(county_share=share),
            make_groups(levels=(), gaps=(), outcome="", reason="none", county_share=share),
        ):
            for panel in (groups.build(make_city(), found), gaps.build(make_city(), found)):
                text = " ".join((panel.finding, *panel.caveats, *panel.details))
                assert ("of which Springfield is a part" in text) == (share != 1.0)
                assert ("the same ground" in text) == (share == 1.0)
                assert share != 1.0 or "all of Clark County" not in text


def test_the_part_between_neighbourhoods_has_its_interval_and_noise_is_called_noise():
    found = make_groups(exact=True)
    between = found.gaps[0].gap.between
    finding = gaps.build(make_city(), found).finding
    half = 1.959964 * between.standard_error
    low, high = format_points(between.value - half), format_points(between.value + half)
    assert "The part between neighborhoods is too close to call" in finding, (low, high)
    sharp = replace(found.gaps[0].gap, between=replace(between, standard_error=between.value / 10))
    noisy = replace(found.gaps[0].gap, between=replace(between, standard_error=between.value))
    points = f"other {format_points(between.value)} points go with where they lived (likely range "
    for gap, said in ((sharp, points), (noisy, "is too close to call")):
        assert said in gaps.build(make_city(), replace(found, gaps=(replace(found.gaps[0], gap=gap),))).finding


def test_a_note_says_each_reason_once():
    one = make_groups().gaps[0]
    gone = replace(one.gap.own, value=None, standard_error=None, reason="no tract has both")
    twice = replace(one.gap, own=gone, headline_allowed=False, reason="no tract has both")
    assert (
        gaps.build(make_city(), make_groups(gaps=(replace(one, gap=twice),))).table.rows[0][-1] == "no tract has both"
    )


def test_names_from_files_are_never_read_as_markup():
    figure = draw_dot_rows((DotBlock(HOSTILE, "x", (DotRow(HOSTILE, HOSTILE, 1.0, None, None, "1"),)),))
    assert "<script" not in figure.to_json().replace("\\u003c", "<")


def test_every_row_travels_as_csv():
    for build in (groups.build, gaps.build):
        text = write_csv(build(make_city(), make_groups(exact=True)))
        assert "kir" in text or "personal income" in text
        assert "Clark County, published" in text


def test_a_printed_page_draws_races_and_genders_by_themselves():
    """The county's twelve rows are left to the page where the place has values of its own."""
    found = make_groups()
    (own,) = groups.brief_blocks(make_city(), found)
    assert own == groups.blocks(make_city(), found)[0]
    (county,) = groups.brief_blocks(make_city(), make_groups(levels=(), gaps=(), outcome="", reason="none"))
    assert county.heading.startswith("Clark County")
    assert not any(row.label in ("White girls", "Black boys") for row in county.rows)
    assert groups.build(make_city(), found, in_brief=True).table == groups.build(make_city(), found).table


def test_in_brief_says_three_sentences_and_keeps_the_warning_of_a_small_gap():
    found = make_groups()
    brief = gaps.in_brief(make_city(), found)
    assert brief.count(". ") == 2 and "we only have personal income" in brief and "10.1 points" in brief
    level = found.levels[0]
    nation = replace(level.nation, value=level.here.value + 0.2)
    far = replace(found, levels=(replace(level, nation=nation), *found.levels[1:]))
    assert "is not good news" in gaps.in_brief(make_city(), far) and "10.1" not in gaps.in_brief(make_city(), far)
    own = replace(found, published_gaps=())
    assert gaps.build(make_city(), own).finding.startswith(gaps.in_brief(make_city(), own))

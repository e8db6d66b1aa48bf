"""Sections of a place's page: rows of groups with their gaps, cities beside each other, small multiples."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from atlas.records.groups import Group, PublishedLevel
from atlas.statistics.results import Estimate
from dashboards.panels.headline import uncertainty
from dashboards.places.city_rows import city_section, margins_in_words
from dashboards.places.group_rows import group_section
from dashboards.places.place_sections import publishers
from dashboards.places.series_cards import tracker_cards, yearly_cards
from tests.dashboards.panels.records import make_city, make_groups, make_headline, make_source
from tests.dashboards.panels.test_changing import make_series, withheld


def test_groups_are_the_countys_where_it_is_published_with_gaps_and_their_margins():
    found = group_section(make_city(), make_groups())
    assert (found.ground, found.is_place, found.has_margins) == ("Clark County", False, True)
    races, genders = found.blocks
    assert [row.name for row in races.rows] == ["White", "Black"]
    assert (races.gap.points, races.gap.words) == ("11.0 points", "white over Black children")
    assert races.gap.interval == "10.6 to 11.4"  # 1.96 × √(.002² + .001²)
    assert races.gap.nation == "US: 0.0 points"
    assert [row.name for row in genders.rows] == ["Girls", "Boys"] and genders.gap.points == "5.0 points"
    assert races.rows[0].mark.low < 42 < races.rows[0].mark.high


def test_a_third_group_stands_between_the_pair_that_the_bracket_joins():
    groups = make_groups()
    hispanic = PublishedLevel(
        Group("hisp", "pooled"),
        "kfr_hisp_pooled_p25",
        Estimate(0.39, None, 1, "rank"),
        Estimate(0.43, None, 9, "rank"),
        9.0,
    )
    found = group_section(make_city(), replace(groups, published=(*groups.published, hispanic)))
    assert [row.name for row in found.blocks[0].rows] == ["White", "Hispanic", "Black"]
    assert found.blocks[0].rows[1].mark.low is None


def test_a_gap_the_other_way_round_is_said_the_other_way_round():
    groups = make_groups()
    turned = tuple(
        replace(level, here=replace(level.here, value=0.6 - level.here.known_value)) for level in groups.published
    )
    races, genders = group_section(make_city(), replace(groups, published=turned)).blocks
    assert races.gap.words == "Black over white children" and races.gap.points == "11.0 points"
    assert genders.gap.words == "boys over girls"


def test_without_county_figures_the_place_itself_is_shown_and_without_any_nothing():
    found = group_section(make_city(), make_groups(published=(), published_gaps=()))
    assert (found.ground, found.is_place, found.has_margins) == ("Springfield", True, False)
    assert found.blocks[0].gap.interval == ""
    empty = group_section(make_city(), make_groups(levels=(), gaps=(), published=(), published_gaps=()))
    assert empty.ground == "" and empty.blocks == ()


def test_a_county_that_is_the_city_is_called_by_the_citys_name():
    assert group_section(make_city(), make_groups(county_share=0.9999)).ground == "Springfield"


def city(slug: str, name: str):
    return make_city(slug=slug, name=name)


def test_cities_stand_from_a_to_z_whatever_their_values():
    cities = (city("akron", "Akron"), make_city(), city("zion", "Zion"))
    own = make_headline(value=0.31)
    found = {"akron": make_headline(value=0.25), "springfield": own, "zion": make_headline(value=0.40)}
    section = city_section(make_city(), own, cities, found)
    assert [row.name for row in section.rows] == ["Akron", "Springfield", "Zion"]
    assert [row.is_this for row in section.rows] == [False, True, False]
    assert all(row.mark.us == section.nation_value for row in section.rows)


def test_a_city_without_a_value_is_left_out_and_margins_are_said_once():
    cities = (city("akron", "Akron"), make_city())
    own = make_headline(value=0.31, standard_error=0.0035)
    section = city_section(make_city(), own, cities, {"akron": make_headline(value=None), "springfield": own})
    assert [row.name for row in section.rows] == ["Springfield"]
    assert section.rows[0].margin == "30.3 to 31.7" and "Springfield 30.3 to 31.7" in margins_in_words(section)
    none = city_section(make_city(), make_headline(), cities, {"springfield": make_headline(standard_error=None)})
    assert "margin" in margins_in_words(none) and none.rows[0].mark.low is None


def test_a_value_before_adjustment_is_a_ring_and_one_never_adjusted_has_none():
    own = make_headline()
    section = city_section(make_city(), own, (make_city(),), {"springfield": own})
    assert section.rows[0].mark.ring == pytest.approx(own.raw_value * 100)
    raw = replace(own, basis="raw")
    assert city_section(make_city(), raw, (make_city(),), {"springfield": raw}).rows[0].mark.ring is None


def test_clear_changes_come_first_then_unclear_ones_then_those_without_a_margin():
    nothing = (None,) * 3
    unsure = make_series("share_homeless", lower=nothing, upper=nothing)
    close = make_series("share_in_preschool", lower=(0.4, None, 0.5), upper=(0.7, None, 0.8))
    clear = make_series()
    cards = yearly_cards("Detroit", (unsure, close, clear))
    assert [card.verdict for card in cards] == ["rose", "close", "unknown"]
    assert cards[0].change == "58% → 66%"
    assert (cards[0].mark.first, cards[0].mark.last) == ("2014", "2023")


def test_a_fall_is_a_fall_and_small_shares_keep_a_decimal():
    fell = make_series(values=(0.0812, None, 0.027), lower=(0.07, None, 0.02), upper=(0.09, None, 0.03))
    (card,) = yearly_cards("Detroit", (fell,))
    assert (card.verdict, card.change) == ("fell", "8.1% → 2.7%")


def test_ends_that_round_alike_are_said_more_finely():
    (card,) = yearly_cards("Detroit", (make_series(values=(0.581, None, 0.584)),))
    assert card.change == "58.1% → 58.4%"


def test_a_withheld_series_says_why_instead_of_a_chart():
    (card,) = yearly_cards("Detroit", (withheld(),))
    assert card.reason and card.change == "" and card.mark.points == ()


def test_dollars_and_a_change_of_grade_say_what_else_may_be_behind():
    assert "prices" in yearly_cards("Detroit", (make_series("pctl_income_20"),))[0].note
    assert yearly_cards("Detroit", (make_series(quality=("Weak", "", "Strong")),))[0].note


def test_the_economy_is_said_against_its_dashed_line():
    series = make_series("emp", values=(0.01, None, -0.0408), lower=(None,) * 3, upper=(None,) * 3, period_kind="week")
    (card,) = tracker_cards("Detroit", (series,))
    assert (card.change, card.verdict, card.mark.rule) == ("4.1% below", "", 0.0)


def test_each_publisher_is_named_once_with_its_files_and_their_last_day():
    first, last = (
        make_source(release_id=number, activated_at=datetime(2026, 11, number, tzinfo=UTC)) for number in (3, 9)
    )
    other = make_source(publisher="Urban Institute", release_id=5, is_sample=True)
    ours, theirs = publishers([first, last, first, other])
    assert (ours.files, ours.last.day, ours.is_sample) == (2, 9, False)
    assert (theirs.publisher, theirs.files, theirs.is_sample) == ("Urban Institute", 1, True)
    assert publishers([]) == ()


@pytest.mark.parametrize("changes", [{}, {"standard_error": 0.0035}, {"basis": "published"}])
def test_how_we_know_has_four_folds_and_at_most_170_words(changes):
    headline = make_headline(**changes)
    context = {
        "place": make_city(),
        "headline": headline,
        "coverage": "nearly all",
        "uncertainty": uncertainty(headline),
        "shown": {},
        "page_sources": publishers(
            [make_source(), make_source(publisher="Urban Institute"), make_source(publisher="C")]
        ),
    }
    page = render_to_string("dashboards/places/_know.html", context)
    assert page.count("<details") == page.count("</details>") == 4
    assert len(strip_tags(page).split()) <= 170

"""Rows of what works: one table for each outcome and unit, nulls kept; one test beside others of its outcome."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.pilots.rules.beside import MOST_ROWS, beside
from engagements.pilots.rules.registration import OVER_TIME
from engagements.pilots.rules.sentences import design_words
from engagements.pilots.rules.work_words import cost_words, effect_words, likely_words, measured_words
from engagements.pilots.rules.works import (
    OWN,
    REPORTED_BY_OTHERS,
    PilotBehind,
    Work,
    WorkFilter,
    arrange,
    choose,
    outcome_tables,
    plain_key,
)
from engagements.results.records import ResultFields
from tests.engagements.pilots.made_registration import make_registration

MADE = ResultFields(
    finding="that 6 more in 100 had a job",
    outcome="Had a job",
    tried="Coaching",
    design="randomized",
    unit="in 100",
    effect=6.0,
    low=2.0,
    high=10.0,
    level=95.0,
    verdict="worked",
    own_data="Ours",
)


def work(pk: int = 1, city: str = "Tulsa", pilot: PilotBehind | None = None, **changes) -> Work:
    fields = replace(MADE, **changes)
    day = date(2026, 1, 1 + pk % 28)
    return Work(pk, 7, "e", city, city.lower(), "Coaching", fields, "It worked.", "", day, pilot=pilot)


def test_people_of_an_own_test_over_time_are_measurements():
    fields = replace(MADE, participants=4000, design_words="randomized by person")
    assert measured_words(fields) == "4,000 people" and measured_words(replace(fields, participants=None)) == ""
    for design in OVER_TIME:
        plan = make_registration(design=design)
        over_time = replace(fields, participants=48, design_words=design_words(plan).lower())
        assert measured_words(over_time) == "48 measurements", design
        assert measured_words(replace(over_time, verdict="")) == "48 people", "of others nobody knows"


BARE = {"effect": None, "low": None, "high": None, "level": None, "unit": ""}


def test_different_units_and_scales_never_share_a_table():
    rows = [work(1), work(2, unit="dollars"), work(3, unit="percentage points"), work(4, scale="ratio", effect=1.4)]
    tables = outcome_tables(rows)
    assert sorted(tuple(row.pk for row in table.rows) for table in tables) == [(1, 3), (2,), (4,)]
    assert {table.none for table in tables} == {0.0, 1.0}


def test_what_has_no_number_stands_with_its_outcome_in_the_order_given():
    rows = [work(1, verdict="stopped", **BARE), work(2), work(3, verdict="refused", **BARE)]
    (table,) = outcome_tables(rows)
    assert [row.pk for row in table.rows] == [1, 2, 3] and table.unit == "in 100"
    (only,) = outcome_tables([rows[0]])
    assert not only.has_marks and only.ends == (0.0,)


def test_own_verdicts_come_before_what_others_published_which_is_not_judged():
    (table,) = outcome_tables([work(1, verdict="", own_data=""), work(2)])
    assert [row.pk for row in table.own] == [2] and [row.pk for row in table.reported] == [1]
    assert table.reported[0].state == "gain" and table.reported[0].shown.label == "Reported gain"


def test_the_axis_holds_every_effect_and_lets_one_very_wide_interval_leave():
    (table,) = outcome_tables([work(1), work(2, low=-400.0, high=900.0, verdict="cannot_tell")])
    assert 10.0 in table.ends and 900.0 not in table.ends and 0.0 in table.ends
    (alone,) = outcome_tables([work(2, low=-400.0, high=900.0, verdict="cannot_tell")])
    assert 900.0 in alone.ends


def test_the_smallest_effect_worth_having_lies_where_better_is():
    behind = PilotBehind(3, "Coaching", worthwhile=4.0)
    assert work(pilot=behind).worthwhile == 4.0 and work(pilot=behind, wanted="less").worthwhile == -4.0
    assert work().worthwhile is None


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (WorkFilter(), [1, 2, 3]),
        (WorkFilter(words="COACH tulsa"), [1, 2]),
        (WorkFilter(city="newark"), [3]),
        (WorkFilter(outcome="had-a-job"), [1, 2, 3]),
        (WorkFilter(outcome="had"), []),
        (WorkFilter(design="quasi"), [2]),
        (WorkFilter(verdict="worked"), [1, 2]),
        (WorkFilter(verdict="gain"), [3]),
        (WorkFilter(show=OWN), [1, 2]),
        (WorkFilter(show=REPORTED_BY_OTHERS), [3]),
    ],
)
def test_a_filter_asks_all_of_its_parts(where, found):
    rows = [work(1), work(2, design="quasi"), work(3, "Newark", verdict="", own_data="")]
    assert [row.pk for row in choose(rows, where)] == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", [1, 3, 2, 4]),
        ("effect", [3, 1, 2, 4]),
        ("cost", [2, 1, 3, 4]),
        ("strength", [4, 1, 3, 2]),
        ("newest", [4, 3, 2, 1]),
        ("city", [4, 1, 3, 2]),
        ("outcome", [1, 3, 2, 4]),
    ],
)
def test_what_is_not_known_comes_last_in_every_order(sort, found):
    rows = [
        work(1, cost_usd=50.0, cost_price_year=2026, cost_unit="person"),
        work(2, effect=1.0, low=-1.0, high=3.0, verdict="did_not_work", cost_usd=5.0, design="description"),
        work(3, effect=-9.0, low=-12.0, high=-6.0, wanted="less"),
        work(4, "Dayton", verdict="stopped", participants=9000, **BARE),
    ]
    assert [row.pk for row in arrange(rows, sort)] == found


@given(st.text(max_size=300))
def test_a_key_is_always_an_address(text):
    key = plain_key(text)
    assert key and key.isascii() and len(key) <= 80 and all(one.isalnum() or one == "-" for one in key)


def test_keys_by_hand():
    assert plain_key("Kept the first appointment!") == "kept-the-first-appointment"
    assert plain_key("Café visits") == "cafe-visits" and plain_key("失业") != plain_key("收入")


def test_a_row_in_words():
    assert effect_words(MADE) == "+6 in 100" and likely_words(MADE) == "+2 to +10"
    assert likely_words(replace(MADE, low=2.852, high=9.337, own_data="")) == "+2.85 to +9.34", "as others wrote it"
    assert likely_words(replace(MADE, low=0.498, high=9.337)) == "+0.5 to +9.3", "our own as its page has it"
    assert likely_words(replace(MADE, level=90.0)) == "+2 to +10 (90%)"
    assert effect_words(replace(MADE, **BARE, size_in_words="many more")) == "many more"
    assert effect_words(replace(MADE, scale="ratio", effect=1.4, unit="times")) == "1.4 times"
    assert (
        cost_words(replace(MADE, cost_usd=0.04)) == "$0.04"
        and cost_words(replace(MADE, cost_usd=28_290.0)) == "$28,290"
    )
    assert cost_words(MADE) == ""


def test_beside_others_this_test_stands_first_and_other_units_are_not_there():
    this = work(5, pilot=PilotBehind(3, "Coaching", worthwhile=4.0))
    found = beside(this, [work(1), work(2, unit="dollars"), this, work(3, outcome="Rent paid"), work(4, "Newark")])
    assert found is not None
    assert [row.work.pk for row in found.rows] == [5, 4, 1] and [row.is_this for row in found.rows] == [
        True,
        False,
        False,
    ]
    assert found.worthwhile == 4.0 and {4.0, 2.0, 10.0} <= set(found.ends) and found.left_out == 0


def test_alone_there_is_nothing_beside_it_and_many_are_cut_and_counted():
    assert beside(work(1), [work(1), work(2, unit="dollars")]) is None
    found = beside(work(0), [work(pk) for pk in range(20)])
    assert found is not None and len(found.rows) == MOST_ROWS and found.left_out == 20 - MOST_ROWS

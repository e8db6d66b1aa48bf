"""Which duties there are, whose and due when: worked cases by hand."""

from dataclasses import replace
from datetime import date

import pytest

from engagements.duties.rules import (
    DutyKind,
    EngagementFacts,
    IndicatorFacts,
    MilestoneFacts,
    count_by_kind,
    in_order,
    indicator_duties,
    milestone_duties,
    quarter_before,
    quarter_ends,
    quarter_of,
    responsible,
    result_duties,
    update_duties,
)

TODAY = date(2026, 11, 30)
ADVISER, STAFF, LEAD, EXPERT = 1, 2, 3, 4
TEAM = {ADVISER: ("adviser",), STAFF: ("city_staff",), LEAD: ("lead",), EXPERT: ("expert",)}
HERE = EngagementFacts(7, date(2026, 1, 1), TEAM, frozenset())


@pytest.mark.parametrize(
    ("day", "quarter", "ends"),
    [
        (date(2026, 1, 1), (2026, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), (2026, 2), date(2026, 6, 30)),
        (date(2026, 12, 31), (2026, 4), date(2026, 12, 31)),
    ],
)
def test_quarters(day, quarter, ends):
    assert quarter_of(day) == quarter and quarter_ends(quarter) == ends
    assert quarter_of(ends) == quarter


def test_before_the_first_quarter_is_the_last_of_the_year_before():
    assert quarter_before((2026, 1)) == (2025, 4) and quarter_before((2026, 3)) == (2026, 2)


@pytest.mark.parametrize(
    ("today", "begins_on", "written", "expected"),
    [
        (TODAY, date(2026, 1, 1), (), [((2026, 3), date(2026, 9, 30)), ((2026, 4), date(2026, 12, 31))]),
        (TODAY, date(2026, 1, 1), ((2026, 3),), [((2026, 4), date(2026, 12, 31))]),
        (TODAY, date(2026, 1, 1), ((2026, 3), (2026, 4)), []),
        (TODAY, date(2026, 10, 1), (), [((2026, 4), date(2026, 12, 31))]),  # did not run in the third quarter
        (TODAY, date(2026, 9, 30), (), [((2026, 3), date(2026, 9, 30)), ((2026, 4), date(2026, 12, 31))]),
        (TODAY, date(2026, 12, 1), (), []),  # begins tomorrow
        (TODAY, None, (), []),
        (date(2026, 11, 15), date(2026, 10, 1), (), []),  # 46 days before it is due
        (date(2026, 11, 16), date(2026, 10, 1), (), [((2026, 4), date(2026, 12, 31))]),
        (date(2027, 1, 1), date(2026, 10, 1), (), [((2026, 4), date(2026, 12, 31))]),
    ],
)
def test_an_update_is_a_duty_from_the_middle_of_its_quarter(today, begins_on, written, expected):
    found = update_duties(replace(HERE, begins_on=begins_on, written=frozenset(written)), today)
    assert [(duty.subjects, duty.due_on) for duty in found] == expected
    assert all(duty.owners == (ADVISER,) and duty.kind is DutyKind.UPDATE for duty in found)


def test_without_an_adviser_the_citys_staff_is_responsible_then_the_lead_then_nobody():
    assert responsible(TEAM) == (ADVISER,)
    assert responsible({STAFF: ("city_staff",), LEAD: ("lead",)}) == (STAFF,)
    assert responsible({LEAD: ("lead", "funder"), EXPERT: ("expert",)}) == (LEAD,)
    assert responsible({EXPERT: ("expert",)}) == ()


@pytest.mark.parametrize(
    ("due_on", "is_entered", "is_duty"),
    [
        (date(2026, 12, 14), False, True),
        (date(2026, 12, 15), False, False),
        (date(2026, 1, 1), False, True),
        (date(2026, 1, 1), True, False),
        (None, False, False),
    ],
)
def test_a_value_is_a_duty_two_weeks_before_it_is_due(due_on, is_entered, is_duty):
    found = indicator_duties([IndicatorFacts(9, 7, "Kept", EXPERT, due_on, is_entered)], {7: HERE}, TODAY)
    assert [(duty.owners, duty.due_on, duty.name) for duty in found] == (
        [((EXPERT,), due_on, "Kept")] if is_duty else []
    )


def test_what_somebody_owned_who_left_falls_to_who_is_responsible():
    found = indicator_duties([IndicatorFacts(9, 7, "Kept", 99, TODAY, False)], {7: HERE}, TODAY)
    assert found[0].owners == (ADVISER,)


@pytest.mark.parametrize(
    ("ended_on", "has_result", "due_on"),
    [
        (date(2026, 11, 30), False, date(2027, 2, 28)),
        (date(2026, 12, 1), False, None),
        (date(2026, 1, 1), True, None),
        (None, False, None),
    ],
)
def test_what_came_of_work_that_ended_is_recorded_within_ninety_days(ended_on, has_result, due_on):
    facts = replace(HERE, is_at_work=False, ended_on=ended_on, has_result=has_result)
    assert [duty.due_on for duty in result_duties(facts, TODAY)] == ([due_on] if due_on else [])
    assert update_duties(facts, TODAY) == []


STEP = MilestoneFacts(7, None, date(2026, 12, 6), (1,), "A step")


@pytest.mark.parametrize(
    ("owner", "kind", "owners"),
    [
        (None, DutyKind.OWNER, (ADVISER,)),
        (EXPERT, DutyKind.SILENT, (EXPERT,)),
        (99, DutyKind.SILENT, (ADVISER,)),  # left the team
    ],
)
def test_a_milestone_wants_an_owner_and_a_line(owner, kind, owners):
    (duty,) = milestone_duties([replace(STEP, owner=owner)], {7: HERE})
    assert (duty.kind, duty.owners, duty.due_on, duty.name) == (kind, owners, date(2026, 12, 6), "A step")


def test_several_of_one_engagement_are_one_duty_due_with_the_first_of_them():
    (duty,) = milestone_duties([replace(STEP, due_on=date(2026, 12, 4), pks=(18, 20, 25))], {7: HERE})
    assert (duty.subjects, duty.due_on, duty.name) == ((18, 20, 25), date(2026, 12, 4), "")
    counts = {count.kind: (count.open, count.overdue) for count in count_by_kind([duty], TODAY)}
    assert counts[DutyKind.OWNER] == (3, 0) and set(counts) == set(DutyKind)
    late = {count.kind: count.overdue for count in count_by_kind([duty], date(2026, 12, 5))}
    assert late[DutyKind.OWNER] == 3


def test_the_soonest_due_comes_first_whatever_the_order_they_came_in():
    duties = [*update_duties(HERE, TODAY), *milestone_duties([STEP], {7: HERE})]
    ordered = in_order(reversed(duties))
    assert [duty.due_on for duty in ordered] == [date(2026, 9, 30), date(2026, 12, 6), date(2026, 12, 31)]
    assert in_order(ordered) == ordered

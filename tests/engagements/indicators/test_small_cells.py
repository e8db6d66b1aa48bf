"""Small groups stay with the team: each attack by subtraction, and every way a value is read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from engagements.indicators.queries.values import count_values, indicator_page, values
from engagements.indicators.rules.small_cells import Cell, counts_in, is_small, withheld_breakdowns
from engagements.models import IndicatorValue
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW
from tests.factories.indicators import Q2, Q3, ValueEntry, approved, enter, make_indicator, move, versions

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HALF = (Q2[0], Q3[1])


def table(period, groups, total=None, by="sex", unit="people", at=LONG_AGO):
    """Cells of one period; a number is a value, a pair numerator and denominator."""
    start, end = period
    named = [(by, name, given) for name, given in groups.items()] + ([("", "", total)] if total is not None else [])
    for dimension, category, given in named:
        value, *parts = (given[0] / given[1], *given) if isinstance(given, tuple) else (given, None, None)
        yield Cell(start, end, dimension, category, counts_in(unit, value, *parts), at)


def withheld(*tables):
    return {(start, end) for start, end, _ in withheld_breakdowns(cell for one in tables for cell in one)}


@pytest.mark.parametrize(
    ("count", "small"), [(0, False), (0.4, True), (1, True), (10, True), (10.9, True), (11, False)]
)
def test_small_is_from_one_person_to_ten(count, small):
    assert is_small(count) is small


def test_large_groups_are_shown():
    assert withheld(table(Q3, {"women": 40, "men": 20}, 60)) == set()
    assert withheld(table(Q3, {"women": 60, "men": 0}, 60)) == set(), "nobody is nobody’s secret"


def test_a_total_minus_the_groups_shown_is_not_the_hidden_one():
    """Women are 5: men beside the total of 60 would tell it, so the whole breakdown goes."""
    assert withheld(table(Q3, {"women": 5, "men": 55}, 60)) == {Q3}


def test_a_group_nobody_entered_is_a_group():
    assert withheld(table(Q3, {"men": 55}, 60)) == {Q3}
    assert withheld(table(Q3, {"men": 40}, 60)) == set()


def test_a_share_tells_of_those_it_counts_and_those_it_does_not():
    for small in ((5, 40), (35, 40), (3, 10)):
        assert withheld(table(Q3, {"women": small, "men": (30, 60)}, unit="share")) == {Q3}, small
    assert withheld(table(Q3, {"women": (20, 40), "men": (30, 60)}, (50, 100), unit="share")) == set()
    assert withheld(table(Q3, {"women": (20, 40)}, (25, 60), unit="share")) == {Q3}, "5 of 20 are left"
    assert withheld(table(Q3, {"women": 0.25}, unit="share")) == set(), "without parts it counts nobody"


def test_a_half_year_minus_a_quarter_is_not_the_other_quarter():
    quarter, half = table(Q2, {"women": 50, "men": 50}, 100), table(HALF, {"women": 55, "men": 80}, 135)
    assert withheld(quarter, half) == {HALF}


def test_what_was_shown_first_stays():
    half = table(HALF, {"women": 55, "men": 80}, 135)
    later = table(Q2, {"women": 50, "men": 50}, 100, at=LONG_AGO + timedelta(days=1))
    assert withheld(half, later) == {Q2}


def test_a_running_total_minus_the_one_before_is_not_who_came_since():
    first = (date(2026, 1, 1), date(2026, 1, 31))
    second = (date(2026, 1, 1), date(2026, 2, 28))
    assert withheld(table(first, {"West": 25}, 50, "district"), table(second, {"West": 28}, 80, "district")) == {second}


def test_sums_and_differences_of_many_periods_are_worked_out():
    """Three quarters and a year tell the fourth quarter, in whatever order they came."""
    starts = [date(2026, month, 1) for month in (1, 4, 7, 10)] + [date(2027, 1, 1)]
    quarters = [(starts[n], starts[n + 1] - timedelta(days=1)) for n in range(4)]
    year = (starts[0], quarters[3][1])
    shown = [table(quarters[n], {"women": 30, "men": 30}, 60) for n in (2, 0, 1)]
    assert withheld(*shown, table(year, {"women": 97, "men": 150}, 247)) == {year}
    shown = [table(quarters[n], {"women": 30, "men": 30}, 60) for n in (2, 0, 1)]
    assert withheld(*shown, table(year, {"women": 120, "men": 150}, 270)) == set()


def test_overlapping_periods_tell_the_days_they_share_no_less():
    """January to June, April to September and January to September tell April to June."""
    spans = [
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 4, 1), date(2026, 9, 30)),
        (date(2026, 1, 1), date(2026, 9, 30)),
    ]
    made = [table(span, {"women": women}, women + 50) for span, women in zip(spans, (40, 50, 85), strict=True)]
    assert withheld(*made) & set(spans), "40 + 50 - 85 are the 5 women of April to June"


def test_a_small_rest_of_other_days_is_worked_out_too():
    """Each group grew by 20, everybody by 45: the 5 who gave no answer came in between."""
    before = table(Q2, {"women": 50, "men": 50}, 115)
    after = table(HALF, {"women": 70, "men": 70}, 160)
    assert withheld(before, after) == {HALF}


def test_other_breakdowns_of_the_period_stay():
    found = withheld_breakdowns(
        [*table(Q3, {"women": 5, "men": 55}, 60), *table(Q3, {"young": 20, "old": 40}, by="age")]
    )
    assert found == {(*Q3, "sex")}


@pytest.fixture
def world(db):
    """A quarter whose women are few, one whose groups are large; the viewers by role."""
    here, _, people, _ = house()
    indicator = make_indicator(here, people[Role.CITY_STAFF], target=None, target_on=None)
    few = ValueEntry(7, "sex", "women", note="Seven.")
    rows = approved(indicator, people, ValueEntry(1241), few, ValueEntry(1234, "sex", "men"))
    approved(
        indicator,
        people,
        ValueEntry(60),
        ValueEntry(30, "sex", "women"),
        ValueEntry(30, "sex", "men"),
        period=Q2,
    )
    return here, people, indicator, rows


def tells(text):
    """Of the few, by their note or by those who are not they."""
    return any(words in text for words in ("Seven.", "1,234", "1234"))


def groups_of(found, period):
    return sorted(row.category for row in found if row.period_start == period[0])


def test_the_team_reads_all_and_a_funder_what_tells_of_no_small_group(world):
    _, people, indicator, rows = world
    assert groups_of(values(people[Role.CITY_STAFF], indicator=indicator.pk), Q3) == ["", "men", "women"]
    funder = people[Role.FUNDER]
    found = values(funder, indicator=indicator.pk)
    assert groups_of(found, Q3) == [""] and groups_of(found, Q2) == ["", "men", "women"]
    assert count_values(funder, indicator=indicator.pk) == len(found) == 4
    for row in rows:
        is_total = IndicatorValue.objects.get(pk=row.pk).dimension == ""
        assert len(values(funder, pk=row.pk)) == is_total == count_values(funder, pk=row.pk), "asked for one by one"
    assert len(values(funder, indicator=indicator.pk, limit=2, offset=2)) == 2, "pages of a list are full"
    page = indicator_page(funder, indicator.pk, today=NOW.date())
    assert [period.withheld for period in page.periods] == [("sex",), ()]


def test_page_table_and_api_leave_out_the_same(world):
    here, people, indicator, _ = world
    client = as_(people[Role.FUNDER])
    said = {
        "page": client.get(reverse("indicator", args=[indicator.pk])).content.decode(),
        "table": client.get(f"/engagements/{here.slug}/indicators/export.csv").content.decode(),
        "api": client.get(f"/api/v1/indicators/{indicator.pk}/values/").content.decode(),
        "groups": client.get(f"/indicators/{indicator.pk}/groups.csv").content.decode(),
    }
    for where, text in said.items():
        assert not tells(text) and "women" in text, f"{where}: the large groups of the quarter before are there"
    for address in (f"/engagements/{here.slug}/history/", f"/engagements/{here.slug}/", "/log/", "/portfolio/"):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200 and not tells(answer.content.decode()), address
    assert client.get(f"/api/v1/indicators/{indicator.pk}/values/").json()["count"] == 4
    team = as_(people[Role.CITY_STAFF]).get(reverse("indicator", args=[indicator.pk])).content.decode()
    assert tells(team)


def test_a_value_opened_for_correction_leaves_no_gap_to_read(world):
    """Men are shown, women are being corrected: the total would tell them."""
    _, people, indicator, _ = world
    women, men = (
        IndicatorValue.objects.filter(indicator=indicator, period_start=Q2[0])
        .exclude(dimension="")
        .order_by("-category")
    )
    move((women,), "draft", people[Role.LEAD], reason="entry_error")
    funder = people[Role.FUNDER]
    assert groups_of(values(funder, indicator=indicator.pk), Q2) == ["", "men"], "30 are left: not few"
    move((men,), "draft", people[Role.LEAD], reason="entry_error")
    now = versions(women, men)
    entries = (
        ValueEntry(8, "sex", "women", version=now[women.pk]),
        ValueEntry(52, "sex", "men", version=now[men.pk]),
    )
    enter(indicator, people[Role.CITY_STAFF], *entries, period=Q2)
    move((men,), "in_review", people[Role.CITY_STAFF])
    move((men,), "approved", people[Role.LEAD])
    assert groups_of(values(funder, indicator=indicator.pk), Q2) == [""], "8 are left"

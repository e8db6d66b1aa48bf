"""Many indicators together: counts of labels, and people only where nobody counts twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.indicators.rules.rollup import ReachedCount, add_people, count_families, running_totals
from tests.reference import indicators as slow

Q1, Q2 = (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))
HALF = (Q1[0], Q2[1])


def reached(value, period=Q1, **more) -> ReachedCount:
    base = {"name": "Seen", "place": "Tulsa", "unit": "people", "is_unduplicated": True, "indicator": 1}
    return ReachedCount(value=value, start=period[0], end=period[1], **base | more)


def test_families_count_labels_and_add_no_values():
    (jobs, rent) = count_families(
        [
            ("employment", "late"),
            ("employment", "on track"),
            ("housing_stability", "no value"),
            ("employment", "target reached"),
            ("employment", "late"),
        ]
    )
    assert jobs.counts == (("target reached", 1), ("on track", 1), ("late", 2)) and jobs.total == 4
    assert jobs.of("on track", "target reached") == 2 and rent.counts == (("no value", 1),)


def test_people_are_summed_over_periods_and_places_that_do_not_overlap():
    (found,) = add_people([reached(40), reached(60, Q2), reached(7, place="Newark", indicator=2)])
    assert (found.unit, found.total, found.apart) == ("people", 107, ())


@pytest.mark.parametrize(
    ("rows", "total", "why"),
    [
        ([reached(40, is_unduplicated=False)], None, "more than once"),
        ([reached(40), reached(90, HALF)], None, "its periods overlap (Jan to Mar 2026)"),
        ([reached(40), reached(30, name="Called", indicator=2)], None, "both cover all of Tulsa in Jan to Mar 2026"),
        ([reached(40), reached(30, name="Called", indicator=2, area=frozenset("a"))], None, "all of Tulsa"),
        (
            [reached(40, area=frozenset("ab")), reached(30, name="Called", indicator=2, area=frozenset("bc"))],
            None,
            "both cover the same tracts",
        ),
    ],
)
def test_people_who_may_count_twice_stay_apart_with_the_words_why(rows, total, why):
    (found,) = add_people(rows)
    assert found.total == total and len(found.apart) == len(rows) and why in found.apart[0][1]


def test_what_is_apart_leaves_the_rest_summed():
    rows = [
        reached(40, area=frozenset("a")),
        reached(5, indicator=2, area=frozenset("b")),
        reached(900, indicator=3, is_unduplicated=False),
    ]
    (found,) = add_people(rows)
    assert found.total == 45 and [row.value for row, _ in found.apart] == [900]


def test_people_and_households_are_never_one_sum():
    people, households = add_people([reached(3, unit="households"), reached(40)])
    assert (people.unit, people.total, households.unit, households.total) == ("people", 40, "households", 3)


def test_a_running_total_stands_for_the_periods_it_holds():
    assert running_totals([reached(40), reached(90, HALF)]) == (reached(90, HALF),)
    assert len(running_totals([reached(40), reached(50, Q2)])) == 2
    assert running_totals([]) == ()


_rows = st.lists(
    st.builds(
        lambda value, start, length, place, area, once, n: ReachedCount(
            f"I{n}",
            place,
            "people",
            value,
            Q1[0] + timedelta(days=start),
            Q1[0] + timedelta(days=start + length),
            once,
            frozenset(area) or None,
            n,
        ),
        st.integers(0, 999),
        st.integers(0, 20),
        st.integers(0, 10),
        st.sampled_from(["Tulsa", "Newark"]),
        st.sets(st.sampled_from("abc")),
        st.booleans(),
        st.integers(1, 3),
    ),
    max_size=7,
    unique_by=id,
)


@given(_rows)
def test_the_sum_equals_the_slow_reference(rows):
    found = add_people(rows)
    assert (found[0].total if found else None) == slow.summed(rows)
    assert sum(len(each.summed) + len(each.apart) for each in found) == len(rows)

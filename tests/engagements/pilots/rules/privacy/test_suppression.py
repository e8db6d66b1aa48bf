"""Nobody can reckon a hidden count from what is shown: tried by brute force on small tables."""

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.pilots.rules.privacy.suppression import TOTAL, suppress, with_margins

BY_BOTH = ((), (0,), (1,))


def test_a_small_count_takes_another_with_it_because_the_total_is_shown():
    found = suppress({("a",): 3, ("b",): 40, ("c",): 25})
    assert dict(found.counts) == {("a",): None, ("b",): 40, ("c",): None, (TOTAL,): 68}
    assert (found.small, found.more) == (1, 1)


def test_two_small_counts_of_one_line_need_a_third_when_their_sum_is_small():
    """1 and 2 hidden alone would say "both under 4"."""
    found = suppress({("a",): 1, ("b",): 2, ("c",): 25, ("d",): 40})
    assert found.hidden == {("a",), ("b",), ("c",)}


def test_nothing_is_hidden_where_every_count_is_large_and_an_empty_cell_shows_nobody():
    found = suppress({("a",): 10, ("b",): 0})
    assert found.is_whole
    assert found.hidden == frozenset()


def test_when_everybody_is_few_even_the_total_goes():
    assert suppress({("a",): 2, ("b",): 3}).hidden == {("a",), ("b",), (TOTAL,)}


def test_hidden_cells_with_two_in_every_line_can_still_be_reckoned_and_are_not_left_so():
    """Two squares of hidden cells joined by one cell: sums of lines give the joint back, so more must go."""
    big = {(row, column): 50 for row in "123456" for column in "ABCDEF"}
    squares = {("1", "A"), ("1", "B"), ("2", "A"), ("2", "B"), ("4", "D"), ("4", "E"), ("5", "D"), ("5", "E")}
    cells = {key: 5 if key in squares else count for key, count in big.items()} | {("2", "D"): 4}
    found = suppress(cells, BY_BOTH)
    assert squares | {("2", "D")} < found.hidden


def test_an_agreement_may_ask_for_more_than_ten():
    assert suppress({("a",): 12, ("b",): 40}, limit=15).small == 1


def test_the_difference_of_two_versions_counts_as_a_release():
    before = with_margins({("a",): 50, ("b",): 40, ("c",): 70}, ((),))
    found = suppress({("a",): 53, ("b",): 40, ("c",): 90}, earlier=[before])
    assert found.counts["a",] is None  # 53 less 50 are 3 people
    assert found.counts["b",] is not None or found.more  # unchanged: hidden only if it has to go along
    assert suppress({("a",): 60, ("b",): 40, ("c",): 70}, earlier=[before]).is_whole


def test_the_difference_of_two_totals_counts_too():
    before = with_margins({("a",): 50, ("b",): 40}, ((),))
    assert suppress({("a",): 50, ("b",): 44}, earlier=[before]).counts[TOTAL,] is None


def test_what_was_hidden_stays_hidden():
    """Else: 40 shown now, 45 less 40 then: the 5 of "a" are found."""
    before = suppress({("a",): 5, ("b",): 40, ("c",): 60})
    assert before.hidden == {("a",), ("b",)}
    assert {("a",), ("b",)} <= suppress({("a",): 25, ("b",): 40, ("c",): 60}, earlier=[before.counts]).hidden


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=3, max_size=4))
def test_brute_force_of_a_list_with_its_total(counts):
    cells = {(str(place),): count for place, count in enumerate(counts)}
    _cannot_be_found(cells, ((),), limit=3, most=24)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=4, max_size=4))
def test_brute_force_of_a_square_with_all_margins(counts):
    cells = {(row, column): counts.pop() for row in "ab" for column in "xy"}
    _cannot_be_found(cells, BY_BOTH, limit=3, most=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_brute_force_of_two_by_three_with_all_margins(counts):
    cells = {(row, column): counts.pop() for row in "ab" for column in "xyz"}
    _cannot_be_found(cells, BY_BOTH, limit=2, most=9)


# One cell that needs the solver costs 509 in a square with its sums, and 503 in the list of its lines.
TOO_LITTLE = st.sampled_from([0, 505, 1010])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=4, max_size=4), TOO_LITTLE)
def test_brute_force_of_sums_alone(counts, work):
    cells = {(row, column): counts.pop() for row in "ab" for column in "xy"}
    _cannot_be_found(cells, BY_BOTH, limit=3, most=20, work=work)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_brute_force_of_sums_alone_after_an_earlier_version(counts, before):
    cells, first = ({(row, column): one.pop() for row in "ab" for column in "xy"} for one in (counts, before))
    for work in (0, 505, 1010):
        _cannot_be_found(cells, BY_BOTH, limit=3, most=20, work=work, earlier=[suppress(first, BY_BOTH, 3).counts])


def _cannot_be_found(cells, margins, limit, most, **more):
    """All tables of whole numbers up to `most` that fit what is shown: each small count has a wide range in them.

    So has each count that differs by few from what an earlier version showed.
    """
    found = suppress(cells, margins, limit, **more)
    before = [table[key] for key in cells for table in more.get("earlier", ())]
    pairs = zip(cells, before, strict=False)
    near = {key for key, old in pairs if old is not None and 0 < abs(cells[key] - old) < limit}
    keys = list(cells)
    known = {key: count for key, count in found.counts.items() if count is not None}
    grids = np.meshgrid(
        *(np.array([known[key]]) if key in known else np.arange(most + 1) for key in keys), indexing="ij"
    )
    tables = dict(zip(keys, (grid.ravel() for grid in grids), strict=True))
    fits = np.ones(len(tables[keys[0]]), dtype=bool)
    for margin, count in known.items():
        if margin not in cells:
            parts = [key for key in keys if all(m in (TOTAL, k) for m, k in zip(margin, key, strict=True))]
            fits &= sum(tables[key] for key in parts) == count
    assert fits.any()
    for key, count in with_margins(cells, margins).items():
        if key in near or (0 < count < limit and key in cells):
            possible = tables[key][fits]
            assert possible.max() - possible.min() >= limit


def test_a_table_of_a_thousand_cells_is_quick():
    draw = np.random.default_rng(1)
    cells = {(f"r{row}", f"c{column}"): int(draw.integers(1, 400)) for row in range(50) for column in range(20)}
    found = suppress(cells, BY_BOTH)
    assert found.small > 5
    assert len(found.hidden) < 5 * found.small


def test_too_many_small_counts_leave_the_sums_that_are_safe():
    """By arm 43 and 60; by the second place nothing, because sums of both places would have to be solved together."""
    cells = {("a", "x"): 3, ("a", "y"): 40, ("b", "x"): 60}
    found = suppress(cells, BY_BOTH, work=0)
    assert found.only_sums and found.hidden == {*cells, (TOTAL, "x"), (TOTAL, "y")}
    assert {key: count for key, count in found.counts.items() if count is not None} == {
        ("a", TOTAL): 43,
        ("b", TOTAL): 60,
        (TOTAL, TOTAL): 103,
    }
    assert not suppress(cells, BY_BOTH).only_sums


def test_a_sum_goes_where_it_would_give_its_only_cell_back():
    """With 50 before, the 53 of the only cell of its arm are 3 more: by arm 90 before and 53 now say nothing of it."""
    before = suppress({("a", "x"): 50, ("a", "y"): 40, ("b", "x"): 60, ("c", "x"): 70}, BY_BOTH)
    assert before.is_whole
    cells = {("a", "x"): 53, ("b", "x"): 80, ("c", "x"): 90}
    found = suppress(cells, ((), (0,)), earlier=[before.counts], work=510)
    assert found.only_sums and found.counts["a", TOTAL] is None


def test_the_finest_sums_that_can_be_found_are_shown():
    """Four counts of the cells need the solver at 519 each, more than 1,000; by arm and month one does, at 507."""
    cells = {(arm, month, place): 50 for arm in "ab" for month in "12" for place in "pqr"}
    cells |= {("a", "1", place): 2 for place in "pqr"}
    found = suppress(cells, ((), (0,), (0, 1)), work=1_000)
    assert found.only_sums
    assert found.counts["b", "1", TOTAL] is not None and found.counts["a", TOTAL, TOTAL] == 156
    assert {("a", "1", TOTAL), ("a", "2", TOTAL)} <= found.hidden


def test_versions_with_other_columns_are_held_against_each_other():
    """By arm and block first, then by arm and cluster: nothing but the sum by arm is in both, and it tells of 4."""
    first = suppress({("a", "x", ""): 400, ("a", "y", ""): 300, ("b", "x", ""): 500})
    second = {("a", "", "p"): 404, ("a", "", "q"): 300, ("b", "", "p"): 500}
    found = suppress(second, earlier=[first.counts])
    assert found.counts["a", TOTAL, TOTAL] is None
    assert {("a", "", "p"), ("a", "", "q")} & found.hidden
    assert suppress(second | {("a", "", "p"): 420}, earlier=[first.counts]).is_whole


def test_a_finer_version_is_held_against_a_coarser_one():
    first = suppress({("a", ""): 403, ("b", ""): 500})
    found = suppress({("a", "x"): 200, ("a", "y"): 200, ("b", "x"): 500}, earlier=[first.counts])
    assert found.counts["a", TOTAL] is None and {("a", "x"), ("a", "y")} & found.hidden


def test_many_cells_are_quick():
    """28,800 lines are allowed: parts of every sum are found in one pass."""
    cells = {(f"s{school}", f"m{month}", group): 50 for school in range(400) for month in range(36) for group in "ab"}
    begins = time.perf_counter()
    assert suppress(cells, ((), (0,), (0, 1), (1,))).is_whole
    assert time.perf_counter() - begins < 5


def test_a_large_count_hidden_for_its_difference_is_not_the_total_less_the_others():
    """53 less 50 is 3; with 183 for all, 40 and 90 shown, the 53 would be given back."""
    before = with_margins({("a",): 50, ("b",): 40, ("c",): 70}, ((),))
    found = suppress({("a",): 53, ("b",): 40, ("c",): 90}, earlier=[before])
    assert found.counts["a",] is None and len(found.hidden) > 1


WITHOUT_GROUP = ((), (0,), (0, 1, 2))


def test_a_coarser_version_is_held_against_sums_of_cells_that_were_hidden():
    """In arm a and city C the groups of both blocks are hidden, but their sums are 200 and 200; 404 would tell of 4."""
    cells = {("a", "C", "p", "x"): 3, ("a", "C", "p", "y"): 197, ("a", "C", "q", "x"): 4, ("a", "C", "q", "y"): 196}
    cells |= {("a", "D", "p", group): 300 for group in "xy"} | {("b", "C", "p", group): 250 for group in "xy"}
    first = suppress(cells, WITHOUT_GROUP)
    assert first.hidden == {key for key in cells if key[:2] == ("a", "C")}
    assert first.counts["a", "C", "p", TOTAL] == first.counts["a", "C", "q", TOTAL] == 200
    second = {("a", "C", "", ""): 404, ("a", "D", "", ""): 700, ("b", "C", "", ""): 600}
    assert {("a", "C", "", ""), ("a", "D", "", "")} <= suppress(second, ((), (0,)), earlier=[first.counts]).hidden
    second["a", "C", "", ""] = 420
    assert suppress(second, ((), (0,)), earlier=[first.counts]).is_whole


def test_a_coarser_version_is_held_against_one_that_had_only_sums():
    """No cell was shown, but by arm, city and block 100 and 101: by arm and city 201 then and 205 now."""
    cells = {("a", "C", "p", "x"): 3, ("a", "C", "p", "y"): 97, ("a", "C", "q", "x"): 50, ("a", "C", "q", "y"): 51}
    cells |= {("a", "D", "p", group): 300 for group in "xy"} | {("b", "C", "p", group): 250 for group in "xy"}
    first = suppress(cells, WITHOUT_GROUP, work=0)
    assert first.only_sums and first.counts["a", "C", "q", TOTAL] == 101
    second = {("a", "C", "", ""): 205, ("a", "D", "", ""): 700, ("b", "C", "", ""): 600}
    assert ("a", "C", "", "") in suppress(second, ((),), earlier=[first.counts]).hidden


def test_a_sum_is_told_by_cells_here_and_margins_there():
    """In city C the cells are shown, 40 and 60; in D only their sum of 100. By arm that is 200 then and 203 now."""
    first = {("a", "C", "x"): 40, ("a", "C", "y"): 60, ("a", "C", TOTAL): None}
    first |= {("a", "D", "x"): None, ("a", "D", "y"): None, ("a", "D", TOTAL): 100}
    assert ("a", "", "") in suppress({("a", "", ""): 203, ("b", "", ""): 500}, earlier=[first]).hidden


def test_a_cell_whose_last_place_is_not_used_is_one_with_its_margin():
    """By block the arms have 30 and 50 people; counted twice they were 160, and 83 now would not tell of 3."""
    first = suppress({("a", "p", ""): 30, ("b", "p", ""): 50}, ((), (0, 1)))
    assert first.is_whole
    found = suppress({("a", "p", ""): 13, ("b", "p", ""): 70}, ((), (0, 1)), earlier=[first.counts])
    assert found.counts[TOTAL, "p", TOTAL] is None


def test_a_sum_that_never_was_told_hides_nothing():
    """Of block q one cell and the margin are hidden: 204 by arm says nothing beside 100 of p."""
    first = {("a", "p"): 100, ("a", "q"): None, (TOTAL, "p"): 100, (TOTAL, "q"): None}
    assert suppress({("a", ""): 204, ("b", ""): 300}, earlier=[first]).is_whole


def test_an_empty_arm_is_hidden_where_a_stricter_limit_makes_what_left_it_few():
    """15 and 20 people were shown at limit 10 and none now: at limit 30 both differences are few, so "a" goes too."""
    first = suppress({("a", "x"): 15, ("a", "y"): 20, ("b", "x"): 100, ("b", "y"): 100}, ((), (0,)))
    assert first.is_whole
    second = {("a", "x"): 0, ("a", "y"): 0, ("b", "x"): 100, ("b", "y"): 100}
    found = suppress(second, ((), (0,)), limit=30, earlier=[first.counts])
    assert {("a", "x"), ("a", "y"), ("a", TOTAL)} <= found.hidden
    assert found.counts["b", TOTAL] == 200 or found.counts[TOTAL, TOTAL] == 200


def test_an_empty_sum_of_other_columns_is_hidden_with_a_cell_of_it():
    """By block 15 people of "a" then, by city none now: at limit 30 nobody may see that it was all 15."""
    first = suppress({("a", "p", ""): 15, ("b", "p", ""): 100})
    second = {("a", "", "C"): 0, ("a", "", "D"): 0, ("b", "", "C"): 100, ("b", "", "D"): 100}
    found = suppress(second, limit=30, earlier=[first.counts])
    assert ("a", TOTAL, TOTAL) in found.hidden
    assert {("a", "", "C"), ("a", "", "D")} & found.hidden


def test_an_empty_cell_stays_shown_where_others_can_be_hidden():
    """a/y, b/x and the empty b/y were cheapest for the 3, with 110 people; b/x and the sums of a and b are 173."""
    cells = {("a", "x"): 3, ("a", "y"): 50, ("b", "x"): 60, ("b", "y"): 0, ("c", "x"): 300, ("c", "y"): 300}
    assert suppress(cells, BY_BOTH).hidden == {("a", "x"), ("b", "x"), ("a", TOTAL), ("b", TOTAL)}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.lists(st.sampled_from([0, 0, 4, 9]), min_size=4))
def test_a_stricter_limit_after_a_version_is_always_answered(before, now):
    first, second = (
        {(row, column): count for (row, column), count in zip(("ax", "ay", "bx", "by"), one[:4], strict=True)}
        for one in (before, now)
    )
    released = suppress(first, BY_BOTH, limit=2).counts
    for limit in (3, 6):
        _cannot_be_found(second, BY_BOTH, limit=limit, most=24, earlier=[released])

"""Sums by arm, block and cluster: what rows and their aggregates must agree on."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engagements.pilots.rules.tallies import as_cells, blocks_of, by_arm, by_cluster, cells_of, part_of, spread_of
from tests.engagements.pilots.made_data import make_rows

PERSON = st.tuples(
    st.sampled_from("ct"),
    st.sampled_from(["", "detroit", "racine"]),
    st.sampled_from(["", "north", "south"]),
    st.sampled_from(["1", "2", "3"]),
    st.one_of(st.just(float("nan")), st.integers(-9, 9).map(float)),
)


def rows_of(people):
    arm, city, block, cluster, outcome = zip(*people, strict=True)
    return make_rows(arm, outcome, city=city, block=block, cluster=cluster)


@given(st.lists(PERSON, min_size=1, max_size=40))
def test_cells_keep_every_sum_of_the_rows(people):
    rows = rows_of(people)
    for one in by_arm(cells_of(rows), ["t", "c", "nobody"]):
        here = rows.outcome[rows.arm == one.key]
        known = here[~np.isnan(here)]
        assert (one.n, one.total, one.squares, one.assigned) == (
            len(known),
            known.sum(),
            (known**2).sum(),
            len(here),
        )


@given(st.lists(PERSON, min_size=1, max_size=40))
def test_there_is_one_cell_for_each_combination(people):
    cells = cells_of(rows_of(people))
    keys = list(zip(cells.arm, cells.city, cells.block, cells.cluster, strict=True))
    assert sorted(keys) == sorted({one[:4] for one in people})


@given(st.lists(PERSON, min_size=1, max_size=40), st.randoms())
def test_clusters_do_not_depend_on_the_order_of_rows(people, random):
    first = by_cluster(rows_of(people), ["c", "t"])
    random.shuffle(people)
    again = by_cluster(rows_of(people), ["c", "t"])
    for name in ("arm", "block", "n", "total", "squares", "cluster"):
        assert list(getattr(first, name)) == list(getattr(again, name))
    assert first.in_two_arms == again.in_two_arms


def test_a_cluster_is_one_entry_with_its_arm_and_block():
    rows = make_rows(
        ["t", "t", "c", "c", "other"],
        [1, 3, 5, np.nan, 9],
        block=["south", "south", "north", "north", "north"],
        cluster=["A", "A", "B", "B", "C"],
    )
    found = by_cluster(rows, ["c", "t"])
    assert list(found.cluster) == ["B", "A"]
    assert (list(found.arm), list(found.block)) == ([0, 1], ["north", "south"])
    assert (list(found.n), list(found.total), list(found.squares)) == ([1, 2], [5, 4], [25, 10])
    assert found.in_two_arms == 0


def test_a_cluster_in_two_arms_is_counted_as_such():
    assert by_cluster(make_rows("ct", [1, 2], cluster=["A", "A"]), ["c", "t"]).in_two_arms == 1


def test_two_cities_may_use_the_same_name_for_a_cluster():
    found = by_cluster(make_rows("ct", [1, 2], cluster=["A", "A"], city=["detroit", "racine"]), ["c", "t"])
    assert (len(found.n), found.in_two_arms) == (2, 0)


def test_who_took_part_is_unknown_when_one_cell_does_not_say():
    known = make_rows("tttc", [1, 2, np.nan, 4], took_part=[1, 0, 1, 0])
    assert [one.took_part for one in by_arm(known, ["c", "t"])] == [0, 1]
    unknown = make_rows("ttc", [1, 2, 4], took_part=[1, np.nan, 0])
    comparison, treated = by_arm(unknown, ["c", "t"])
    assert comparison.took_part == 0 and np.isnan(treated.took_part)


def test_the_city_is_part_of_the_block():
    rows = make_rows("tttt", [0] * 4, city=["", "detroit", "detroit", ""], block=["", "", "north", "north"])
    assert list(blocks_of(rows)) == ["", "detroit", "detroit\tnorth", "north"]


def test_a_part_keeps_its_covariates():
    rows = make_rows("ct", [1, 2], covariates={"age": [30, 40]})
    part = part_of(rows, rows.arm == "t")
    assert list(part.outcome) == [2] and list(part.covariates["age"]) == [40]
    assert as_cells(as_cells(part)).n.sum() == 1


def test_equal_values_have_no_spread_in_spite_of_rounding():
    values = np.full(7, 0.1)
    assert spread_of(7, values.sum(), (values**2).sum()) == 0
    assert spread_of(3, 6, 14) == 2
    assert spread_of(0, 0, 0) == 0

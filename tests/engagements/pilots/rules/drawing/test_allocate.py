"""The draw: exact shares, the same arms for the same list in any order, and anybody can check it."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.pilots.rules.drawing.allocate import Assigned, allocate
from engagements.pilots.rules.drawing.pairs import match_pairs
from engagements.pilots.rules.drawing.shares import arm_sizes
from engagements.pilots.rules.drawing.stream import Stream, seed_number
from engagements.pilots.rules.drawing.units import DrawRefused, DrawUnit, list_sha256, list_text
from engagements.pilots.rules.drawing.verify import draw_problem
from engagements.pilots.rules.registration import Arm, DesignKind, Draw, Estimator
from tests.engagements.pilots.made_registration import make_registration

SEED = "Powerball, 2026-12-02: 7 14 23 40 61, 9"
PEOPLE = make_registration()
CLUSTERS = make_registration(design=DesignKind.CLUSTERS, estimator=Estimator.CLUSTERED, draw={"cluster_by": "school"})
PAIRS = make_registration(design=DesignKind.PAIRS, estimator=Estimator.PAIRED, draw={"pair_by": ("age",)})
PHASED = replace(
    CLUSTERS, design=DesignKind.PHASED, estimator=Estimator.PHASED, starts_in=("2027-01", "2027-04", "2027-07")
)


def people(count: int, blocks: int = 1) -> list[DrawUnit]:
    return [DrawUnit(f"{n:04x}", "tulsa", f"b{n % blocks}") for n in range(count)]


def schools(count: int, size: int = 3) -> list[DrawUnit]:
    return [DrawUnit(f"{n:04x}", "tulsa", "", f"school {n // size}") for n in range(count * size)]


def counted(drawn) -> Counter:
    return Counter(given.arm for given in drawn.arms.values())


def test_a_worked_draw_never_changes():
    """Its digits are printed in bundles: another version of numpy or of this code must give the same."""
    drawn = allocate(PEOPLE, people(10), SEED)
    assert seed_number("7", "0" * 64) == 0xE65B7E1B4856FEE63A2E30FD0599C184
    assert "".join("c" if given.arm == "coaching" else "u" for _, given in sorted(drawn.arms.items())) == "ccucuuucuc"
    assert drawn.result_sha256.startswith("8451a7ba60699b6f") and drawn.list_sha256 == list_sha256(people(10))


def test_half_and_half_is_exact():
    assert counted(allocate(PEOPLE, people(40), SEED)) == {"usual": 20, "coaching": 20}


def test_shares_are_exact_within_each_block():
    units = people(120, blocks=4)
    drawn = allocate(make_registration(draw={"block_by": ("site",)}), units, SEED)
    for block in ("b0", "b1", "b2", "b3"):
        here = Counter(drawn.arms[unit.id].arm for unit in units if unit.block == block)
        assert here == {"usual": 15, "coaching": 15}


def test_cities_are_blocks_of_their_own():
    units = [replace(unit, city=("tulsa", "detroit")[n % 2]) for n, unit in enumerate(people(40))]
    drawn = allocate(make_registration(cities=("tulsa", "detroit")), units, SEED)
    assert Counter(drawn.arms[unit.id].arm for unit in units if unit.city == "detroit")["coaching"] == 10


def test_three_arms_by_their_weights():
    arms = (Arm("usual", "U", "u", 2), Arm("a", "A", "a"), Arm("b", "B", "b"))
    drawn = allocate(make_registration(arms=arms), people(40), SEED)
    assert counted(drawn) == {"usual": 20, "a": 10, "b": 10}


@given(count=st.integers(0, 500), weights=st.lists(st.integers(1, 9), min_size=2, max_size=5), seed=st.text(max_size=9))
@settings(max_examples=60, deadline=None)
def test_sizes_are_the_share_or_the_next_whole_number(count, weights, seed):
    sizes = arm_sizes(count, weights, Stream(seed, ""))
    assert sum(sizes) == count
    for size, weight in zip(sizes, weights, strict=True):
        assert abs(size - count * weight / sum(weights)) < 1


def test_what_is_left_over_goes_to_each_arm_by_its_share():
    firsts = [arm_sizes(10, (2, 1), Stream(str(n), ""))[0] for n in range(3_000)]
    assert set(firsts) == {6, 7}
    assert abs(firsts.count(7) / 3_000 - 2 / 3) < 0.03


@given(st.randoms(use_true_random=False), st.integers(4, 60), st.sampled_from([PEOPLE, CLUSTERS, PAIRS, PHASED]))
@settings(max_examples=40, deadline=None)
def test_the_same_list_in_another_order_gives_the_same_arms(random, count, registration):
    units = [
        DrawUnit(f"{n * 7919 % 65537:05x}", "tulsa", "", f"school {n % 4}", numbers={"age": float(n * n % 97)})
        for n in range(2 * count)
    ]
    mixed = list(units)
    random.shuffle(mixed)
    if registration is PAIRS:
        units, mixed = match_pairs(units, ("age",)), match_pairs(mixed, ("age",))
        random.shuffle(mixed)
    one, other = allocate(registration, units, SEED), allocate(registration, mixed, SEED)
    assert one == other


def test_another_seed_or_another_list_gives_other_arms():
    units = people(200)
    first = allocate(PEOPLE, units, SEED)
    assert allocate(PEOPLE, units, "another").arms != first.arms
    without_one = allocate(PEOPLE, units[:-1], SEED)
    assert any(without_one.arms[name] != first.arms[name] for name in without_one.arms)


def test_everybody_has_the_same_chance():
    units = people(9)
    got = Counter(
        name
        for n in range(2_000)
        for name, given in allocate(PEOPLE, units, str(n)).arms.items()
        if given.arm == "coaching"
    )
    assert all(abs(count / 2_000 - 0.5) < 0.05 for count in got.values()) and len(got) == 9


def test_a_group_has_one_arm():
    units = schools(12)
    drawn = allocate(CLUSTERS, units, SEED)
    arms = {unit.cluster: drawn.arms[unit.id].arm for unit in units}
    assert all(drawn.arms[unit.id].arm == arms[unit.cluster] for unit in units)
    assert Counter(arms.values()) == {"usual": 6, "coaching": 6}


def test_one_of_each_pair():
    ages = (20, 61, 60, 21, 40, 41)
    units = match_pairs([DrawUnit(f"{n}", "", numbers={"age": float(age)}) for n, age in enumerate(ages)], ("age",))
    assert {unit.id: unit.pair for unit in units} == {"0": "1", "3": "1", "1": "2", "2": "2", "4": "3", "5": "3"}
    drawn = allocate(PAIRS, units, SEED)
    for pair in "123":
        assert {drawn.arms[unit.id].arm for unit in units if unit.pair == pair} == {"usual", "coaching"}


def test_the_first_number_counts_more_than_the_second():
    points = {"a": (0.0, 0.0), "b": (0.0, 9.0), "c": (9.0, 0.0), "d": (9.0, 9.0)}
    units = [DrawUnit(name, numbers={"x": x, "y": y}) for name, (x, y) in points.items()]
    assert {unit.id: unit.pair for unit in match_pairs(units, ("x", "y"))} == {"a": "1", "b": "1", "c": "2", "d": "2"}


def test_phased_starts_share_the_groups():
    units = schools(9)
    drawn = allocate(PHASED, units, SEED)
    starts = {unit.cluster: drawn.arms[unit.id].starts_in for unit in units}
    assert Counter(starts.values()) == {"2027-01": 3, "2027-04": 3, "2027-07": 3}
    assert counted(drawn) == {"coaching": 27}


@pytest.mark.parametrize(
    ("registration", "units", "words"),
    [
        (PEOPLE, [], "empty"),
        (PEOPLE, [*people(4), people(4)[0]], "twice"),
        (PEOPLE, people(1), "would get nobody"),
        (replace(PEOPLE, design=DesignKind.SERIES), people(4), "Nobody is drawn"),
        (CLUSTERS, people(4), "has no group"),
        (CLUSTERS, [*schools(4), DrawUnit("ffff", "tulsa", "elsewhere", "school 1")], "two blocks"),
        (PAIRS, people(4), "exactly one partner"),
        (replace(PHASED, starts_in=()), schools(4), "two periods"),
        (PEOPLE, [DrawUnit("a", "x\ty"), DrawUnit("b")], "tab"),
    ],
)
def test_what_cannot_be_drawn_is_said(registration, units, words):
    with pytest.raises(DrawRefused, match=words):
        allocate(registration, units, SEED)


@pytest.mark.parametrize(
    ("units", "words"), [([DrawUnit("a", numbers={"age": 1.0})], "odd number"), (people(2), "missing for a unit")]
)
def test_what_cannot_be_paired_is_said(units, words):
    with pytest.raises(DrawRefused, match=words):
        match_pairs(units, ("age",))


def test_anybody_can_check_a_draw():
    units = people(30)
    drawn = allocate(PEOPLE, units, SEED)
    said = {"said_list": drawn.list_sha256, "said_result": drawn.result_sha256}
    assert draw_problem(PEOPLE, units, SEED, drawn.arms, **said) == ""
    assert "not the one that was locked" in draw_problem(PEOPLE, units[1:], SEED, drawn.arms, **said)
    swapped = drawn.arms | {units[0].id: Assigned("coaching"), units[1].id: Assigned("coaching")}
    assert "not those that were kept" in draw_problem(PEOPLE, units, SEED, swapped, **said)
    assert "another group" in draw_problem(PEOPLE, units, "another seed", drawn.arms, **said)
    old = draw_problem(PEOPLE, units, SEED, drawn.arms, **said, algorithm=("x", "0"))
    assert "another version" in old


def test_where_numbers_were_deleted_the_draw_is_checked_with_the_fingerprint_that_was_kept():
    """Else a lawful deletion would look like tampering; a unit in another arm or block is found all the same."""
    ages = (20, 61, 60, 21, 40, 41)
    units = match_pairs([DrawUnit(f"{n}", "", numbers={"age": float(age)}) for n, age in enumerate(ages)], ("age",))
    drawn = allocate(PAIRS, units, SEED)
    said = {"said_list": drawn.list_sha256, "said_result": drawn.result_sha256}
    bare = [replace(unit, numbers={}) for unit in units]
    assert "not the one that was locked" in draw_problem(PAIRS, bare, SEED, drawn.arms, **said)
    assert draw_problem(PAIRS, bare, SEED, drawn.arms, **said, are_numbers_deleted=True) == ""
    other = {name: replace(given, arm="usual") for name, given in drawn.arms.items()}
    assert "not those that were kept" in draw_problem(PAIRS, bare, SEED, other, **said, are_numbers_deleted=True)
    moved = draw_problem(PAIRS, bare, "another", drawn.arms, **said, are_numbers_deleted=True)
    assert "another group" in moved


def test_a_list_is_one_text():
    units = [DrawUnit("b", "tulsa", "north", "s1", numbers={"age": 4.5, "aa": 1.0}), DrawUnit("a")]
    assert list_text(units) == "a\t\t\t\t\nb\ttulsa\tnorth\ts1\t\taa=1.0\tage=4.5\n"
    assert Draw().block_by == ()

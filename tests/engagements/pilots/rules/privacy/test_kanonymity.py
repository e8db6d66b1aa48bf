"""Rows hide each person among others, or the sentence says what to make coarser."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.pilots.rules.privacy.kanonymity import k_anonymity, telling_columns


def texts(*values):
    return np.array(values, dtype=object)


def mixed(size):
    return np.arange(size) % 2.0


def of_groups(**sizes):
    """Rows of groups "tract_sex" with these sizes, half of each with the outcome."""
    tract, sex, outcome = [], [], []
    for name, size in sizes.items():
        one, other = name.split("_")
        tract += [one] * size
        sex += [other] * size
        outcome += list(mixed(size))
    return {"tract": texts(*tract), "sex": texts(*sex)}, np.array(outcome)


def test_groups_of_ten_pass():
    columns, outcome = of_groups(a_f=10, a_m=12, b_f=11, b_m=10)
    found = k_anonymity(columns, outcome)
    assert found.is_kept
    assert found.sentence == ""


def test_one_group_of_nine_fails_and_the_richer_column_is_made_coarser():
    columns, outcome = of_groups(a_f=10, a_m=12, b_f=9, b_m=10, c_f=11, c_m=11)
    found = k_anonymity(columns, outcome)
    assert (found.groups, found.small, found.uniform, found.coarsen) == (6, 1, 0, ("tract",))
    assert found.sentence == (
        "Of 6 groups of people alike in “tract” and “sex”, 1 has fewer than 10 people. "
        "Make “tract” coarser, or send counts by group."
    )


def test_a_group_in_which_everybody_has_the_outcome_gives_it_away():
    columns, outcome = of_groups(a_f=20, a_m=20)
    outcome[columns["sex"] == "f"] = 1.0
    found = k_anonymity(columns, outcome)
    assert (found.small, found.uniform) == (0, 1)
    assert "everybody has the same outcome" in found.sentence


def test_a_missing_outcome_counts_for_the_size_only():
    columns, outcome = of_groups(a_f=20)
    outcome[:12] = np.nan
    assert k_anonymity(columns, outcome).is_kept
    outcome[12:] = 0.0
    assert k_anonymity(columns, outcome).uniform == 1


def test_fewer_than_ten_people_in_all_cannot_be_helped():
    found = k_anonymity({"sex": texts("f", "m", "f")}, mixed(3))
    assert found.coarsen == ()
    assert found.sentence.endswith("Send counts by group instead.")


def test_an_agreement_may_ask_for_more_than_ten():
    columns, outcome = of_groups(a_f=12, b_f=14)
    assert k_anonymity(columns, outcome, smallest=10).is_kept
    assert k_anonymity(columns, outcome, smallest=13).small == 1


def test_columns_that_tell_people_apart_count_also_when_nobody_registered_them():
    header = ("id", "arm", "census_tract", "race", "birth_year", "year", "income_before", "score", "household")
    assert telling_columns(("household",), header) == ("census_tract", "race", "birth_year", "household")


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.booleans()), min_size=1, max_size=60),
    st.integers(2, 6),
)
def test_coarsening_what_it_says_is_enough(people, smallest):
    columns = {"one": texts(*(p[0] for p in people)), "two": texts(*(p[1] for p in people))}
    outcome = np.array([float(p[2]) for p in people])
    found = k_anonymity(columns, outcome, smallest)
    sizes = {}
    for one, two, _ in people:
        sizes[one, two] = sizes.get((one, two), 0) + 1
    assert found.small == sum(size < smallest for size in sizes.values())
    if found.coarsen:
        left = {name: values for name, values in columns.items() if name not in found.coarsen}
        assert k_anonymity(left, outcome, smallest).is_kept


def test_a_hundred_thousand_rows_take_less_than_a_second():
    draw = np.random.default_rng(2)
    columns = {name: draw.choice([f"{name}{n}" for n in range(8)], 100_000).astype(object) for name in ("a", "b")}
    assert k_anonymity(columns, mixed(100_000)).is_kept


@pytest.mark.parametrize("word", ["race", "zip_code", "Gender", "age_group"])
def test_words_that_tell(word):
    assert telling_columns((), (word,)) == (word,)

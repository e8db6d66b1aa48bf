"""The first sentence of a place: counts of published estimates, true at every edge, short, never "all" or "none"."""

from dataclasses import replace

import numpy as np
import pytest

from dashboards.places.city_finding import city_finding, describe_neighborhoods, figures, limits
from tests.dashboards.panels.records import make_city, make_headline, make_measure, make_source, make_tracts


def tracts(*values: float, middle: float | None = 33_700.0, **changes):
    """A place all of whose tracts belong to it."""
    size = len(values)
    return make_tracts(
        values=np.array(values, dtype=np.float32),
        belongs=np.ones(size, dtype=bool),
        geoids=tuple(f"39023{index:06d}" for index in range(size)),
        national_middle=middle,
        **changes,
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((20_000, 21_000, 22_000), "3 of 3 Springfield neighborhoods with data are below the US middle."),
        ((40_000, 41_000), "2 of 2 Springfield neighborhoods with data are above the US middle."),
        ((20_000, 40_000, 41_000), "2 of 3 Springfield neighborhoods with data are above the US middle."),
        ((20_000, 40_000), "1 of 2 Springfield neighborhoods with data are below the US middle."),
        ((20_000, np.nan), "1 of 1 Springfield neighborhood with data is below the US middle."),
        ((33_700,), "0 of 1 Springfield neighborhood with data is below the US middle."),
    ],
    ids=["all below", "all above", "most above", "a draw", "one with a value", "the middle itself"],
)
def test_it_counts_the_more_frequent_side_among_neighborhoods_with_a_value(values, said):
    assert describe_neighborhoods(make_city(), tracts(*values)) == f"In the published estimates, {said}"


def test_tracts_mostly_outside_are_not_counted():
    assert "3 of 3 " in describe_neighborhoods(
        make_city(), make_tracts()
    )  # of five one is outside, one without a value


@pytest.mark.parametrize("found", [tracts(np.nan, np.nan), tracts(20_000.0, middle=None), tracts()])
def test_without_a_value_or_a_middle_nothing_is_counted(found):
    said = describe_neighborhoods(make_city(), found)
    assert "No estimate is published" in said and not any(letter.isdigit() for letter in said)


def test_before_any_file_is_loaded_it_says_so():
    found = city_finding(make_city(), make_headline(value=None), None)
    assert "imported" in found.sentence and found.figures == () and found.limits == ()


def test_generated_numbers_are_never_called_published():
    sample = make_measure(source=make_source(is_sample=True))
    found = tracts(20_000.0, 21_000.0, measure=sample, sources=(make_source(is_sample=True),))
    said = describe_neighborhoods(make_city(), found)
    assert "sample" in said and "published" not in said


def test_no_sentence_has_more_than_20_words_and_none_says_all_or_none():
    for name in ("New Orleans", "An area whose name someone made as long as it may be, with a comma"):
        place = replace(make_city(), name=name)
        for values in ((20_000,) * 9, (40_000,) * 9, (20_000,)):
            said = describe_neighborhoods(place, tracts(*values))
            assert len(said.split()) <= 20 and not {"all", "every", "none"} & set(said.lower().split())


def test_what_is_missing_stays_beside_the_number():
    assert limits(tracts(1.0, np.nan, np.nan)) == (
        "2 neighborhoods have no published value.",
        "The file loaded here has no margin of error.",
    )
    sure = tracts(1.0, 2.0, standard_errors=np.ones(2, dtype=np.float32))
    assert limits(sure) == ()


def test_the_number_stands_beside_the_nations():
    mine, nation = figures(make_city(), make_headline())
    assert mine.number.startswith("$") and "Springfield" in mine.label and "percentile" in mine.label
    assert nation.label.startswith("United States")
    assert figures(make_city(), make_headline(references=()))[0] == mine
    assert figures(make_city(), make_headline(value=None)) == ()

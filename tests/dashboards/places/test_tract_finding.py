"""The sentence of a tract's page: both comparisons, thirty words at most, and no claim that a margin does not allow."""

from types import SimpleNamespace

import pytest

from atlas.records.places import MeasureRecord, TractValue
from dashboards.places.tract_finding import describe_tract, direction, headline_of, possessive

USD = "kfr_pooled_pooled_p25_usd_2015"


def value(here, city, us, error=None, slug=USD, unit="usd_2015", group="outcome"):
    measure = MeasureRecord(
        slug, "Household income at ages 31-37", unit, group, "children", SimpleNamespace(is_sample=False), bool(error)
    )
    return TractValue(measure, here, error, None, 50.0, None, None, city, 40.0, us, "", ())


@pytest.mark.parametrize(
    ("here", "city", "us", "said"),
    [
        (28_128, 21_002, 33_731, "above Detroit’s typical neighborhood, below the US one."),
        (40_000, 21_002, 33_731, "above both Detroit’s typical neighborhood and the US one."),
        (15_000, 21_002, 33_731, "below both Detroit’s typical neighborhood and the US one."),
        (21_002, 21_002, 33_731, "level with Detroit’s typical neighborhood, below the US one."),
        (28_128, None, 33_731, "below the typical US neighborhood."),
        (28_128, None, None, "about $28,100 a year."),
    ],
)
def test_both_comparisons_in_one_sentence(here, city, us, said):
    found = describe_tract("Tract 5222, near Northwest Goldberg", "Detroit", "5222", value(here, city, us))
    assert found.sentence.endswith(said) and len(found.sentence.split()) <= 30
    assert found.sentence.startswith("Low-income children from Tract 5222, near Northwest Goldberg, reached")
    assert "no margin of error" in found.certainty


def test_within_its_margin_a_tract_is_too_close_to_call():
    close = value(28_128, 27_000, 33_731, error=1_000)
    assert direction(close, close.city_middle) == "close" and direction(close, close.national_middle) == "below"
    found = describe_tract("Corktown", "Detroit", "5214", close)
    assert "too close to call beside Detroit’s typical neighborhood, below the US one" in found.sentence
    assert "$26,168" in found.certainty and found.has_margin


def test_three_numbers_with_their_labels():
    found = describe_tract("Corktown", "New Orleans", "5214", value(28_128, 21_002, 33_731))
    assert [one.text for one in found.numbers] == ["$28,100", "$21,000", "$33,700"]
    assert "5214" in found.numbers[0].label and "New Orleans’ typical" in found.numbers[1].label
    assert possessive("Detroit") == "Detroit’s"


def test_without_a_value_it_says_so_and_keeps_the_others():
    found = describe_tract("Corktown", "Detroit", "5214", value(None, 21_002, 33_731))
    assert "No income is published" in found.sentence and len(found.numbers) == 2 and not found.certainty
    nothing = describe_tract("Corktown", "Detroit", "5214", None)
    assert "imported" in nothing.sentence and not nothing.numbers


def test_ranks_are_percentiles_and_other_outcomes_keep_their_words():
    rank = value(0.44, 0.38, 0.41, slug="kfr_pooled_pooled_p25", unit="rank")
    assert "the 44th percentile of income" in describe_tract("Corktown", "Detroit", "5214", rank).sentence
    other = value(0.7, 0.6, 0.8, slug="working_pooled_pooled_mean", unit="share")
    assert "70 in 100" in describe_tract("Corktown", "Detroit", "5214", other).sentence
    assert headline_of((value(1, 1, 1, group="characteristic"),)) is None

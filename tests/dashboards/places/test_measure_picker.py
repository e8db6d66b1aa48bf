"""The four selects offer what exists; a form sent without script gets the nearest."""

import pytest

from dashboards.places.measure_picker import build_picker, describe_population, narrowing, resolve, take_apart
from tests.dashboards.panels.records import make_measure

SLUGS = (
    "kfr_pooled_pooled_p25",
    "kfr_pooled_pooled_p75",
    "kfr_black_pooled_p25",
    "kfr_black_male_p25",
    "kfr_pooled_pooled_p25_usd_2015",
    "jail_pooled_pooled_mean",
)
MEASURES = (
    *(make_measure(slug, label="") for slug in SLUGS),
    make_measure("poor_share2016", label="Poverty rate", group="characteristic"),
    make_measure("poor_share2000", label="Poverty rate, 2000", group="characteristic"),
    make_measure("pooled_pooled_count", group="count"),
)


@pytest.mark.parametrize(
    ("slug", "parts"),
    [
        ("kfr_black_male_p25", ("kfr", "black", "male", "p25")),
        ("kfr_pooled_pooled_p25_usd_2015", ("kfr_usd_2015", "pooled", "pooled", "p25")),
        ("kfr_top20_white_female_p100_late", ("kfr_top20_late", "white", "female", "p100")),
        ("jail_pooled_pooled_mean", ("jail", "pooled", "pooled", "mean")),
        ("pooled_pooled_count", ("count", "pooled", "pooled", "")),
        ("kid_black_pooled_blw_p50_n", ("kid_blw_p50_n", "black", "pooled", "")),
        ("poor_share2016", ("poor_share2016", "", "", "")),
    ],
)
def test_a_slug_comes_apart_and_its_pattern_makes_it_again(slug, parts):
    found = take_apart(slug)
    assert (found.subject, found.race, found.gender, found.income) == parts
    assert found.pattern.format(race=found.race, gender=found.gender, income=found.income) == slug


def test_each_select_offers_only_what_exists_under_the_one_before():
    picker = build_picker(MEASURES, "kfr_black_male_p25")
    assert [choice.value for choice in picker.races] == ["pooled", "black"]
    assert [choice.value for choice in picker.genders] == ["pooled", "male"]
    assert [choice.label for choice in picker.incomes] == ["at the 25th percentile"]
    assert [words for words, _ in picker.subjects] == [
        "Outcomes of children who grew up here",
        "Neighborhood characteristics",
        "Counts",
    ]
    assert [c.value for _, group in picker.subjects for c in group if c.is_chosen] == ["kfr"]


def test_a_characteristic_has_no_race_gender_or_parents():
    picker = build_picker(MEASURES, "poor_share2016")
    assert (picker.races, picker.genders, picker.incomes) == ((), (), ())


@pytest.mark.parametrize(
    ("subject", "race", "gender", "income", "found"),
    [
        ("kfr", "black", "male", "p25", ("kfr_black_male_p25", True)),
        ("kfr", "", "", "", ("kfr_pooled_pooled_p25", True)),
        ("kfr", "white", "pooled", "p75", ("kfr_pooled_pooled_p75", False)),
        ("kfr", "black", "female", "p75", ("kfr_black_pooled_p25", False)),
        ("poor_share2016", "black", "male", "p25", ("poor_share2016", True)),
        ("nonsense", "pooled", "pooled", "p25", None),
    ],
)
def test_what_nobody_publishes_becomes_the_nearest(subject, race, gender, income, found):
    assert resolve(MEASURES, {"subject": subject, "race": race, "gender": gender, "income": income}) == found


def test_the_words_for_what_was_asked_come_from_known_parts_only():
    asked = {"race": "black", "gender": "female", "income": "p75"}
    assert describe_population(asked, "Household income") == (
        "Household income for Black girls of parents at the 75th percentile"
    )
    assert describe_population({**asked, "race": "<script>"}, "Household income") == ""


def test_the_script_can_make_every_slug_and_no_other():
    known = narrowing(MEASURES)
    made = {
        pattern.format(race=race, gender=gender, income=income)
        for pattern, tree in known["subjects"].values()
        for race, genders in known["trees"][tree].items()
        for gender, incomes in genders.items()
        for income in incomes
    }
    assert made == {measure.slug for measure in MEASURES}
    assert len(known["trees"]) < len(known["subjects"])  # shared

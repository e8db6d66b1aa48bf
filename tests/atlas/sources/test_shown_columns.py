"""Columns of the site's downloads by their grammar: known outcomes under any label, others under their own name."""

import pytest

from atlas import measures, shown_labels
from atlas.sources.shown_columns import parse_column, parse_key


@pytest.mark.parametrize(
    ("column", "slug"),
    [
        ("Household_Income_at_Age_35_rP_gP_p25", "kfr_pooled_pooled_p25_usd_2015"),
        ("Household_Income_rB_gF_p75", "kfr_black_female_p75_usd_2015"),
        ("Employment_Rate_at_Age_35_rW_gM_pall", "working_white_male_mean"),
        ("Fraction_in_Top_20%_Based_on_Household_Income_rNA_gP_p1", "kfr_top20_natam_pooled_p1"),
        ("Teenage_Birth_Rate_rP_gF_p25", "teenbrth_pooled_female_p25"),
        ("Teenage_Birth_Rate_women_only_rP_gF_pall", "teenbrth_pooled_female_mean"),
        ("jail_rH_gP_p50", "jail_hisp_pooled_p50"),
        ("Poverty_Rate_2012-2016", "poor_share2016"),
        ("Fraction_Non-White_in_2010", "nonwhite_share2010"),
        ("College_Graduation_Rate_rP_gP_p25", "shown_College_Graduation_Rate_pooled_pooled_p25"),
        ("Household_Income_at_Age_26_rP_gP_p25", "shown_Household_Income_at_Age_26_pooled_pooled_p25"),
        (
            "Frac._in_Top_1%_Based_on_Individual_Income_rA_gP_p100",
            "shown_Frac-2E_in_Top_1-25_Based_on_Individual_Income_asian_pooled_p100",
        ),
        ("Job_Growth_Rate_2004-13", "shown_Job_Growth_Rate_2004-2D13"),
    ],
)
def test_a_column_is_its_measure(column, slug):
    found = parse_column(column)
    assert found.slug() == slug
    again = parse_key(found.key)
    assert again.slug() == slug, "the data set's key gives the measure back"
    assert measures.is_measure(slug) and len(slug) <= 100


@pytest.mark.parametrize(
    "column",
    ["Income", "kfr_pooled_pooled_p25", "X_rQ_gP_p25", "X_rP_gP_p33", "Poverty_Rate", f"x_rP_gP_p25_{'y' * 50}"],
)
def test_what_has_no_grammar_is_no_column(column):
    assert parse_column(column) is None


def test_an_unknown_label_is_named_after_itself():
    words = measures.describe(parse_column("%_Married_by_Age_35_rB_gM_p75").slug())
    assert words.label == "% Married by Age 35, Black boys"
    assert words.unit_subject == "% Married by Age 35" and not shown_labels.is_confirmed(words.unit)
    assert "75th income percentile" in words.population and "born 1978" not in words.population


@pytest.mark.parametrize(
    "label", ["Incarceration_Rate_at_Age_27", "Fraction_Arrested", "Teen_Birth_Rate_at_Age_20", "teenbrth"]
)
def test_sensitive_labels_are_shown_only_when_asked_for(label):
    assert measures.is_sensitive(parse_column(f"{label}_rP_gP_p25").slug())


def test_a_very_long_label_still_fits_and_stays_distinct():
    first, second = (f"Household_Income_{'for_Children_of_Immigrants_' * 5}{end}_rP_gP_pall" for end in "AB")
    one, other = parse_column(first), parse_column(second)
    assert one.slug() != other.slug() and len(one.slug()) <= 100 and len(f"shown_tract_{one.key}") <= 100
    assert measures.describe(one.slug()).label.startswith("Household Income for Children of Immigrants")
    characteristic = parse_column(f"{'Share_of_Households_' * 6}2012-16")
    assert measures.is_measure(characteristic.slug()) and parse_key(characteristic.key).slug() == characteristic.slug()


def test_other_scripts_and_signs_come_back():
    for label in ("Niños_%", "Rent_($)", "A-B.C"):
        assert shown_labels.decode(shown_labels.encode(label)) == label.replace("_", " ")


@pytest.mark.parametrize(
    ("label", "low", "high", "unit"),
    [
        ("College Rate", -0.01, 1.02, "share"),
        ("Income Rank", 0.1, 0.9, "rank"),
        ("Household Income", 5000, 90_000, "usd"),
        ("Hours", 10, 45, "number"),
        ("Jobs", 0, 90_000, "number"),
        ("Nothing", None, None, "number"),
    ],
)
def test_a_unit_is_guessed_from_the_range_and_marked(label, low, high, unit):
    assert shown_labels.infer_unit(label, low, high) == f"{unit}_unconfirmed"

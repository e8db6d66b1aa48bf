"""The evidence library without a database: its rows, its rules, its gaps and its table."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas import measures
from atlas.metrics.catalog import describe_metric
from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.table import TableRefused
from engagements.evidence import prose
from engagements.evidence.actions import values_of
from engagements.evidence.exports import evidence_cells, evidence_table
from engagements.evidence.gaps import ALONE, ATLAS, GAP_BY_CODE, GAPS, HIGHER, NATION
from engagements.evidence.import_rows import HELP, read_evidence
from engagements.evidence.records import (
    CHOICES,
    COLUMNS,
    ESTIMAND_MEANINGS,
    ESTIMANDS,
    FAMILIES,
    FINDINGS,
    NOT_ITS_ESTIMAND,
    NUMBERS,
    TIER_MEANINGS,
    TIERS,
    EvidenceFields,
    label,
)
from engagements.evidence.rules import UNVERIFIED, error_from_p, validate
from engagements.limits import SMALLEST_NUMBER
from engagements.models import EvidenceRow
from engagements.plans.queries.inputs import effect_of
from engagements.seeds.evidence_library import SeedFileError, starter_library
from tests.factories.tables import csv_of
from tests.properties import examples

ROWS = {row.key: row for row in starter_library()}
TEN = (
    "albuquerque",
    "cincinnati",
    "dayton",
    "detroit",
    "lansing",
    "new-orleans",
    "newark",
    "racine",
    "rochester",
    "tulsa",
)
# Every study of the methods, with its outcomes: (effect, standard error), None where the source gives words.
STUDIES = {
    "1": {"cmto-moves": (37.9, None)},
    "2": {"mto-under-13-earnings": (3476.8, 1418.2), "mto-under-13-college": (5.233, 2.382)},
    "2b": {"mto-13-or-older-earnings": (-2426.7, 2154.4), "mto-13-or-older-college": (-10.32, 4.221)},
    "3": {
        "chicago-voucher-adult-earnings": (-328.95, 74.56),
        "chicago-voucher-child-tests": (0.03, 0.0273),
        "chicago-voucher-boys-6-18": (0.0126, 0.0273),
        "chicago-voucher-girls-0-6": (0.0029, 0.0316),
        "chicago-voucher-boys-0-6": (0.0634, 0.0325),
    },
    "4": {
        "jobs-plus-all-sites": (498, None),
        "jobs-plus-fully-implemented": (1141, None),
        "jobs-plus-dayton": (895, None),
    },
    "5": {
        "year-up-earnings-1": (-5338, 238),
        "year-up-earnings-2": (5181, 474),
        "year-up-earnings-3": (7011, 619),
        "year-up-earnings-5": (7789, None),
        "year-up-earnings-7": (8251, None),
    },
    "6": {"per-scholas-earnings": (5200, None)},
    "7": {
        "workadvance-earnings-2": (1945, None),
        "workadvance-earnings-3": (1865, None),
        "workadvance-earnings-10": (None, None),
        "workadvance-tulsa": (None, None),
    },
    "8": {
        "quest-earnings": (5159, None),
        "quest-earnings-9": (5726, None),
        "quest-earnings-11": (4616, None),
        "quest-employment": (10, None),
    },
    "9": {
        "career-academies-earnings": (2088, None),
        "career-academies-earnings-men": (3731, None),
        "career-academies-education": (None, None),
    },
    "10": {"cuny-asap-degree": (18, None), "ohio-asap-degree": (16, None), "ohio-asap-degree-6": (15, None)},
    "11": {"small-schools-graduation": (9.4, None), "small-schools-college": (8.4, None)},
    "12": {
        "saga-tutoring": (None, None),
        "saga-tutoring-later-taken-up": (0.23, None),
        "saga-tutoring-later-offered": (0.10, None),
    },
    "13": {
        "becoming-a-man-violent-arrests": (None, None),
        "becoming-a-man-all-arrests": (None, None),
        "becoming-a-man-graduation": (None, None),
        "becoming-a-man-at-scale": (None, None),
    },
    "14": {
        "summer-jobs-chicago-violence": (-45, None),
        "summer-jobs-boston-violence": (-35, None),
        "summer-jobs-boston-property": (-57, None),
        "summer-jobs-new-york-during": (None, None),
        "summer-jobs-new-york-after": (None, None),
        "summer-jobs-earnings": (None, None),
    },
    "15": {"perry-earnings-40": (26, None)},
    "16": {"abecedarian-earnings-30": (12730, 7965), "abecedarian-college": (23, 8.93)},
    "17": {"head-start-earnings": (9.87, 1.90), "head-start-earnings-second-method": (15.29, 8.275)},
    "18": {"universal-prek": (None, None)},
    "19": {
        "boston-prek-college-on-time": (8.3, None),
        "boston-prek-college-ever": (5.4, None),
        "boston-prek-graduation": (6, None),
        "boston-prek-tests": (None, None),
    },
    "20": {"ready4k-involvement": (None, None), "ready4k-literacy": (0.11, None)},
    "21": {"nurse-visits-elmira-arrests": (None, None), "nurse-visits-memphis-mothers": (None, None)},
    "22": {
        "kalamazoo-enrolment": (8.9, 3.9),
        "kalamazoo-degree": (7.4, 4.0),
        "kalamazoo-any-college": (5.9, 4.1),
        "kalamazoo-credits": (6.56, 3.36),
    },
    "23": {"school-spending-wages": (0.774, 0.196)},
    "24": {"saveusa-savings": (None, None)},
    "25": {"seed-ok-accounts": (None, None), "seed-ok-children": (None, None), "seed-ok-earnings": (None, None)},
    "26": {"eitc-outreach": (None, None)},
    "27": {"fines-relief-new-charges": (None, None), "fines-relief-jail": (-15, None)},
    "28": {"expungement-wages": (None, None)},
    "29": {
        "free-transit-card-use": (None, None),
        "free-transit-annual-pass": (0.058, None),
        "free-transit-downstream": (None, None),
    },
    "30": {"eviction-counsel-judgments": (None, None), "eviction-counsel-rollout": (None, None)},
    "31": {"guaranteed-income-employment": (-3.9, None)},
    "32": {
        "paycheck-plus-employment": (2.5, 0.995),
        "paycheck-plus-earnings": (192, 329.4),
        "paycheck-plus-employment-1": (0.9, 0.9393),
        "paycheck-plus-earnings-1": (33, 245.3),
        "paycheck-plus-income-1": (654, 198.8),
        "paycheck-plus-income-2": (645, 265.2),
    },
    "33": {"newark-registration-letter": (None, None)},
    "34": {"universal-basic-mobility": (None, None)},
}
# Found later: of some a standard error, of most none.
FOUND_LATER = {
    "asap-ohio-earnings-6": (1948, None),
    "baby-first-years-development": (None, None),
    "detroit-promise-path-degree": (1, None),
    "detroit-promise-path-enrollment": (8, None),
    "excel-center-earnings": (38, None),
    "excel-center-employment": (12.2, None),
    "financial-coaching": (None, None),
    "hail-michigan-any-college": (3.9, 1.8),
    "hail-michigan-community-college": (-3.5, 1.3),
    "hail-michigan-enrollment": (14.1, 1.6),
    "hope-vi-adults": (None, None),
    "hope-vi-children-college": (None, None),
    "hope-vi-children-earnings": (16, None),
    "hope-vi-children-jail": (None, None),
    "hope-vi-demolition-earnings": (15, None),
    "hsis-test-scores": (0.247, 0.031),
    "job-corps-earnings-2": (348, 170),
    "job-corps-earnings-3": (441, 206),
    "job-corps-earnings-20": (383, 538),
    "massachusetts-limited-vs-full-counsel": (None, None),
    "medical-debt-relief": (None, None),
    "memphis-counsel": (-23, None),
    "michigan-school-spending-college": (3.0, 1.4),
    "mto-adults-earnings": (-673, 716.54),
    "mto-adults-wellbeing": (None, None),
    "new-orleans-guaranteed-income-youth": (None, None),
    "newark-guaranteed-income": (None, None),
    "newhaven-prek-children": (None, None),
    "newhaven-prek-parents": (21.7, None),
    "nfp-south-carolina-birth": (None, None),
    "preschool-texts-chronic-absence": (-9.3, None),
    "preschool-texts-days": (2.5, None),
    "rochester-bridges-employment": (10, None),
    "rochester-guaranteed-income-employment": (None, None),
    "rochester-guaranteed-income-food": (-9.5, None),
    "rochester-guaranteed-income-savings": (250, None),
    "saga-with-software": (0.23, None),
    "saver-match-hr-block": (None, None),
    "sectoral-training-four-trials": (None, None),
    "tulsa-211-texts": (None, None),
    "tulsa-ida-retirement": (None, None),
    "tulsa-prek-college": (12, None),
    "youthbuild-credentials": (None, None),
}


# --- The rows the portal starts with -----------------------------------------------------------


def test_every_study_of_the_methods_is_there_with_its_numbers():
    expected = {key: numbers for study in STUDIES.values() for key, numbers in study.items()} | FOUND_LATER
    assert len(STUDIES) == 35 and set(ROWS) == set(expected)
    assert {key: (row.effect, row.se) for key, row in ROWS.items()} == expected


def test_most_rows_are_trials_and_null_and_negative_ones_stay():
    assert Counter(row.tier for row in ROWS.values()) == {"rct": 108, "quasi": 21, "descriptive": 3}
    assert Counter(row.finding for row in ROWS.values()) == {
        "positive": 85,
        "null": 27,
        "mixed": 13,
        "negative": 4,
        "no_estimate": 3,
    }


def test_every_row_keeps_the_rules_and_names_its_source():
    for row in ROWS.values():
        assert validate(row, cities=TEN, today=date(2026, 11, 29)) == [] and row.source and row.gaps, row.key


@pytest.mark.parametrize("remembered", ["2,670", "2670", "1,100", "1,850", "11,500", "$500", "214,000", "48%"])
def test_figures_known_from_memory_are_nowhere(remembered):
    for row in (ROWS[key] for study in STUDIES.values() for key in study):
        texts = " ".join(str(value) for value in vars(row).values())
        assert remembered not in texts, row.key


def test_where_a_cost_is_known_from_memory_the_row_says_that_it_was_not_verified():
    for key in ("becoming-a-man-all-arrests", "nurse-visits-elmira-arrests"):
        assert ROWS[key].cost_usd is None and "not been verified" in ROWS[key].cost_words
    assert ROWS["saveusa-savings"].effect is None and "not been verified" in ROWS["saveusa-savings"].effect_words


def test_whom_an_effect_counts_is_said_only_where_it_was_read():
    tot = {key for key, row in ROWS.items() if row.estimand == "tot"}
    assert tot == {
        "mto-under-13-earnings",
        "mto-13-or-older-earnings",
        "saga-tutoring",
        "saga-tutoring-later-taken-up",
        "small-schools-graduation",
        "small-schools-college",
        "becoming-a-man-violent-arrests",
        "becoming-a-man-all-arrests",
        "boston-prek-college-on-time",
        "boston-prek-college-ever",
        "boston-prek-graduation",
        "boston-prek-tests",
        "job-corps-earnings-2",
        "job-corps-earnings-3",
        "job-corps-earnings-20",
        "mto-adults-earnings",
        "newhaven-prek-parents",
        "newhaven-prek-children",
        "saga-with-software",
    }
    assert ROWS["saga-tutoring-later-offered"].estimand == ROWS["workadvance-earnings-3"].estimand == "itt"
    assert ROWS["mto-under-13-college"].estimand == ROWS["jobs-plus-dayton"].estimand == ""
    assert {row.study_takeup for row in ROWS.values()} == {None, 0.47, 0.4, 0.348, 0.459}


def test_only_help_with_moving_moves_children():
    assert {row.key.split("-")[0] for row in ROWS.values() if row.moves_children} == {"cmto", "mto"}


def test_what_was_tried_in_the_ten_cities():
    tried = {(city, row.key.rsplit("-", 1)[0]) for row in ROWS.values() for city in row.tried_in}
    assert tried == {
        ("cincinnati", "ohio-asap"),
        ("cincinnati", "ohio-asap-degree"),
        ("cincinnati", "asap-ohio-earnings"),
        ("detroit", "detroit-promise-path"),
        ("new-orleans", "baby-first-years"),
        ("new-orleans", "new-orleans-guaranteed-income"),
        ("newark", "newark-guaranteed"),
        ("rochester", "rochester-bridges"),
        ("rochester", "rochester-guaranteed-income"),
        ("tulsa", "tulsa-211"),
        ("tulsa", "tulsa-ida"),
        ("tulsa", "tulsa-prek"),
        ("dayton", "jobs-plus-all"),
        ("dayton", "jobs-plus"),
        ("newark", "newark-registration"),
        ("newark", "saveusa"),
        ("tulsa", "saveusa"),
        ("tulsa", "workadvance-earnings"),
        ("tulsa", "workadvance"),
    }


def test_a_standard_error_says_where_it_comes_from_and_a_bound_stands_where_none_is():
    """Exact p: |effect| / z; p = .012 of 2.5 points gives 0.995. A threshold bounds it: 1,945 at p < .01 gives 755."""
    for row in ROWS.values():
        assert (row.se is not None) == bool(row.se_origin) and not (row.se and row.se_bound), row.key
    computed = {key: row.p_value for key, row in ROWS.items() if row.se_origin == "from_p"}
    assert computed == {
        "abecedarian-earnings-30": 0.11,
        "abecedarian-college": 0.01,
        "paycheck-plus-employment": 0.012,
        "paycheck-plus-earnings": 0.56,
        "paycheck-plus-employment-1": 0.338,
        "paycheck-plus-earnings-1": 0.893,
        "paycheck-plus-income-1": 0.001,
        "paycheck-plus-income-2": 0.015,
    }
    bounds = {key: round(row.se_bound) for key, row in ROWS.items() if row.se_bound is not None}
    assert bounds == {
        "jobs-plus-all-sites": 193,
        "jobs-plus-fully-implemented": 443,
        "jobs-plus-dayton": 348,
        "workadvance-earnings-2": 755,
        "workadvance-earnings-3": 724,
        "quest-earnings-9": 2922,
        "quest-earnings-11": 2806,
    }


@pytest.mark.parametrize(("effect", "p", "error"), [(2.5, 0.012, 0.995), (12_730, 0.11, 7_965), (-1_945, 0.01, 755.1)])
def test_the_standard_error_that_a_p_implies(effect, p, error):
    assert error_from_p(effect, p) == pytest.approx(error, rel=1e-3)
    assert error_from_p(effect, 1e-9) < error_from_p(effect, p) < error_from_p(effect, 0.999)


def test_a_bound_makes_no_range_and_no_plan_takes_it_for_an_error():
    row = ROWS["workadvance-earnings-2"]
    assert prose.interval(row) is None and prose.likely_range(row) == "only p < .01"
    assert "p < .01" in prose.why_not_planned(row) and "755" in prose.standard_error(row)
    effect = effect_of(EvidenceRow(**values_of(row)))
    assert effect.error is None and effect.interval is None and effect.error_sentence
    computed = effect_of(EvidenceRow(**values_of(ROWS["paycheck-plus-employment"])))
    assert computed.error == 0.995 and "0.012" in computed.error_sentence
    assert prose.likely_range(ROWS["paycheck-plus-employment"]).endswith("*")


def test_the_value_of_year_up_for_each_public_dollar_is_that_of_its_own_words():
    """(4,962 + 6,614) / (28,290 - 1,134) = 0.4263; at what it cost 28,290 / 27,156 = 1.0418."""
    row = ROWS["year-up-earnings-3"]
    gain, stipend, *rest = (float(found.replace(",", "")) for found in re.findall(r"\d+,\d{3}", row.mvpf_words))
    cost, taxes = rest[:2]
    assert rest == [cost, taxes, cost, cost, taxes] and cost == row.cost_usd
    assert (gain + stipend) / (cost - taxes) == pytest.approx(0.4263, abs=5e-5)
    assert cost / (cost - taxes) == pytest.approx(1.0418, abs=5e-5)
    assert round((gain + stipend) / (cost - taxes), 2) == row.mvpf
    assert (row.mvpf_low, row.mvpf_high) == (0.37, 0.48)


def test_a_broken_file_says_which_row_and_why(tmp_path):
    (tmp_path / "a.toml").write_text('[[intervention]]\nintervention = "X"\n[[intervention.row]]\nkey = "x"\n')
    with pytest.raises(SeedFileError, match="a.toml, x: .*Name the source"):
        starter_library(tmp_path)


# --- What is refused ----------------------------------------------------------------------------

GOOD = EvidenceFields(
    key="a-trial",
    intervention="Tutoring",
    summary="Scores rose.",
    outcome="Scores",
    outcome_family="education_scores",
    effect=0.2,
    se=0.05,
    ci_low=0.1,
    ci_high=0.3,
    unit="standard deviations",
    estimand="itt",
    study_takeup=0.5,
    sample_size=400,
    cost_usd=100.0,
    cost_price_year=2020,
    mvpf=1.2,
    mvpf_low=0.9,
    mvpf_high=1.5,
    tier="rct",
    finding="positive",
    tried_in=("tulsa",),
    gaps=("school_learning",),
    source="Someone (2020)",
    is_verified=True,
    verified_on=date(2026, 11, 1),
)
TODAY = date(2026, 11, 27)


def refused(**changes) -> dict[str, str]:
    return dict(validate(replace(GOOD, **changes), cities=TEN, today=TODAY))


def test_a_good_row_is_kept():
    assert refused() == {}
    assert refused(effect=None, se=None, ci_low=None, ci_high=None, unit="", effect_words="Scores rose") == {}
    assert refused(effect=-0.2, ci_low=-0.3, ci_high=-0.1, finding="negative") == {}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"unit": " "}, "unit", "An effect needs its unit"),
        ({"se": 0.0}, "se", "above 0"),
        ({"se": -1.0}, "se", "above 0"),
        ({"se": None, "se_origin": "published"}, "se_origin", "no standard error"),
        ({"se_origin": "guess"}, "se_origin", "none of"),
        ({"se_origin": "from_p"}, "p_value", "exact p"),
        ({"se_origin": "from_p", "p_value": 0.01}, "se", "imply 0.0776"),
        ({"p_value": 1.0}, "p_value", "between 0 and 1"),
        ({"p_value": 0.0}, "p_value", "between 0 and 1"),
        ({"p_value": -0.1}, "p_value", "between 0 and 1"),
        ({"se_bound": 0.1, "p_value": 0.0455}, "se_bound", "no bound is needed"),
        ({"se": None, "ci_low": None, "ci_high": None, "se_bound": 0.1}, "p_value", "threshold"),
        ({"se": None, "ci_low": None, "ci_high": None, "se_bound": 0.2, "p_value": 0.05}, "se_bound", "imply 0.102"),
        ({"se": None, "ci_low": None, "ci_high": None, "se_bound": -1.0, "p_value": 0.05}, "se_bound", "above 0"),
        ({"conflict": "x" * 601}, "conflict", "600 characters"),
        ({"ci_low": 0.4}, "ci_low", "above the upper end"),
        ({"ci_high": None}, "ci_high", "two ends"),
        ({"effect": 0.5}, "effect", "outside its own interval"),
        ({"effect": float("nan"), "ci_low": None, "ci_high": None}, "effect", "no number"),
        ({"effect": None, "effect_words": "x"}, "se", "no effect that this could belong to"),
        ({"effect": None, "se": None, "ci_low": None, "ci_high": None}, "effect_words", "Say in words"),
        ({"finding": "no_estimate"}, "finding", "there is an estimate"),
        ({"study_takeup": 47.0}, "study_takeup", "at most 1. 47% is 0.47."),
        ({"study_takeup": 0.0}, "study_takeup", "above 0"),
        ({"sample_size": 0}, "sample_size", "from one to"),
        ({"estimand": "late"}, "estimand", "“late” is none of"),
        ({"tier": "gold"}, "tier", "“gold” is none of: Randomized trial"),
        ({"tier": ""}, "tier", "Choose one of"),
        ({"finding": ""}, "finding", "Choose one of"),
        ({"outcome_family": "kfr"}, "outcome_family", "none of"),
        ({"cost_price_year": None}, "cost_price_year", "which year's dollars"),
        ({"cost_usd": None}, "cost_price_year", "no cost"),
        ({"cost_usd": -1.0}, "cost_usd", "not below 0"),
        ({"cost_usd": 1e10}, "cost_usd", "for one person or family"),
        ({"cost_usd": 1.005}, "cost_usd", "whole cents"),
        ({"cost_price_year": 20}, "cost_price_year", "1950 to 2100"),
        ({"mvpf": None}, "mvpf_low", "no MVPF"),
        ({"mvpf": 2.0}, "mvpf", "outside its own interval"),
        ({"is_verified": False, "verified_on": None}, "effect", UNVERIFIED),
        ({"is_verified": False, "verified_on": None}, "cost_usd", UNVERIFIED),
        ({"is_verified": False}, "verified_on", "not verified"),
        ({"verified_on": None}, "verified_on", "on which day"),
        ({"verified_on": date(2026, 11, 28)}, "verified_on", "still to come"),
        ({"source": " "}, "source", "Name the source"),
        ({"summary": ""}, "summary", "Say in a sentence"),
        ({"key": "A trial"}, "key", "small letters"),
        ({"key": "import"}, "key", "address of the library"),
        ({"outcome": "x" * 201}, "outcome", "200 characters"),
        ({"summary": "x" * 2001}, "summary", "2,000 characters"),
        ({"gaps": ("school_learning", "hope")}, "gaps", "“hope” is no gap"),
        ({"gaps": ("transport", "transport")}, "gaps", "twice"),
        ({"tried_in": ("atlantis",)}, "tried_in", "no city “atlantis”"),
    ],
)
def test_what_is_refused_and_in_which_words(changes, field, words):
    assert words in refused(**changes)[field]


def test_without_the_list_of_cities_only_their_form_is_looked_at():
    assert validate(replace(GOOD, tried_in=("atlantis",))) == []
    assert dict(validate(replace(GOOD, tried_in=("New Orleans",))))["tried_in"].startswith("“New Orleans” is no short")


def test_every_choice_has_words():
    assert {value for value, _ in TIERS} == set(TIER_MEANINGS)
    assert {value for value, _ in ESTIMANDS} == set(ESTIMAND_MEANINGS) == set(NOT_ITS_ESTIMAND)
    assert label(FAMILIES, "justice") == "Justice" and label(FINDINGS, "null") == "No difference found"


# --- Gaps ---------------------------------------------------------------------------------------


def test_a_gap_is_measured_by_what_the_portal_holds_and_in_its_direction():
    for gap in GAPS:
        for measure in gap.measures:
            if measure.catalogue == ATLAS:
                words = measures.describe(measure.slug)
                assert (words.group, measure.compared_with, measure.better) == ("outcome", NATION, HIGHER)
                assert not measures.is_sensitive(measure.slug)
            else:
                words = describe_metric(measure.slug)
                assert words.family == "upward_mobility" and measure.compared_with == ALONE
                assert words.direction == f"{measure.better} is better"


def test_what_the_portal_cannot_measure_is_said_to_be_so():
    assert {gap.code for gap in GAPS if not gap.is_measured} == {
        "college_completion",
        "early_childhood",
        "tax_benefits",
    }
    assert len(GAP_BY_CODE) == len(GAPS) and all(gap.label and gap.about for gap in GAPS)


def test_every_gap_has_rows():
    assert {code for row in ROWS.values() for code in row.gaps} == set(GAP_BY_CODE)


# --- The table ----------------------------------------------------------------------------------


def table_of(rows) -> bytes:
    return csv_of(evidence_table(), [evidence_cells(row, version) for row, version in rows])


def test_the_library_comes_back_from_its_table_as_it_was():
    content = table_of((row, 3) for row in ROWS.values())
    assert content.startswith(b"key,intervention,") and b"\r\n" in content
    wishes = read_evidence(read_csv(content))
    assert [wish.refusals() for wish in wishes] == [()] * len(ROWS)
    assert [wish.fields for wish in wishes] == list(ROWS.values()) and {wish.version for wish in wishes} == {3}


def test_a_number_below_zero_stays_a_number_and_a_formula_becomes_a_text():
    row = replace(ROWS["mto-13-or-older-earnings"], population="=HYPERLINK(1)", cost_words="-2 dollars")
    text = table_of([(row, None)]).decode("utf-8-sig")
    assert ",-2426.7,2154.4,published," in text and "'=HYPERLINK(1)" in text and "'-2 dollars" in text
    assert read_evidence(read_csv(text.encode()))[0].fields == row


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.just("\n"), max_size=40).map(str.strip)
LINE = WORDS.filter(bool)
NUMBER = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: 0.0 if abs(value) < SMALLEST_NUMBER else value)
SOME_ROWS = st.builds(
    EvidenceFields,
    key=st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True),
    intervention=LINE,
    summary=LINE,
    outcome=LINE,
    source=LINE,
    unit=LINE,
    effect_words=LINE,
    outcome_family=st.sampled_from([value for value, _ in FAMILIES]),
    effect=NUMBER,
    se=st.none() | st.floats(1e-9, 1e9),
    estimand=st.sampled_from([value for value, _ in ESTIMANDS]),
    study_takeup=st.none() | st.floats(0.001, 1),
    sample_size=st.none() | st.integers(1, 10**9),
    population=WORDS,
    setting=WORDS,
    cost_words=WORDS,
    fadeout=WORDS,
    mvpf=st.none() | NUMBER,
    mvpf_words=WORDS,
    tier=st.sampled_from([value for value, _ in TIERS]),
    finding=st.sampled_from(["positive", "null", "mixed"]),
    tried_in=st.lists(st.sampled_from(TEN), unique=True).map(tuple),
    gaps=st.lists(st.sampled_from(sorted(GAP_BY_CODE)), unique=True).map(tuple),
    is_verified=st.just(True),
    verified_on=st.dates(date(2000, 1, 1), TODAY),
    verification_note=WORDS,
    moves_children=st.booleans(),
)


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(SOME_ROWS, min_size=1, max_size=4, unique_by=lambda row: row.key))
def test_any_row_that_keeps_the_rules_comes_back_from_the_table(rows):
    wishes = read_evidence(read_csv(table_of((row, 1) for row in rows)))
    assert [(wish.fields, wish.refusals()) for wish in wishes] == [(row, ()) for row in rows]


HEAD = "key,intervention,summary,outcome,outcome_family,tier,finding,source"


def wishes_of(lines: str, more: str = ""):
    return read_evidence(read_csv(f"{HEAD}{more}\n{lines}\n".encode()))


def test_every_problem_is_said_at_its_row_and_column():
    cells = 'Bad key,I,S,O,wages,rct,positive,,"$1,945",maybe,1.5,soon,7'
    (wish,) = wishes_of(cells, ",effect,is_verified,sample_size,verified_on,version")
    found = dict(wish.refusals())
    assert wish.line == 2 and "small letters" in found["key"] and "“wages” is none of" in found["outcome_family"]
    assert "without $, % or commas" in found["effect"] and "neither yes nor no" in found["is_verified"]
    assert "no whole number" in found["sample_size"] and "no date" in found["verified_on"]
    assert "Name the source" in found["source"] and "Say in words" in found["effect_words"] and wish.version == 7


def test_labels_are_read_as_their_codes():
    (wish,) = wishes_of(
        "k,I,S,O,Annual earnings,Quasi-experiment,No difference found,Src,none found,Not stated",
        ",effect_words,estimand",
    )
    fields = wish.fields
    assert wish.refusals() == () and (fields.outcome_family, fields.tier, fields.finding, fields.estimand) == (
        "annual_earnings",
        "quasi",
        "null",
        "",
    )


def test_two_rows_of_one_key_are_both_refused():
    same = "k,I,S,O,justice,rct,null,Src,none"
    for wish in wishes_of(f"{same}\n{same}", ",effect_words"):
        assert dict(wish.problems)["key"] == "Another row has the same key."


def test_columns_the_table_lacks_stay_as_they_are():
    (wish,) = read_evidence(read_csv(b"key,fadeout\na-trial,Gone after a year\n"))
    assert wish.onto(GOOD) == replace(GOOD, fadeout="Gone after a year") and wish.refusals(GOOD) == ()
    assert {"source", "tier", "summary"} <= set(dict(wish.refusals()))  # as a new row


@pytest.mark.parametrize("text", ["1,945", "$5", "12%", "1e999", "nan", "inf", "--1", "1 000", "٣", "0x10"])
def test_only_a_plain_number_is_a_number(text):
    (wish,) = wishes_of(f'k,I,S,O,justice,rct,null,Src,none,"{text}"', ",effect_words,se")
    assert "no plain number" in dict(wish.problems)["se"]


def test_a_table_without_a_needed_column_or_with_a_strange_one_is_refused_whole():
    with pytest.raises(TableRefused, match="The column “key” is missing"):
        read_evidence(read_csv(b"intervention,summary\na,b\n"))
    with pytest.raises(TableRefused, match="There is no column “stars”"):
        wishes_of("k,I,S,O,justice,rct,null,Src,5", ",stars")


def test_each_column_says_what_to_write_in_it():
    assert tuple(HELP) == COLUMNS and all(HELP.values())
    assert set(NUMBERS) | set(CHOICES) <= set(COLUMNS)


# --- Words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "effect", "uncertainty"),
    [
        (
            "mto-under-13-earnings",
            "+$3,477",
            "95% interval +$697 to +$6,256 (effect ± 1.96 standard errors, standard error $1,418)",
        ),
        (
            "mto-13-or-older-college",
            "−10.3 points",
            "95% interval −18.6 to −2.05 points (effect ± 1.96 standard errors, standard error 4.22 points)",
        ),
        (
            "head-start-earnings",
            "+9.87%",
            "95% interval +6.15 to +13.6% (effect ± 1.96 standard errors, standard error 1.9%)",
        ),
        ("free-transit-annual-pass", "+0.058", "Margin of error not recorded"),
        ("cmto-moves", "+37.9 points", "Margin of error not recorded"),
        (
            "jobs-plus-all-sites",
            "+$498",
            "Margin of error not recorded; standard error at most $193",
        ),
        (
            "paycheck-plus-earnings",
            "+$192",
            "95% interval −$454 to +$838 (effect ± 1.96 standard errors, computed from p = 0.56, standard error $329)",
        ),
        ("universal-basic-mobility", "No estimate", ""),
    ],
)
def test_an_effect_in_words(key, effect, uncertainty):
    assert (prose.effect(ROWS[key]), prose.uncertainty(ROWS[key])) == (effect, uncertainty)


def test_a_published_interval_is_used_as_it_is():
    assert prose.uncertainty(replace(GOOD, se=None)) == "95% interval +0.1 to +0.3 SD (as published)"


def test_what_a_row_does_not_say():
    said = " ".join(prose.list_caveats(ROWS["mto-13-or-older-earnings"]))
    assert "nothing about income ranks" in said and "does not show that there is none" in said
    assert "counts only those who took it up" in said and "not tried in any of the portal’s cities" in said
    dayton = " ".join(prose.list_caveats(ROWS["jobs-plus-dayton"]))
    assert "not assigned by chance" in dayton and "does not say whether it counts everybody" in dayton
    assert "how far off the figure may be" in dayton and "portal’s cities" not in dayton
    assert "checked it against its source" in prose.list_caveats(ROWS["saveusa-savings"])[0]


def test_costs_take_up_and_value_in_words():
    assert prose.cost(ROWS["workadvance-tulsa"]).startswith("$5,203 in dollars of 2011. For each participant in Tulsa")
    assert prose.cost(ROWS["head-start-earnings"]) == "Not known"
    assert prose.takeup(ROWS["paycheck-plus-earnings"]) == "34.8% of those offered took it up"
    assert prose.mvpf(ROWS["year-up-earnings-3"]).startswith("0.43 (95% interval 0.37 to 0.48). Observed years only")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.3384, "rank", "the 34th percentile"),
        (0.525, "rank", "the 53rd percentile"),
        (0.352, "share", "35.2%"),
        (10239.6, "usd", "$10,240"),
        (0.62, "per_household", "0.62 homes for each household"),
        (1240.3, "per_100000", "1,240 for each 100,000"),
        (0.9, "grades_a_year", "0.9 grades a year"),
        (0.71, "ratio", "0.71"),
    ],
)
def test_a_citys_number_in_words(value, unit, said):
    assert prose.reading(value, unit) == said

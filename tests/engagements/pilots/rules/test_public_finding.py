"""What everybody may read of a finding: the result of whole arms, and nobody few."""

import json
import re
from dataclasses import replace

import pytest

from engagements.pilots.rules.estimates import Estimate, NamedEstimate, Refused
from engagements.pilots.rules.estimators.counted_units import not_few
from engagements.pilots.rules.public_finding import public_finding, without_few
from engagements.pilots.rules.stored_finding import finding_json
from tests.engagements.pilots.made_finding import ARMS, ESTIMATE, FOUND, make_finding
from tests.engagements.pilots.made_registration import MADE, make_registration

WORDS = ("person", "pair", "household")
KNOWN_OF_4 = Refused("difference", "Known outcomes in “Coaching”: of 4 people only.", "At least 10 people in each arm.")


@pytest.mark.parametrize(
    ("said", "limit", "told"),
    [
        ("of 4 people only.", 10, "of fewer than 10 people only."),
        ("of 1 person only.", 10, "of fewer than 10 people only."),
        ("of 10 people; 1,004 people", 10, "of 10 people; 1,004 people"),
        ("of 12 people only.", 20, "of fewer than 20 people only."),
        ("of fewer than 10 people only.", 20, "of fewer than 20 people only."),
        ("3 households, 3 schools, no people", 10, "fewer than 10 households, 3 schools, no people"),
    ],
)
def test_no_sentence_counts_few_people(said, limit, told):
    assert without_few(said, WORDS, limit) == told


def test_a_small_count_is_said_as_small():
    assert [not_few(one, "person") for one in (0, 1, 9, 10)] == [
        "no people",
        "fewer than 10 people",
        "fewer than 10 people",
        "10 people",
    ]


def test_nothing_of_a_finding_counts_few_people():
    """Refusals, notes and details of every part; the same for those kept before sentences stopped counting."""
    noted = replace(
        ESTIMATE,
        units=3996,
        notes=("Measured in blocks with one group alone, which tell nothing: 4 people.",),
        caps=("7 people were lost.",),
        details={"people_in_one_group_blocks": 4.0, "blocks": 4.0},
    )
    found = make_finding(
        primary=noted,
        reasons=("Known outcomes in “Coaching”: of 4 people only.",),
        secondary=(NamedEstimate("Earnings", replace(ESTIMATE, people=3993)), NamedEstimate("Health", KNOWN_OF_4)),
        subgroups=(NamedEstimate("age: under 25", KNOWN_OF_4),),
    )
    shown = public_finding(MADE, found, ARMS).finding
    told = json.dumps(finding_json(shown), ensure_ascii=False)
    assert not re.search(r"\b[1-9] (people|person)", told)
    assert (shown.primary.units, shown.primary.details) == (0, {"people_in_one_group_blocks": None, "blocks": 4.0})
    assert shown.secondary[0].answer.people == 0, "4,000 less 3,993 would say 7"
    assert shown.subgroups[0].answer.reason == "Known outcomes in “Coaching”: of fewer than 10 people only."
    assert "4 people" not in told and "7 people" not in told and "at least 10 people" in told.lower()


def test_effects_of_whole_arms_are_never_changed():
    shown = public_finding(MADE, FOUND, ARMS)
    assert (shown.finding.primary, shown.finding.sentence, shown.arms) == (FOUND.primary, FOUND.sentence, ARMS)
    assert (shown.finding.shown_low, shown.finding.shown_high) == (2.0, 10.0)


def test_beside_the_result_no_share_of_one_group_is_told():
    shares = replace(ESTIMATE, people=400, units=400, details={"treated": 1.0, "comparison": 9.0, "quantile": 1.96})
    found = make_finding(subgroups=(NamedEstimate("age: under 25", shares),))
    answer = public_finding(MADE, found, ARMS).finding.subgroups[0].answer
    assert isinstance(answer, Estimate) and answer.details == {"quantile": 1.96}


def test_schools_are_nobody_and_a_stricter_limit_holds():
    schools = make_registration(design="clusters", estimator="clustered", unit="school")
    refused = Refused("clustered", "Only 2 schools got the program, with 14 people.", "")
    found = make_finding(subgroups=(NamedEstimate("age: under 25", refused),))
    answer = public_finding(schools, found, ARMS, limit=20).finding.subgroups[0].answer
    assert answer.reason == "Only 2 schools got the program, with fewer than 20 people."

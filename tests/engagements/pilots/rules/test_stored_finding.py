"""What one analysis said comes back from JSON as it was."""

import json
from dataclasses import replace
from math import inf, isnan, nan

import numpy as np

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.stored_finding import ArmCount, arms_of, count_of, finding_json, finding_of
from engagements.pilots.rules.tallies import ArmTally
from engagements.verdicts import Verdict
from tests.engagements.pilots.made_finding import ARMS, CITIES, ESTIMATE, FOUND, make_finding


def kept(finding, arms=()):
    return json.loads(json.dumps(finding_json(finding, arms), allow_nan=False))


def test_a_finding_comes_back_whole():
    for finding in (FOUND, make_finding(pooled=CITIES), make_finding(on_takers=ESTIMATE)):
        assert finding_of(kept(finding)) == finding


def test_a_refusal_comes_back_as_a_refusal():
    refused = make_finding(
        primary=Refused("clustered", "Only 2 schools got it.", "At least 3 of each kind."),
        shown_low=None,
        shown_high=None,
        verdict=Verdict.REFUSED,
    )
    assert finding_of(kept(refused)) == refused


def test_the_database_reads_the_verdict_and_the_numbers_where_it_looks():
    found = kept(FOUND, ARMS)
    assert (found["verdict"], found["primary"]["value"], found["shown_low"]) == ("worked", 6.0, 2.0)
    assert arms_of(found) == ARMS


def test_an_interval_without_an_end_is_kept_as_a_text():
    open_ended = make_finding(primary=replace(ESTIMATE, low=-inf, high=inf, p=nan), shown_low=-inf)
    found = kept(open_ended)
    assert (found["shown_low"], found["primary"]["high"]) == ("-Infinity", "Infinity")
    again = finding_of(found)
    assert (again.shown_low, again.primary.high) == (-inf, inf) and isnan(again.primary.p)


def test_numbers_of_numpy_are_plain_numbers():
    found = kept(make_finding(primary=replace(ESTIMATE, value=np.float64(6.5), people=np.int64(7))))
    assert (found["primary"]["value"], found["primary"]["people"]) == (6.5, 7)


def test_what_a_later_version_lacks_takes_its_default():
    found = kept(FOUND) | {"unknown": 1}
    del found["pooled"], found["subgroups"]
    assert finding_of(found) == make_finding(subgroups=())


def test_an_arm_without_people_has_no_mean():
    assert count_of(ArmTally("usual", 0.0, 0.0, 0.0, nan, 0.0)) == ArmCount("usual", 0, None, None, 0)
    assert count_of(ArmTally("usual", 4.0, 2.0, 2.0, 5.0, 3.0)) == ArmCount("usual", 4, 0.5, 5, 3)

"""How many people each effect needs, and power along a row of effects."""

from dataclasses import replace

import pytest

from engagements.pilots.rules.power.mde import detectable
from engagements.pilots.rules.power.tables import power_curve, sample_sizes
from engagements.pilots.rules.registration import Assumptions, DesignKind, Estimator, OutcomeKind
from tests.engagements.pilots.made_data import make_registration

PEOPLE = make_registration(smallest_worthwhile=2_745.0, assumptions=Assumptions(people=600, sd=12_000.0))
SCHOOLS = make_registration(
    unit="school",
    design=DesignKind.CLUSTERS,
    estimator=Estimator.CLUSTERED,
    smallest_worthwhile=0.3,
    assumptions=Assumptions(people=1000, sd=1.0, clusters=20, treated_clusters=10, icc=0.05),
)


def test_the_effect_that_600_people_can_detect_needs_600_people():
    row = next(one for one in sample_sizes(PEOPLE) if one.effect == 2_745.0)
    assert row.people == 600


def test_half_the_effect_needs_four_times_the_people():
    first, *_, last = sample_sizes(PEOPLE)
    assert (first.effect, last.effect) == (0.5 * 2_745.0, 2 * 2_745.0)
    assert first.people == pytest.approx(4 * 600, rel=0.01)


def test_every_number_in_the_table_is_enough_and_one_less_is_not():
    share = make_registration(OutcomeKind.SHARE, assumptions=Assumptions(people=100, base_rate=10.0))
    for row in sample_sizes(share):
        for people, is_enough in ((row.people, True), (row.people - 1, False)):
            found = detectable(replace(share, assumptions=Assumptions(people=people, base_rate=10.0)))
            assert (found.value <= row.effect) == is_enough


def test_clusters_are_added_and_not_people_in_them():
    rows = sample_sizes(SCHOOLS)
    assert [row.people for row in rows] == [50 * row.clusters for row in rows]
    assert [row.clusters for row in rows] == sorted((row.clusters for row in rows), reverse=True)
    wanted = next(row for row in rows if row.effect == 0.3)
    half = round(wanted.clusters / 2)
    enough = replace(SCHOOLS.assumptions, clusters=wanted.clusters, treated_clusters=half, people=wanted.people)
    assert detectable(replace(SCHOOLS, assumptions=enough)).value <= 0.3


def test_the_curve_begins_at_half_the_level_and_rises():
    curve = power_curve(PEOPLE)
    effects, powers = zip(*curve, strict=True)
    assert effects[0] == 0.0 and powers[0] == pytest.approx(2.5)
    assert list(powers) == sorted(powers) and powers[-1] > 99.0
    assert dict(curve)[2_745.0] == pytest.approx(80.0, abs=0.01)


def test_nothing_is_tabled_where_no_formula_holds_or_something_is_missing():
    for registration in (
        make_registration(design=DesignKind.SERIES),
        make_registration(),
        replace(SCHOOLS, assumptions=Assumptions(sd=1.0)),
    ):
        assert sample_sizes(registration) == [] == power_curve(registration)

"""Phased starts: what the portal drew is what the analysis reads, whatever the data say."""

from dataclasses import replace

import pytest

from engagements.models import PilotAllocation, PilotAssignment
from engagements.pilots.queries.analysis_inputs import with_drawn_starts
from engagements.pilots.rules.registration import DesignKind, Draw, Estimator
from tests.engagements.pilots.made_registration import MADE
from tests.engagements.pilots.worked_pilot import lock_plan
from tests.factories.pilots import LATER, SHA, list_units, make_pilot

pytestmark = pytest.mark.django_db
PHASED = replace(
    MADE,
    design=DesignKind.PHASED,
    estimator=Estimator.PHASED,
    unit="library",
    draw=Draw(cluster_by="library"),
    starts_in=("2027-02", "2027-04"),
)


def _draw(desk, starts, **fields):
    """One unit for each start; with `cluster` they are people of one group."""
    lock_plan(desk, PHASED)
    units = list_units(desk, count=len(starts), **fields)
    made = PilotAllocation.objects.create(
        unit_list=units,
        registration=desk.pilot.versions.latest("number"),
        scheme="phased",
        algorithm="a test",
        algorithm_version="1",
        seed="7",
        result_sha256=SHA,
        drawn_by=desk.adviser,
        drawn_at=LATER,
    )
    for unit, start in zip(units.units.order_by("salted_id"), starts, strict=True):
        PilotAssignment.objects.create(allocation=made, unit=unit, arm="coaching", starts_in=start)


def test_the_drawn_start_of_a_group_stands_in_the_plan_that_is_analyzed():
    desk = make_pilot()
    _draw(desk, ["2027-02", "2027-02"], cluster="library 0")

    drawn = with_drawn_starts(desk.pilot, PHASED)

    assert drawn.starts_in == ("library 0=2027-02",)
    assert replace(drawn, starts_in=PHASED.starts_in) == PHASED


def test_a_unit_that_is_a_group_by_itself_goes_by_its_salted_id():
    desk = make_pilot()
    _draw(desk, ["2027-04", "2027-02"])

    assert with_drawn_starts(desk.pilot, PHASED).starts_in == (f"{0:064x}=2027-04", f"{1:064x}=2027-02")


def test_other_designs_and_a_plan_before_its_draw_stay_as_they_are():
    desk = make_pilot()

    assert with_drawn_starts(desk.pilot, MADE) is MADE
    assert with_drawn_starts(desk.pilot, PHASED) is PHASED

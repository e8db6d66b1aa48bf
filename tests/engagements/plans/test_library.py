"""What a planner chooses from: usable findings first, and of the others why they can't be used."""

import pytest

from engagements.plans.queries.library import OWN_CITY, READY, library_for
from engagements.seeds.evidence import seed_evidence
from tests.factories.engagements import CityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library():
    CityFactory(slug="dayton", name="Dayton")
    CityFactory(slug="tulsa", name="Tulsa")
    seed_evidence()


def test_what_can_be_planned_with_comes_first_and_the_others_say_why_not():
    groups = library_for("dayton")
    assert [group.title for group in groups[:2]] == [READY, OWN_CITY]
    ready, here, *rest = groups
    assert {"mto-under-13-earnings", "paycheck-plus-employment", "job-corps-earnings-3"} <= {r.key for r in ready.rows}
    assert {row.key for row in here.rows} == {"jobs-plus-all-sites", "jobs-plus-dayton"}
    assert not any(row.use for row in ready.rows) and all(row.use for group in (here, *rest) for row in group.rows)
    keys = [row.key for group in groups for row in group.rows]
    assert len(keys) == len(set(keys)) == 132


def test_a_bound_is_named_as_the_reason():
    found = {row.key: row.use for group in library_for("tulsa", "WorkAdvance") for row in group.rows}
    assert "threshold of p" in found["workadvance-earnings-2"] and "threshold" not in found["workadvance-tulsa"]

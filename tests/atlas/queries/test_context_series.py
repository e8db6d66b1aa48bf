"""What a city's page offers and shows over time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.queries import cities as city_queries
from atlas.queries.context_series import UnknownSeries, context_series
from tests.factories import context, portal

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(tmp_path):
    portal.build_maps(tmp_path, portal.add_city())
    for make in (context.mobility, context.by_race, context.employment, context.tracker_cities):
        portal.ingest(make(tmp_path / f"{make.__name__}.csv"))
    return city_queries.city("springfield")


def test_the_usual_series_that_exist_come_without_asking(city):
    found = context_series(city)
    assert [s.metric.slug for s in found.yearly] == ["pctl_income_20", "share_poverty_exposure", "share_homeless"]
    assert [s.metric.slug for s in found.tracker] == ["emp"] and found.chosen == ()


def test_another_series_and_a_group_can_be_asked_for_and_are_shown_after_the_usual(city):
    asked = ("pctl_income_20:Black, Non-Hispanic", "emp_incq4", "share_poverty_exposure")
    found = context_series(city, asked)
    assert (found.yearly[-1].metric.slug, found.yearly[-1].subgroup) == ("pctl_income_20", "Black, Non-Hispanic")
    assert found.tracker[-1].metric.slug == "emp_incq4"
    assert found.chosen == asked[:2], "the third is there anyway"


def test_only_what_has_a_value_or_a_reason_is_offered(city):
    offered = {offer.key: offer for offer in context_series(city).offered}
    assert offered["emp"].area_name == "Springfield as the Tracker draws it"
    assert "share_homeless:Black, Non-Hispanic" not in offered, "the file has no number for it"
    assert all(offer.values for offer in offered.values())


def test_what_is_withheld_is_offered_with_nothing_but_its_reason(tmp_path):
    portal.add_city("new-orleans", "2255000")
    portal.ingest(context.mobility(tmp_path / "m.csv"))
    found = context_series(city_queries.city("new-orleans"), ("rate_crime_violent",))
    assert found.yearly[-1].values == (None, None) and all(found.yearly[-1].excluded_reasons)
    assert next(o for o in found.offered if o.key == "rate_crime_violent").values == 0


def test_a_key_that_is_not_offered_names_the_nearest_that_are(city):
    with pytest.raises(UnknownSeries) as problem:
        context_series(city, ("share_poverty_exposur",))
    assert problem.value.nearest[0] == "share_poverty_exposure"


def test_a_metric_of_the_county_stands_in_where_the_place_has_none(city, tmp_path):
    row = "2022,26,163,Michigan,Wayne County,1000,0.5,Marginal,3,Strong,NA,NA,NA,NA,NA,NA,900,Strong,NA,NA"
    portal.ingest(context.mobility(tmp_path / "county.csv", (row,), area="county"))
    spending = ("2020,1,31,26163,m,0,0.1,0", "2020,2,29,26163,m,-.1,.2,1")
    portal.ingest(context.spending(tmp_path / "spending.csv", spending))
    found = context_series(city)
    assert [(s.metric.slug, s.area_kind) for s in found.tracker] == [("emp", "place"), ("spend_all", "county")]
    assert {s.area_kind for s in found.yearly} == {"place"}, "the place itself answers first"


def test_no_more_than_four_are_added(city):
    keys = tuple(o.key for o in context_series(city).offered)
    assert len(context_series(city, keys).chosen) <= 4


def test_many_series_cost_as_many_queries_as_few(city):
    def cost(*chosen: str) -> int:
        context_series(city)
        with CaptureQueriesContext(connection) as seen:
            context_series(city, chosen)
        return len(seen)

    few = cost()
    assert cost("pctl_income_20:Black, Non-Hispanic", "population", "emp_incq4") == few <= 14

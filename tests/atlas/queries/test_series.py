"""Series of a place: what answers, what is withheld, and what is said beside it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.metrics.catalog import CONTEXT_NOTE
from atlas.metrics.labels import UnknownMetric
from atlas.models import City
from atlas.queries.datasets import live_datasets
from atlas.queries.live import live_sources
from atlas.queries.observations import available_metrics, series
from tests.factories import context, portal

pytestmark = pytest.mark.django_db
PLACE = "2677777"


def day(*parts: int) -> datetime.date:
    return datetime.date(*parts)


@pytest.fixture
def ingested(tmp_path):
    portal.add_city()
    for make in (
        context.mobility,
        context.by_race,
        context.employment,
        context.tracker_cities,
        context.social_county,
        context.zones,
    ):
        portal.ingest(make(tmp_path / f"{make.__name__}.csv"))


def test_a_series_has_values_bounds_grades_and_its_source(ingested):
    found = series("place", PLACE, "pctl_income_20")
    assert (found.area_name, found.period_kind, found.periods) == ("Springfield city", "year", (day(2022, 1, 1),))
    assert (found.values, found.lower, found.upper, found.quality) == ((9000.0,), (8000.0,), (10000.0,), ("Strong",))
    assert found.source.dataset == "upward_mobility_place" and found.source.publisher == "Urban Institute"
    assert found.metric.unit == "usd" and found.caveats[0] == CONTEXT_NOTE


def test_the_file_of_all_residents_answers_first_and_another_can_be_asked_for(ingested):
    other = series("place", PLACE, "pctl_income_20", dataset="upward_mobility_place_race_ethnicity")
    assert other.values == (9500.0,)
    group = series("place", PLACE, "pctl_income_20", "Black, Non-Hispanic")
    assert (group.values, group.quality, group.subgroup) == ((8500.0,), ("Weak",), "Black, Non-Hispanic")


def test_an_excluded_value_is_withheld_with_its_reason(ingested):
    found = series("place", "2255000", "rate_crime_violent")
    assert found.values == (None, None) and all(found.excluded_reasons)
    assert any(caveat.startswith("Not shown for 2022: ") for caveat in found.caveats)
    assert "rate_crime_violent" not in {m.metric.slug for m in available_metrics("place", "2255000")}


def test_a_city_gets_the_trackers_county_and_is_told_so(ingested):
    found = series("place", PLACE, "emp")
    assert (found.area_name, found.values) == ("Springfield, MI", (0.00125, -0.0000399))
    assert found.periods == (day(2020, 1, 11), day(2020, 1, 18))
    assert "The Economic Tracker's Springfield, MI is the county around it (1,749,343 people in 2019)" in " ".join(
        found.caveats
    )


def test_the_trackers_detroit_is_wayne_county(tmp_path):
    City.objects.create(
        slug="detroit",
        name="Detroit",
        state_name="Michigan",
        state_usps="MI",
        place_geoid="2622000",
        longitude=-83.05,
        latitude=42.35,
    )
    portal.ingest(context.tracker_cities(tmp_path / "a.csv", ("13,Detroit,MI,Michigan,26,42,-83,1749343",)))
    portal.ingest(context.employment(tmp_path / "b.csv"))
    assert any("Detroit, MI is Wayne County" in caveat for caveat in series("place", "2622000", "emp").caveats)


def test_a_name_in_another_state_is_another_city(tmp_path):
    portal.add_city()
    portal.ingest(context.tracker_cities(tmp_path / "a.csv", ("13,Springfield,OH,Ohio,39,42,-83,5",)))
    portal.ingest(context.employment(tmp_path / "b.csv"))
    assert series("place", PLACE, "emp") is None


def test_areas_without_period_have_one_value_and_its_standard_error(ingested):
    found = series("county", "01001", "ec")
    assert (found.periods, found.values, found.standard_errors) == ((None,), (0.72077,), (0.0083100004,))
    assert found.area_name == "Autauga, Alabama"
    assert series("tract", "01001020700", "opportunity_zone").values == (1.0,)
    assert series("tract", "26163500100", "opportunity_zone") is None


def test_provisional_periods_are_counted_in_words(tmp_path):
    portal.ingest(context.spending(tmp_path / "a.csv"))
    found = series("county", "26163", "spend_all")
    assert found.provisional == (False, True) and found.caveats[-1].endswith("1 period.")


def test_what_there_is_for_a_place(ingested):
    found = {(m.metric.slug, m.source.dataset): m for m in available_metrics("place", PLACE)}
    race = found["pctl_income_20", "upward_mobility_place_race_ethnicity"]
    assert race.subgroups == ("", "Black, Non-Hispanic") and race.values == 2
    work = found["emp", "economic_tracker_employment_city_weekly"]
    assert (work.first, work.last, work.period_kind) == (day(2020, 1, 11), day(2020, 1, 18), "week")
    assert [m.metric.slug for m in available_metrics("county", "01001")] == [
        "clustering",
        "ec",
        "num_below_p50",
        "pop2018",
    ]


def test_context_is_not_cited_for_the_outcomes(ingested):
    assert len(live_datasets()) == 6 and live_sources() == ()


def test_an_unknown_metric_is_an_error_not_an_empty_series(ingested):
    with pytest.raises(UnknownMetric):
        series("place", PLACE, "happiness")


def test_a_long_series_costs_as_many_queries_as_a_short_one(tmp_path, ingested):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            series("place", PLACE, "emp")
        return len(seen)

    series("place", PLACE, "emp")
    few = cost()
    rows = [f"2020,1,{d},13,.1,." for d in range(1, 32)]
    portal.ingest(context.employment(tmp_path / "long.csv", rows))
    series("place", PLACE, "emp")
    assert cost() == few <= 5

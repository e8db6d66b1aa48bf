"""Observations on their way in: stored as read, compared with what is live, refused when something would go."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from atlas.ingest.pipeline import run
from atlas.models import LivePart, Measure, Observation, Release, ReleaseMeasure
from atlas.queries.datasets import live_datasets
from atlas.queries.measures import available_measures
from tests.factories import context

pytestmark = pytest.mark.django_db


def stored(metric: str, *fields: str) -> list[tuple]:
    return list(
        Observation.objects.filter(metric=metric).order_by("geoid", "period_start", "subgroup").values_list(*fields)
    )


def test_a_dry_run_writes_nothing(tmp_path):
    report = run(context.mobility(tmp_path / "a.csv"))
    assert (report.outcome, report.rows_read, report.rows_kept) == ("valid", 3, 3)
    assert not Release.objects.exists() and not Observation.objects.exists()


def test_every_field_comes_back_as_it_stands_in_the_file(tmp_path):
    report = run(context.mobility(tmp_path / "a.csv"), commit=True)
    assert report.outcome == "activated" and LivePart.objects.get().release_id == report.release_id
    fields = ("geoid", "period_start", "period_kind", "subgroup", "value", "lower", "upper", "quality", "provisional")
    assert stored("pctl_income_20", *fields) == [
        ("2255000", datetime.date(2021, 1, 1), "year", "", 11000.5, 10000.25, 12000.0, "Weak", False),
        ("2255000", datetime.date(2022, 1, 1), "year", "", None, None, None, "", False),
        ("2677777", datetime.date(2022, 1, 1), "year", "", 9000.0, 8000.0, 10000.0, "Strong", False),
    ]
    assert [(v, bool(r)) for v, r in stored("rate_crime_violent", "value", "excluded_reason")] == [
        (0.5, True),
        (13.5, True),
        (900.0, False),
    ]
    assert any("kept but not shown" in warning for warning in report.warnings)


def test_groups_provisional_months_and_areas_without_period_are_stored(tmp_path):
    run(context.by_race(tmp_path / "a.csv"), commit=True)
    run(context.spending(tmp_path / "b.csv"), commit=True)
    run(context.social_zip(tmp_path / "c.csv"), commit=True)
    run(context.zones(tmp_path / "d.csv"), commit=True)
    assert stored("population", "subgroup", "value") == [("", 1000.0)]
    assert stored("pctl_income_20", "subgroup", "value") == [("", 9500.0), ("Black, Non-Hispanic", 8500.0)]
    assert stored("spend_all", "geoid", "value", "provisional") == [("26163", 0.0, False), ("26163", -0.1, True)]
    assert stored("ec", "geoid", "period_start", "period_kind", "value", "standard_error") == [
        ("01001", None, "none", 0.88156998, 0.024219999),
        ("01003", None, "none", None, None),
    ]
    assert stored("opportunity_zone", "geoid", "value") == [("01001020700", 1.0), ("66010950100", 1.0)]


def test_each_metric_is_counted_for_the_data_page(tmp_path):
    run(context.mobility(tmp_path / "a.csv"), commit=True)
    found = ReleaseMeasure.objects.get(measure__slug="pctl_income_20")
    assert (found.rows_with_value, found.rows_without_value, found.minimum, found.maximum) == (2, 1, 9000.0, 11000.5)
    assert [d.info.level for d in live_datasets()] == ["place"]


def test_measures_of_outcomes_stay_free_of_context(tmp_path):
    run(context.social_county(tmp_path / "a.csv"), commit=True)
    assert Measure.objects.filter(slug="ec").exists()
    assert available_measures("county") == () == available_measures("tract")


def test_a_new_release_is_compared_and_replaces_the_old(tmp_path):
    run(context.employment(tmp_path / "a.csv"), commit=True)
    rows = ("2020,1,17,13,.5,.1", "2020,1,24,13,-.0000399,.", "2020,1,31,13,1,.")
    report = run(context.employment(tmp_path / "b.csv", rows), commit=True)
    change = {c.slug: (c.added, c.removed, c.changed, c.largest_change) for c in report.measures}
    assert change == {"emp": (1, 0, 1, 0.49875), "emp_incq4": (1, 1, 0, None)}
    assert sorted(Release.objects.values_list("status", flat=True)) == ["live", "retired"]
    run(context.employment(tmp_path / "c.csv", (*rows, "2020,2,7,13,1,.")), commit=True)
    assert Release.objects.count() == 2 and Observation.objects.count() == 2 * 3 + 2 * 4


def test_the_same_bytes_again_are_quiet_success(tmp_path):
    path = context.zones(tmp_path / "a.csv")
    run(path, commit=True)
    assert run(path, commit=True).outcome == "unchanged" and Observation.objects.count() == 4


SHORTER = {"1 area": ("2020,1,17,13,0,0", "2020,1,24,13,0,0"), "1 period": ("2020,1,17,13,0,0", "2020,1,17,32,0,0")}


@pytest.mark.parametrize("lost", SHORTER)
def test_dropping_live_areas_or_periods_is_refused_unless_accepted(tmp_path, lost):
    run(
        context.employment(tmp_path / "a.csv", ("2020,1,17,13,0,0", "2020,1,24,13,0,0", "2020,1,17,32,0,0")),
        commit=True,
    )
    fewer = context.employment(tmp_path / "b.csv", SHORTER[lost])
    report = run(fewer, commit=True)
    assert report.refused and f"would drop {lost}" in report.problems[0].reason
    assert Release.objects.count() == 1
    assert run(fewer, commit=True, accept_losses=True).outcome == "activated"


def test_dropping_a_live_metric_or_group_is_refused(tmp_path):
    run(context.by_race(tmp_path / "a.csv"), commit=True)
    assert "1 group" in run(context.by_race(tmp_path / "b.csv", context.RACE_ROWS[:1])).problems[0].reason
    text = (tmp_path / "a.csv").read_text().replace("share_homeless", "share_renamed")
    (tmp_path / "c.csv").write_text(text)
    assert "1 metric" in run(tmp_path / "c.csv").problems[0].reason


def test_city_and_county_series_are_data_sets_apart(tmp_path):
    run(context.employment(tmp_path / "a.csv"), commit=True)
    rows = ("2020,1,17,26163,.2,.",)
    assert run(context.employment(tmp_path / "b.csv", rows, area="countyfips"), commit=True).outcome == "activated"
    assert Release.objects.filter(status="live").count() == 2


def test_the_database_keeps_one_row_per_period_and_codes_of_their_width(tmp_path):
    run(context.zones(tmp_path / "a.csv"), commit=True)
    row = Observation.objects.filter(metric="opportunity_zone").first()
    same = {"release": row.release, "area_kind": "tract", "geoid": row.geoid, "metric": row.metric}
    for broken in (
        same | {"period_kind": "none"},
        same | {"period_kind": "year"},
        same | {"period_kind": "none", "geoid": "1001020700"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Observation.objects.create(**broken)

"""The publishers' real files of context through the real pipeline, once; then what they must say to the last digit."""

import datetime
import re

import pytest
from django.core.management import call_command

from atlas.ingest.pipeline import run
from atlas.ingest.scanning import find_files
from atlas.metrics.catalog import METRICS
from atlas.models import Observation, ReleaseMeasure
from atlas.queries import observations
from atlas.queries.cities import cities
from atlas.queries.context_series import context_series
from atlas.queries.observations import available_metrics
from dashboards.panels import changing
from dashboards.panels.catalog import panel
from dashboards.panels.options import Options
from engagements.seeds.initiative import seed
from tests.dashboards.documents.deck_reading import charts_on, check_sheet, check_slides, moments_on, open_deck
from tests.reading_grade import grade, sentences_of, words_of
from tests.reference.changes import count_changes, counts_said, in_100

# File: rows read, numbers stored (rows x metrics), numbers with a value.
COUNTS = {
    "Affinity-City-Monthly_4cities.csv": (316, 11_376, 11_376),
    "Affinity-County-Monthly_ten_cities.csv": (1_088, 2_176, 2_176),
    "Employment-City-Weekly_4cities.csv": (1_108, 8_864, 7_472),
    "GeoIDs-City_4cities.csv": (4, 4, 4),
    "JobPostings-City-Weekly_4cities.csv": (1_376, 17_888, 1_404),
    "JobPostings-County-Weekly_ten_cities.csv": (432, 1_296, 1_296),
    "UIClaims-City-Weekly_4cities.csv": (605, 1_210, 1_210),
    "UIClaims-County-Weekly_ten_cities.csv": (538, 1_076, 1_076),
    "Womply-City-Weekly_4cities.csv": (436, 872, 872),
    "Womply-County-Weekly_ten_cities.csv": (1_308, 2_616, 2_616),
    "Zearn-City-Weekly_4cities.csv": (1_240, 4_960, 2_480),
    "Zearn-County-Weekly_ten_cities.csv": (1_305, 5_220, 2_609),
    "opportunity_zones_national.csv": (8_764, 17_528, 17_528),
    "social_capital_county.csv.gz": (3_089, 61_780, 58_908),
    "social_capital_zip.csv.gz": (23_028, 460_560, 380_196),
    "06_mobility-metrics_place_race-ethnicity_longitudinal_ten_cities.csv": (500, 4_600, 816),
    "61_mobility-metrics_place_longitudinal_ten_cities.csv": (100, 4_700, 2_709),
    "63_mobility-metrics_place_race-share_longitudinal_ten_cities.csv": (240, 960, 371),
    "64_mobility-metrics_place_income_longitudinal_ten_cities.csv": (560, 2_240, 457),
}
pytestmark = pytest.mark.django_db  # run alone, this module would find no tables without it
DETROIT, NEW_ORLEANS = "2622000", "2255000"
TEN = ("3502000", "3915000", "3921000", "2622000", "2646000", "2255000", "3451000", "5566000", "3663000", "4075000")


@pytest.fixture(scope="module")
def reports(real_data, django_db_setup, django_db_blocker):
    """Everything ingested and left in this worker's test database until the module ends."""
    with django_db_blocker.unblock():
        seed()
        yield {path.name: run(path, commit=True) for path in find_files([real_data / "context"])}
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture(autouse=True)
def database(reports, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_every_file_is_taken_and_none_is_unknown_to_this_test(reports):
    assert {name: report.outcome for name, report in reports.items()} == dict.fromkeys(COUNTS, "activated")


@pytest.mark.parametrize("name", COUNTS)
def test_rows_read_are_rows_kept_and_every_number_is_counted(reports, name):
    rows, stored, with_value = COUNTS[name]
    report = reports[name]
    assert (report.rows_read, report.rows_kept) == (rows, rows)
    found = Observation.objects.filter(release=report.release_id)
    assert (found.count(), found.filter(value__isnull=False).count()) == (stored, with_value)
    assert sum(m.rows_with_value for m in report.measures) == with_value


def test_every_metric_in_the_files_has_a_label_and_a_unit():
    present = set(ReleaseMeasure.objects.values_list("measure__slug", flat=True))
    assert present <= METRICS.keys() and len(present) > 100
    assert all(METRICS[slug].label and METRICS[slug].unit_words for slug in present)


def at(found, *day: int) -> int:
    return found.periods.index(datetime.date(*day))


def test_mobility_metrics_to_the_last_digit():
    income = observations.series("place", NEW_ORLEANS, "pctl_income_20")
    i = at(income, 2014, 1, 1)
    assert (income.values[i], income.lower[i], income.upper[i], income.quality[i]) == (
        11092.675,
        10084.249999999998,
        12101.1,
        "Weak",
    )
    work = observations.series("place", DETROIT, "share_employed")
    assert work.values[at(work, 2014, 1, 1)] == 0.5822549299325114
    homes = observations.series("place", DETROIT, "ratio_black_nh_house_value_households_value")
    assert homes.values[at(homes, 2014, 1, 1)] == 0.659
    group = observations.series("place", NEW_ORLEANS, "count_homeless", "Black, Non-Hispanic")
    assert group is not None and group.source.dataset == "upward_mobility_place_race_ethnicity"


def test_police_numbers_of_new_orleans_are_kept_and_not_shown(reports):
    rows = Observation.objects.filter(geoid=NEW_ORLEANS, metric="rate_crime_violent", value__isnull=False)
    assert rows.get(period_start="2022-01-01").value == 13.669533763748396
    assert all(row.excluded_reason for row in rows) and rows.count() == 3
    assert Observation.objects.exclude(excluded_reason="").count() == 8
    warnings = reports["61_mobility-metrics_place_longitudinal_ten_cities.csv"].warnings
    assert sum("kept but not shown" in warning for warning in warnings) == 8
    detroit = observations.series("place", DETROIT, "rate_crime_violent")
    assert detroit.values[at(detroit, 2021, 1, 1)] == 3917.553875271428


@pytest.mark.parametrize("geoid", TEN)
def test_each_of_the_ten_cities_has_its_metrics(geoid):
    found = {m.metric.slug for m in available_metrics("place", geoid)}
    assert {"share_employed", "pctl_income_50", "share_in_preschool", "population"} <= found


def test_tracker_series_to_the_last_digit():
    jobs = observations.series("place", DETROIT, "emp")
    assert jobs.values[at(jobs, 2020, 1, 11)] == 0.00125 and len(jobs.periods) == 277
    assert any("Detroit, MI is Wayne County (1,749,343 people in 2019)" in caveat for caveat in jobs.caveats)
    claims = observations.series("place", NEW_ORLEANS, "initclaims_count_regular")
    assert claims.values[at(claims, 2020, 3, 15)] == 13786.0
    rate = observations.series("county", "39113", "initclaims_rate_regular")
    assert rate.values[at(rate, 2019, 12, 29)] == 0.146
    spending = observations.series("place", DETROIT, "spend_all")
    assert sum(spending.provisional) == 1 and spending.periods[-1] == datetime.date(2026, 7, 1)


def test_wayne_countys_series_is_the_trackers_detroit():
    city, county = (
        observations.series("place", DETROIT, "merchants_all"),
        observations.series("county", "26163", "merchants_all"),
    )
    assert city.periods == county.periods and city.values == county.values


def test_social_capital_and_zones_to_the_last_digit():
    wayne = observations.series("county", "26163", "ec")
    assert (wayne.values, wayne.standard_errors) == ((0.61658001,), (0.0043600001,))
    assert observations.series("zip", "01001", "ec").values == (0.88156998,)
    assert observations.series("zip", "01003", "nbhd_ec").values == (None,)
    assert observations.series("tract", "01001020700", "opportunity_zone_contiguous").values == (0.0,)
    assert Observation.objects.filter(metric="opportunity_zone_contiguous", value=1).count() == 198


@pytest.mark.parametrize("geoid", TEN)
def test_each_of_the_ten_cities_has_its_panels_of_what_is_changing(geoid):
    city = next(c for c in cities() if c.place_geoid == geoid)
    found = context_series(city)
    panel = changing.build(city.name, found.yearly)
    assert len(found.yearly) == 8 and not panel.reason
    assert counts_said(panel.finding) == count_changes(found.yearly)
    numbers = sum(value is not None for series in found.yearly for value in series.values)
    assert len([row for row in panel.table.rows if row[4] is not None]) == numbers >= 48
    assert panel.figure.layout.height < 2200 and len(panel.figure.to_json()) < 40_000


def test_of_detroit_only_employment_moved_beyond_its_bounds_with_nothing_else_to_say():
    found = context_series(next(c for c in cities() if c.slug == "detroit"))
    panel, tracker = changing.build("Detroit", found.yearly), changing.build_tracker("Detroit", found.tracker)
    assert count_changes(found.yearly)["surely"] == 1
    work = next(series for series in found.yearly if series.metric.slug == "share_employed")
    first, last = work.values[at(work, 2014, 1, 1)], work.values[at(work, 2023, 1, 1)]
    assert (first, last) == pytest.approx((0.5823, 0.6606), abs=5e-5)
    said = re.findall(r"(\d+) in 100 worked in (\d+), up from (\d+) in 100 in (\d+)\.", panel.finding)
    assert said == [(in_100(last), "2023", in_100(first), "2014")]
    jobs = observations.series("place", DETROIT, "emp")
    value = jobs.values[at(jobs, 2025, 4, 26)]
    assert not any(later is not None for later in jobs.values[at(jobs, 2025, 4, 26) + 1 :])
    said = re.findall(
        r"In late (\w+ \d+), employment in ([\w ]+) was (\d+)% (below|above) January 2020", tracker.finding
    )
    assert said == [("April 2025", "Wayne County", in_100(-value), "below")]
    assert "no margin of error" in tracker.finding
    (row,) = (row for row in tracker.table.rows if row[0].startswith("Employment") and "Apr 26, 2025" in row[2])
    assert row[4] == value and f"{-100 * value:.1f}% below January 2020" in row[-1]


@pytest.mark.parametrize("geoid", TEN)
def test_what_is_changing_is_easy_to_read(geoid):
    """Both findings as one text, with the limits of the other public findings (tests/real/atlas)."""
    city = next(c for c in cities() if c.place_geoid == geoid)
    found = context_series(city)
    built = changing.build(city.name, found.yearly), changing.build_tracker(city.name, found.tracker)
    text = " ".join(one.finding for one in built)
    for sentence in sentences_of(text):
        assert len(words_of(sentence)) <= 20, sentence
    assert grade(text) <= 8 and grade(text, aloud=True) <= 8.5
    assert all(len(" ".join(one.caveats).split()) <= 170 for one in built)


def test_a_second_scan_changes_nothing(real_data):
    assert {run(p, commit=True).outcome for p in find_files([real_data / "context"])} == {"unchanged"}


def moments_in(figure) -> list[dict[float, float]]:
    """Place in time -> value of each pair of axes of a figure."""
    found: dict[str, dict[float, float]] = {}
    for trace in figure.data:
        if not trace.name.endswith(", margin of error"):
            pairs = zip(trace.x, trace.y, strict=True)
            found.setdefault(trace.yaxis or "y", {}).update({float(x): float(y) for x, y in pairs})
    return list(found.values())


@pytest.mark.parametrize("slug", ["detroit", "new-orleans", "racine"])
def test_each_series_on_slides_is_its_figures_in_one_unit_and_in_the_order_of_time(slug, client):
    deck = open_deck(client.get(f"/cities/{slug}/profile.pptx").content)
    check_slides(deck)
    (city,) = (city for city in cities() if city.slug == slug)
    figures = [panel(city, name, Options()).figure for name in ("changing", "changing-tracker")]
    wanted = [moments for figure in figures if figure is not None for moments in moments_in(figure)]
    charts = charts_on(deck)
    assert len(charts) == len(wanted) >= 7
    for chart, moments in zip(charts, wanted, strict=True):
        found = moments_on(chart)  # refuses days out of order
        places = {day.year + (day.timetuple().tm_yday - 1) / 366: value for day, value in found.items()}
        assert places == pytest.approx(moments)
        assert len({series.name for series in chart.plots[0].series}) == 1, "one quantity, one unit"
        assert check_sheet(chart) > 1

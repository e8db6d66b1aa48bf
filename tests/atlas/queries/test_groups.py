"""Groups, raised standard errors and summaries of a small portal, against numbers worked by hand."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas import vectors
from atlas.queries import cities as city_queries
from atlas.queries.cities import cities
from atlas.queries.groups import _without_inconsistent_counts, groups
from atlas.queries.headlines import MEASURE, headline, mean_inputs
from atlas.queries.live import consistent_reads, live_catalog
from atlas.queries.outcome_tracts import outcome_tracts
from atlas.queries.weights import COUNT, Weights
from atlas.records.groups import Group
from atlas.records.places import AreaRecord
from atlas.sample.cities import CITIES
from atlas.sample.outcomes import draw_latent, draw_outcomes
from atlas.sample.places_above import county_and_zone_rows
from atlas.sample.sample_tracts import place_tracts, sample_tract_list
from atlas.sample.simple_files import write_county_file, write_tract_file
from atlas.vectors import Vector
from tests.factories import files, portal
from tests.factories import groups as small
from tests.reference import weighted

pytestmark = pytest.mark.django_db
SUMMARY = "/api/v1/cities/springfield/summary/"
PUBLISHED = (0.42, 0.46, 0.34)  # of Wayne in the small county file: all, white, Black children
WHITE, BLACK = Group("white", "pooled"), Group("black", "pooled")


@pytest.fixture
def city(tmp_path):
    small.build(tmp_path)
    return city_queries.city("springfield")


def by_hand(which: int, geoids=portal.CITY_TRACTS):
    rows = [small.TRACTS[geoid][which] for geoid in geoids if small.TRACTS[geoid][which] is not None]
    values, errors, children = zip(*rows, strict=True)
    return weighted.mean_and_error(values, children, errors)


def moved_by(which: int) -> float:
    """What Wayne publishes for the group less the mean of its four tracts."""
    return PUBLISHED[which] - by_hand(which, small.TRACTS)[0]


def test_everybodys_level_is_the_headline(city):
    here, found = groups(city).levels[0].here, headline(city)
    assert (here.value, here.standard_error) == (found.value, found.standard_error)


def test_a_group_whose_county_publishes_nothing_is_left_as_it_is_and_so_is_every_gap_with_it(city, tmp_path):
    text = small.simple_counties(tmp_path / "county_outcomes_simple.csv").read_text().replace(",.34,.008,", ",,,")
    portal.ingest(files.write(tmp_path / "county_outcomes_simple.csv", text))
    found = groups(city)
    white, black = (next(level for level in found.levels if level.group == one) for one in (WHITE, BLACK))
    assert (white.basis, black.basis) == ("benchmarked", "raw")
    assert black.here == black.raw and "1 county has no published value" in black.basis_reason
    gap = found.gaps[0]
    assert not gap.is_benchmarked and gap.gap.own.value == pytest.approx(white.raw.value - black.raw.value, abs=1e-6)


def test_each_group_is_weighted_by_its_own_children_here_and_in_the_nation(city):
    found = groups(city)
    assert found.outcome == "kfr" and found.reason == ""
    for which, level in enumerate(found.levels):
        value, error, _ = by_hand(which)
        assert level.raw.value == pytest.approx(value, abs=1e-6), level.group.words
        assert level.raw.standard_error == pytest.approx(error * max(1, level.inflation.value), rel=1e-5)
        assert level.here.value == pytest.approx(value + moved_by(which), abs=1e-6) and level.basis == "benchmarked"
        assert level.nation.value == pytest.approx(PUBLISHED[which], abs=1e-6), "all the tracts there are: Wayne's"
        if level.group == BLACK:
            assert level.here.coverage is None and "1 tract without a count" in level.here.coverage_reason
        else:
            assert level.here.coverage == pytest.approx(1.0)
    assert [level.children for level in found.levels] == pytest.approx([2300, 1300, 1000])


def test_a_blank_count_is_filled_from_the_modelled_weight_for_coverage_only():
    """Counts 300 and 100, blank where 90 are modeled and in a tract the list of children does not name."""
    geoids = np.array([1, 2, 3, 4])
    counts = Vector(geoids, np.array([300, 100, np.nan, np.nan], np.float32), None)
    modelled = Vector(geoids[:3], np.array([280, 120, 90], np.float32), None)
    assert Weights(counts, "", (), stand_in=modelled).everybody(geoids).tolist() == [300, 100, 90, 0]
    girls = Weights(counts, "", (), stand_in=modelled, stand_in_share=0.5)
    assert girls.everybody(geoids).tolist() == [300, 100, 45, 0]
    assert np.isnan(Weights(counts, "", ()).everybody(geoids)[2:]).all()


def test_modelled_children_are_printed_as_the_county_counts_them(tmp_path):
    """One county: the model's number of these tracts times the publisher's count over the model's of the county."""
    portal.build(tmp_path)
    weights, place = mean_inputs(MEASURE).weights, city_queries.city("springfield")
    assert weights.model is not None
    own = np.array([int(geoid) for geoid in portal.CITY_TRACTS])
    county = weights.vector.geoids // 10**6 == 26163
    held = live_catalog().find("county", COUNT)
    published = vectors.national(held.release_id, COUNT).at(np.array([26163]))[0][0]
    ratio = published / np.nansum(weights.vector.value[county])
    assert ratio != pytest.approx(1.0) and weights.place_scale(own) == pytest.approx(ratio, rel=1e-5)
    assert headline(place).children == pytest.approx(np.nansum(weights.at(own)) * ratio, rel=1e-5)
    told = outcome_tracts(place, MEASURE).weights
    assert np.nansum(told) == pytest.approx(headline(place).children, rel=1e-5)


def test_no_race_has_more_children_than_all_together(city):
    levels = groups(city).levels
    everybody, white = (next(one for one in levels if one.group == g) for g in (Group("pooled", "pooled"), WHITE))
    grounds = {level.group: mean_inputs(level.measure) for level in levels}
    modelled = {g: replace(ground, weights=replace(ground.weights, model=object())) for g, ground in grounds.items()}
    more = (everybody, replace(white, children=everybody.children + 1))
    kept = _without_inconsistent_counts(more, modelled)
    assert kept[0].children == everybody.children and kept[1].children is None
    assert "not additive" in kept[1].children_reason


def test_a_gap_has_both_forms_and_the_part_between(city):
    """Own: (.44*900 + .40*100 + .46*300)/1300 - (.36*100 + .33*900)/1000; common at 100 and 900 Black children."""
    found = groups(city)
    gap, moved = found.gaps[0].gap, moved_by(1) - moved_by(2)
    own = (0.44 * 900 + 0.40 * 100 + 0.46 * 300) / 1300 - (0.36 * 100 + 0.33 * 900) / 1000
    assert gap.own.value == pytest.approx(own + moved, abs=1e-6) and found.gaps[0].is_benchmarked
    assert gap.common.value == pytest.approx((0.08 * 100 + 0.07 * 900) / 1000 + moved, abs=1e-6)
    assert gap.between.value == pytest.approx(own - 0.071, abs=1e-6), "a shift of all tracts moves no part between"
    levels = {level.group: level.here for level in found.levels}
    assert gap.own.value == levels[WHITE].value - levels[BLACK].value, "the gap is that of the levels shown"
    assert (gap.coverage, gap.tracts_dropped, gap.headline_allowed) == (None, 1, False)
    assert "is not known" in gap.reason, "the third tract's count is blank together with its value"
    assert None not in (gap.own.standard_error, gap.common.standard_error, gap.between.standard_error)


def test_the_county_stands_beside_as_published_with_all_counties_by_their_counts(city):
    found = groups(city)
    black = next(level for level in found.published if level.group == BLACK)
    assert (black.here.value, black.here.standard_error, black.children) == (0.34, 0.008, 1100)
    assert black.nation.value == pytest.approx((0.34 * 1100 + 0.35 * 5000) / 6100, abs=1e-6)
    gap = next(one for one in found.published_gaps if (one.first, one.second) == (WHITE, BLACK)).difference
    assert gap.value == pytest.approx(0.12) and gap.standard_error == pytest.approx(sqrt(0.01**2 + 0.008**2))


def test_a_city_s_standard_error_is_raised_by_the_county_s_ratio(city):
    """Formula over Wayne's four tracts: sqrt(10^2 + 10^2 + 6^2 + 10^2) / 2800 = .0065465; published .009: 1.3748."""
    formula = sqrt(10**2 + 10**2 + 6**2 + 10**2) / 2800
    found = headline(city)
    assert found.inflation.value == pytest.approx(0.009 / formula, rel=1e-5)
    assert found.raw_standard_error == pytest.approx(by_hand(0)[1] * 0.009 / formula, rel=1e-5)
    assert found.inflation_check is None, "no tract of Orleans Parish is loaded"
    assert found.children == pytest.approx(2300)


def test_a_ratio_under_one_leaves_the_standard_error_alone(tmp_path):
    small.build(tmp_path, error=".004")
    found = headline(city_queries.city("springfield"))
    assert found.inflation.value < 1
    assert found.raw_standard_error == pytest.approx(by_hand(0)[1], rel=1e-5)


def test_the_published_zone_stands_after_the_published_county(city):
    county, zone, *_ = headline(city).references
    assert (county.kind, zone.kind, zone.is_published) == ("county", "commuting zone", True)
    assert (zone.value, zone.standard_error, zone.name) == (0.3987, 0.0006, "Detroit (zone 11600)")
    page = headline(city)
    assert {source.dataset for source in page.sources} >= {"cz_outcomes_simple", "county_outcomes_simple"}


def test_by_share_of_area_every_touching_tract_counts_by_its_part(city):
    whole, parts = headline(city), headline(city, weighting="share")
    assert whole.children == pytest.approx(2300) and 2000 < parts.children < 2300
    assert parts.tracts_total == 4 and "share of its area" in parts.weight_rule
    assert groups(city, weighting="share").levels[0].here.value == pytest.approx(parts.value)


def test_files_without_errors_or_counts_say_so_group_by_group(tmp_path):
    portal.build(tmp_path)
    found = groups(city_queries.city("springfield"))
    assert found.levels == () and "by race or gender" in found.reason
    assert found.county == "Wayne County" and found.published == ()


def test_a_city_without_a_boundary_has_no_groups_and_says_so(tmp_path):
    small.build(tmp_path)
    portal.forget_maps()
    portal.add_city("elsewhere", "2612345")
    found = groups(city_queries.city("elsewhere"))
    assert found.levels == () and "boundary" in found.reason


def test_an_area_has_the_groups_of_its_tracts(city):
    codes = tuple((int(geoid), 1.0, True) for geoid in portal.CITY_TRACTS)
    area = AreaRecord(
        "east-side", "East Side", "Michigan", "MI", (), 3, 0, False, False, codes, "picked", ("springfield",)
    )
    mine, theirs = groups(area), groups(city)
    assert [level.here for level in mine.levels] == [level.here for level in theirs.levels]
    assert mine.gaps == theirs.gaps


def test_groups_cost_the_same_queries_however_many_cities(city):
    """Every flip asks again for the few rows; a release's vectors are read once in its life."""

    def cost():
        with consistent_reads(), CaptureQueriesContext(connection) as seen:
            for place in cities():
                groups(place)
        return len(seen)

    cost()
    portal.add_city("town", "2699999")
    few = cost()
    for i in range(6):
        portal.add_city(f"town-{i}", f"26{i:05d}")
    assert 0 < cost() == few <= 8


def test_the_summary_is_the_headline_panels_number_with_the_spread_of_its_tracts(city, client):
    body = client.get(SUMMARY).json()
    found = headline(city)
    assert (body["value"], body["standard_error"], body["usd"]) == (found.value, found.standard_error, found.usd)
    half = 1.959964 * found.standard_error
    assert body["interval"] == {"low": found.value - half, "high": found.value + half, "level": 0.95}
    assert body["children"] == pytest.approx(2300) and "count" in body["weight_rule"]
    assert body["standard_error_inflation"] == found.inflation.value
    w = np.array([1000, 1000, 300]) / 2300
    y = np.array([0.40, 0.34, 0.46])
    total = float(w @ (y - w @ y) ** 2)
    noise = float(w @ np.array([0.01, 0.01, 0.02]) ** 2)
    spread = body["dispersion"]
    assert spread["total_variance"] == pytest.approx(total, rel=1e-4)
    assert spread["noise_variance"] == pytest.approx(noise, rel=1e-4)
    assert spread["signal_variance"] == pytest.approx(total - noise, rel=1e-4)
    assert spread["reliability"] == pytest.approx(1 - noise / total, rel=1e-4)
    assert spread["reliability_interval"] is not None or spread["reason"]
    assert body["references"][0]["value"] == 0.42 and body["sources"]


def test_the_summary_counts_tracts_the_other_way_when_asked(city, client):
    body = client.get(SUMMARY + "?weights=share").json()
    assert body["weights"] == "share"
    assert body["value"] == headline(city, weighting="share").value
    assert client.get(SUMMARY + "?weights=nonsense").status_code == 400


def test_without_standard_errors_the_summary_says_why(tmp_path, client):
    portal.build(tmp_path)
    body = client.get(SUMMARY).json()
    assert body["standard_error"] is None and body["interval"] is None and body["standard_error_reason"]
    assert body["dispersion"]["total_variance"] > 0 and body["dispersion"]["reliability"] is None
    assert "no margin of error" in body["dispersion"]["reason"]


def test_an_unknown_measure_is_a_problem_document_naming_the_nearest(city, client):
    response = client.get(SUMMARY + "?measure=kfr_blakc_pooled_p25")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert "kfr_black_pooled_p25" in response.json()["detail"]
    assert client.get("/api/v1/cities/nowhere/summary/").status_code == 404


def test_dollars_are_a_problem_document_that_names_the_rank(tmp_path, client):
    portal.build(tmp_path)
    response = client.get(SUMMARY + "?measure=kfr_pooled_pooled_p25_usd_2015")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    detail = response.json()["detail"]
    assert "ask for the percentile" in detail and "kfr_pooled_pooled_p25." in detail
    assert client.get(SUMMARY + "?measure=poor_share2016").status_code == 400


def test_before_anything_is_imported_the_summary_says_so(client):
    portal.add_city()
    body = client.get(SUMMARY).json()
    assert body["value"] is None and body["dispersion"] is None and "not been imported" in body["reason"]


def test_the_schema_has_the_summary(client):
    schema = client.get("/api/schema/?format=json").json()
    names = {one["name"] for one in schema["paths"]["/api/v1/cities/{slug}/summary/"]["get"]["parameters"]}
    assert {"slug", "measure", "weights"} <= names


def test_on_a_generated_file_every_group_of_every_city_has_an_interval(tmp_path):
    """Ten cities of the sample with standard errors: no late cohort, ranks and errors of a sensible size."""
    places = {city: place_tracts(city)[1] for city in CITIES}
    listed = sample_tract_list([tract for tracts in places.values() for tract in tracts])
    early = draw_outcomes(listed, draw_latent(listed, 1), 1)
    write_tract_file(tmp_path / "tract_outcomes_simple.csv", listed, early)
    write_county_file(tmp_path / "county_outcomes_simple.csv", county_and_zone_rows(listed, early, 1)[0])
    for name in ("tract_outcomes_simple.csv", "county_outcomes_simple.csv"):
        portal.ingest(tmp_path / name, sample=True)
    for city, tracts in places.items():
        codes = tuple((int(t.geoid), 1.0, True) for t in tracts if t.in_city)
        area = AreaRecord(city.slug, city.slug, "", "", (), len(codes), 0, False, True, codes, "generated", ())
        found = groups(area)
        assert {level.group.slug("kfr") for level in found.levels} >= {
            f"kfr_{race}_{gender}_p25" for race in ("pooled", "white", "black", "hisp") for gender in ("pooled", "male")
        }
        for level in found.levels:
            if level.here.n:
                assert 0 < level.here.standard_error < 0.25, (city.slug, level.group.words)
                assert 0.1 < level.here.value < 0.75, (city.slug, level.group.words)
        for one in found.gaps:
            if one.gap.own.value is not None:
                assert one.gap.own.standard_error > 0
                assert one.gap.own.value == pytest.approx(one.gap.common.value + one.gap.between.value)
        assert found.published and all(level.here.standard_error for level in found.published)

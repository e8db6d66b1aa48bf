"""Areas of one's own: the same numbers as the same tracts elsewhere, by their link alone, gone when archived."""

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from atlas.ingest import area_uploads, areas
from atlas.ingest.pipeline import run
from atlas.models import Area, AreaEvent, AreaGeometry, AreaTract, AreaUpload
from atlas.queries import areas as area_queries
from atlas.queries import cities as city_queries
from atlas.queries.areas import area_upload, areas_owned_by, classify_geoids, tracts_inside_2020_tracts
from atlas.queries.cities import geometry
from atlas.queries.groups import groups
from atlas.queries.headlines import MEASURE, headline, main_counties, name_counties
from atlas.queries.outcome_tracts import outcome_tracts
from atlas.sources.base import SourceFileError
from tests.factories import files, portal
from tests.reference import weighted
from tests.reference.benchmark import slow_benchmark

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = portal.CITY_TRACTS
SE = {ONE: (0.30, 0.02, 100), TWO: (0.40, 0.01, 300), THREE: (0.35, 0.03, 200), portal.OUTSIDE: (0.45, 0.04, 400)}


def with_errors(path, rows=SE):
    """A tract file with standard errors and counts."""
    lines = ["state,county,tract,cz,czname,kfr_pooled_pooled_p25,kfr_pooled_pooled_p25_se,pooled_pooled_count"]
    lines += [
        f"{g[:2]},{int(g[2:5])},{int(g[5:])},{'11600,Detroit' if g[:2] == '26' else '38300,Los Angeles'},{v},{s},{n}"
        for g, (v, s, n) in rows.items()
    ]
    return files.write(path, "\n".join(lines) + "\n")


@pytest.fixture
def city(tmp_path):
    portal.build(tmp_path)
    portal.ingest(with_errors(tmp_path / "tract_outcomes_simple.csv"))
    return city_queries.city("springfield")


def made(*codes: str, **more):
    return area_queries.area(areas.create_area("pasted", "East side", codes, **more))


def test_exactly_the_citys_tracts_give_exactly_the_citys_numbers(city):
    mine, theirs = headline(made(ONE, TWO, THREE)), headline(city)
    assert theirs.value is not None and theirs.standard_error is not None
    own = {"city": theirs.city, "area_rule_coverage": theirs.area_rule_coverage, "outside_share": theirs.outside_share}
    assert replace(mine, **own) == theirs, "only the city's line cuts tracts"


def test_mean_and_standard_error_are_those_of_plain_arithmetic(city):
    found = headline(made(ONE, TWO))
    assert found.raw_value == pytest.approx((100 * 0.30 + 300 * 0.40) / 400)
    assert found.raw_standard_error == pytest.approx(np.hypot(100 * 0.02, 300 * 0.01) / 400)
    assert (found.tracts_used, found.tracts_total, found.coverage) == (2, 2, 1.0)


def test_a_union_is_the_weighted_mean_of_its_parts(city):
    parts = [(headline(made(*codes)), n) for codes, n in (((ONE, TWO), 400), ((THREE, portal.OUTSIDE), 600))]
    whole = headline(made(ONE, TWO, THREE, portal.OUTSIDE))
    assert whole.value == pytest.approx(sum(p.value * n for p, n in parts) / 1000)
    assert whole.raw_value == pytest.approx(sum(p.raw_value * n for p, n in parts) / 1000)
    assert whole.raw_standard_error == pytest.approx(np.hypot(*(p.raw_standard_error * n for p, n in parts)) / 1000)


def test_all_of_a_county_is_the_county_as_published(city):
    whole = headline(made(ONE, TWO, THREE, portal.OUTSIDE))
    assert (whole.value, whole.standard_error, whole.basis) == (0.34619635, 0.00091179216, "published")
    (county,) = whole.county_differences
    assert county.modelled == pytest.approx(0.40) and whole.adjustment == pytest.approx(0.34619635 - 0.40)
    assert whole.adjustment_in_errors == pytest.approx((0.34619635 - 0.40) / 0.00091179216)


def test_a_part_of_a_county_moves_with_it(city):
    published = {26163: (0.34619635, 0.00091179216)}
    tracts = {geoid: (26163, value, children, error) for geoid, (value, error, children) in SE.items()}
    for codes in ((TWO,), (ONE, TWO), (ONE, portal.OUTSIDE)):
        found = headline(made(*codes))
        expected = slow_benchmark(tracts, published, {code: SE[code][2] for code in codes})
        assert (found.value, found.standard_error) == pytest.approx(expected, rel=1e-6), codes
        assert found.basis == "benchmarked" and found.adjustment == pytest.approx(0.34619635 - 0.40)


def test_one_tract_keeps_its_own_published_value_beside_the_benchmarked_one(city):
    found = headline(made(TWO))
    assert (found.raw_value, found.raw_standard_error) == (pytest.approx(0.40), pytest.approx(0.01))
    assert found.tracts_total == 1


def test_tracts_of_a_county_that_publishes_nothing_are_left_as_they_are(city, tmp_path):
    far = "10001000100"
    portal.ingest(with_errors(tmp_path / "tract_outcomes_simple.csv", SE | {far: (0.5, 0.02, 100)}))
    found = headline(made(ONE, TWO, far))
    assert (found.basis, found.adjustment, found.adjustment_in_errors) == ("raw", None, None)
    assert found.value == found.raw_value == pytest.approx((30 + 120 + 50) / 500)
    assert found.basis_reason == "1 county has no published value of this measure"
    alone = headline(made(far))
    assert alone.value == pytest.approx(0.5) and alone.basis_reason and alone.measured_error is None


def test_tracts_without_a_value_lower_the_coverage_and_alone_give_a_reason(tmp_path):
    portal.build(tmp_path)
    assert 0 < headline(made(ONE, THREE)).coverage < 1
    nothing = headline(made(THREE))
    assert nothing.value is None and nothing.reason


def test_tracts_of_several_states_and_outside_all_cities(city):
    found = made("06037101110", TWO, ONE)
    assert (found.state_usps, found.county_names) == ("2 states", ("Wayne County", "Los Angeles County"))
    assert found.city_slugs == ("springfield",)
    assert made("06037101110").city_slugs == () and not made("06037101110").has_geometry


def test_the_map_is_drawn_from_live_boundaries_and_anew_when_they_change(tmp_path):
    portal.build(tmp_path)
    portal.forget_maps()
    area = made(ONE, TWO)
    assert geometry(area) is None and not area.has_geometry
    boxes = {g: (-83.10 + 0.01 * i, 42.30, 0.01, 0.01) for i, g in enumerate(portal.CITY_TRACTS)}
    run(files.tract_map(tmp_path / "again.geojson", boxes), commit=True)
    drawn = json.loads(gzip.decompress(geometry(area)[1]))
    assert [f["id"] for f in drawn["features"]] == [ONE, TWO, "outline"]
    assert area_queries.area(area.slug).members == area.members, "what was saved under a link stays what it was"
    assert area_queries.area(area.slug).has_geometry


def test_areas_of_generated_tracts_say_so_and_have_numbers(tmp_path):
    portal.build(tmp_path, sample=True)
    area = made(ONE, TWO)
    assert area.geometry_is_sample
    found = headline(area)
    assert found.value is not None and found.is_sample


def test_records_are_keys_of_caches_and_follow_a_new_name(city):
    user = get_user_model().objects.create_user("ann@example.org", "x")
    first = made(ONE, owner=user.pk)
    assert hash(first) == hash(area_queries.area(first.slug)) and first == area_queries.area(first.slug)
    assert areas.update_area(first.slug, by=user.pk, name="West side", note="", by_link=True)
    assert area_queries.area(first.slug).name == "West side" and area_queries.area(first.slug) != first


def test_only_the_owner_changes_or_archives_and_everything_is_written_down(city):
    ann, bo = (get_user_model().objects.create_user(f"{name}@example.org", "x").pk for name in ("ann", "bo"))
    token = areas.create_area("pasted", "Mine", [ONE], owner=ann)
    assert not areas.update_area(token, by=bo, name="His", note="", by_link=True)
    assert not areas.archive_area(token, by=bo)
    assert areas.update_area(token, by=ann, name="Mine, closed", note="", by_link=False)
    assert area_queries.area(token) is None and area_queries.area(token, bo) is None
    assert area_queries.area(token, ann).name == "Mine, closed"
    assert areas.archive_area(token, by=ann) and not areas.archive_area(token, by=ann)
    assert area_queries.area(token, ann) is None and areas_owned_by(ann) == ()
    events = AreaEvent.objects.filter(area__token=token).order_by("pk")
    assert [(e.kind, e.by_id) for e in events] == [("made", ann), ("changed", ann), ("archived", ann)]
    with pytest.raises(DatabaseError), transaction.atomic():
        AreaEvent.objects.update(details={})


def test_an_area_without_an_owner_is_nobodys_to_change_but_an_operator_may_take_it_down(city):
    bo = get_user_model().objects.create_user("bo@example.org", "x").pk
    token = areas.create_area("pasted", "Nobody's", [ONE])
    assert not areas.update_area(token, by=bo, name="Bo's", note="", by_link=True) and not areas.archive_area(
        token, by=bo
    )
    assert areas.archive_area(token, by=bo, any_owner=True)


def test_the_database_refuses_what_no_area_is(city):
    area = Area.objects.get(token=made(ONE).slug)
    wrong = (
        {"token": "short"},
        {"name": "  "},
        {"kind": "drawn"},
        {"file_name": "x.geojson"},
        {"tract_count": 0},
        {"tract_count": 2001},
        {"archived_at": "2001-01-01T00:00:00Z"},
    )
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.filter(pk=area.pk).update(**change)
    for row in ({"geoid": "2616350010"}, {"share": 1.5}, {"vintage": 2020}, {"geoid": ONE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AreaTract.objects.create(area=area, **{"geoid": TWO, "share": 1, "belongs": True, **row})


def test_an_area_costs_the_same_queries_whatever_its_size(city):
    few, many = made(ONE).slug, made(ONE, TWO, THREE, portal.OUTSIDE).slug

    def cost(token):
        with CaptureQueriesContext(connection) as seen:
            area_queries.area(token)
        return len(seen)

    assert cost(few) == cost(many) <= 4


# --- GEOIDs of another vintage ------------------------------------------------------------------
RELATION = (
    "GEOID_TRACT_20|AREALAND_TRACT_20|GEOID_TRACT_10|AREALAND_TRACT_10|AREALAND_PART\n"
    "26163500100|900|26163500100|900|900\n"  # unchanged
    "26163700200|600|26163500300|900|600\n26163700300|300|26163500300|900|300\n"  # split in two
    "26163700400|900|26163500200|1800|700\n26163700400|900|26163500400|1000|200\n"  # a part of two
)


def test_codes_are_sorted_into_known_later_and_unknown(tmp_path, city):
    asked = (TWO, "26163700200", "26163999999")
    before = classify_geoids(asked)
    assert (before.known, before.later, before.unknown) == ((TWO,), (), asked[1:])
    assert before.has_list and not before.has_relation
    portal.ingest(files.write(tmp_path / "rel.txt", RELATION))
    after = classify_geoids(asked)
    assert (after.known, after.later, after.unknown) == ((TWO,), ("26163700200",), ("26163999999",))


def test_2020_tracts_cover_the_2010_tracts_with_more_than_half_their_land_inside(tmp_path, city):
    portal.ingest(files.write(tmp_path / "rel.txt", RELATION))
    assert tracts_inside_2020_tracts(["26163700200", "26163700400"]) == ((THREE, pytest.approx(2 / 3)),)
    both = tracts_inside_2020_tracts(["26163700200", "26163700300", ONE])
    assert both == ((ONE, pytest.approx(1)), (THREE, pytest.approx(1)))


def test_tracts_of_the_sample_are_known_only_while_it_is_live(tmp_path):
    portal.build(tmp_path, sample=True)
    assert classify_geoids([ONE]).known == (ONE,)
    portal.ingest(files.shown_tract(tmp_path / "real.csv", {"06037101110": "30000"}))
    assert classify_geoids([ONE]).unknown == (ONE,)


# --- files of districts -------------------------------------------------------------------------
def districts(*boxes, **properties) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": f"Ward {i}", **properties}, "geometry": files.square(*box)}
        for i, box in enumerate(boxes, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_the_citys_own_outline_gives_exactly_the_city(city):
    token = area_uploads.save_upload(districts((-83.10, 42.30, 0.026, 0.011)), "city.geojson", owner=None)
    (made,) = area_uploads.create_areas(token, {1: ("City", "Ward 1")}, owner=None)
    area = area_queries.area(made)
    assert (area.tract_count, area.edge_count) == (city.tract_count, city.edge_count)
    assert replace(headline(area), city=city.slug) == headline(city)
    assert headline(area, weighting="share") == replace(headline(city, weighting="share"), city=made)


def test_districts_are_counted_by_the_citys_rule_before_anything_is_made(city):
    boxes = [(-83.10, 42.30, 0.0145, 0.01), (-83.0855, 42.30, 0.0155, 0.01), (-83.099, 42.302, 0.002, 0.002)]
    token = area_uploads.save_upload(districts(*boxes), "wards.geojson", owner=None)
    west, east, small = area_upload(token).districts
    assert (west.tract_count, west.edge_count) == (1, 1) and (east.tract_count, east.edge_count) == (2, 0)
    assert (small.tract_count, small.best[0]) == (0, ONE) and small.best[1] == pytest.approx(1, abs=1e-6)
    assert not Area.objects.exists()
    names = {1: ("West", "Ward 1"), 2: ("East", "Ward 2")}
    tokens = area_uploads.create_areas(token, names, owner=None)
    members = area_queries.area(tokens[0]).members
    assert members[1][0] == int(TWO) and members[1][1] == pytest.approx(0.45, abs=1e-3) and not members[1][2]
    assert area_upload(token).areas[1].name == "East" and not area_upload(token).districts
    with pytest.raises(area_uploads.AlreadyCreated):
        area_uploads.create_areas(token, names, owner=None)


def test_a_district_that_reaches_beyond_the_known_tracts_says_how_much_is_known(city):
    token = area_uploads.save_upload(districts((-83.10, 42.29, 0.01, 0.02)), "w.geojson", owner=None)
    assert area_upload(token).districts[0].covered == pytest.approx(0.5, abs=0.01)


def test_districts_where_nothing_is_known_are_refused(city):
    with pytest.raises(SourceFileError, match="no tract boundaries"):
        area_uploads.save_upload(districts((10, 50, 1, 1)), "berlin.geojson", owner=None)


def test_a_district_too_small_can_not_be_made(city):
    token = area_uploads.save_upload(districts((-83.099, 42.302, 0.002, 0.002)), "w.geojson", owner=None)
    with pytest.raises(ValueError, match="1 to 2,000 tracts"):
        area_uploads.create_areas(token, {1: ("Small", "")}, owner=None)


def test_files_nobody_used_are_thrown_away(city, monkeypatch):
    data = districts((-83.10, 42.30, 0.02, 0.01))
    old = area_uploads.save_upload(data, "old.geojson", owner=None)
    monkeypatch.setattr(area_uploads, "UNUSED_UPLOAD_LIFETIME", area_uploads.UNUSED_UPLOAD_LIFETIME * 0)
    area_uploads.save_upload(data, "new.geojson", owner=None)
    assert not AreaUpload.objects.filter(token=old).exists()


def test_a_persons_file_is_theirs_alone(city):
    ann, bo = (get_user_model().objects.create_user(f"{name}@example.org", "x").pk for name in ("ann", "bo"))
    token = area_uploads.save_upload(districts((-83.10, 42.30, 0.02, 0.01)), "w.geojson", owner=ann)
    assert area_upload(token, ann) and not area_upload(token, bo) and not area_upload(token)


def test_the_outline_of_an_upload_is_drawn(city):
    token = area_uploads.save_upload(districts((-83.10, 42.30, 0.0145, 0.01)), "w.geojson", owner=None)
    area_uploads.create_areas(token, {1: ("West", "Ward 1")}, owner=None)
    drawn = json.loads(gzip.decompress(bytes(AreaGeometry.objects.get().gzip)))
    outline = drawn["features"][-1]["geometry"]["coordinates"][0]
    assert max(x for x, _ in outline) == pytest.approx(-83.0855)


def test_the_reference_arithmetic_agrees(city):
    found = headline(made(*SE))
    values, errors, counts = (np.array(column) for column in zip(*SE.values(), strict=True))
    value, error, _ = weighted.mean_and_error(values, counts, errors)
    assert (found.raw_value, found.raw_standard_error) == (pytest.approx(value), pytest.approx(error))


def test_the_county_beside_a_place_is_the_one_that_holds_most_of_its_children():
    """800 of 1,000 children are most; 799 are not. Without weights tracts are counted."""
    mine = np.array([26163000001, 26163000002, 6037000001])
    assert main_counties(mine, np.array([500.0, 300, 200])) == (26163,)
    assert main_counties(mine, np.array([500.0, 299, 201])) == (6037, 26163)
    assert main_counties(mine, np.full(3, np.nan)) == (6037, 26163)
    assert name_counties((26163,)) == "Wayne County" and name_counties((6037, 26163)) == "its 2 counties"


def test_an_area_over_two_states_is_titled_and_compared_as_such(tmp_path):
    portal.build(tmp_path)
    coasts = {ONE: SE[ONE], "06037101110": (0.42, 0.01, 90)}
    portal.ingest(with_errors(tmp_path / "tract_outcomes_simple.csv", SE | coasts))
    token = areas.create_area("pasted", codes=coasts, name="Two coasts", note="")
    place = area_queries.area(token)
    assert (place.state_name, place.state_usps) == ("2 counties in 2 states", "2 states")
    around = headline(place).references
    assert [(one.kind, one.name) for one in around] == [("county", "its 2 counties"), ("nation", "United States")]
    assert around[0].value is not None and headline(place).measured_error is None
    assert groups(place).county == "" and groups(place).published == ()
    assert [one.name for one in outcome_tracts(place, MEASURE).around] == ["its 2 counties", "United States"]

"""The starter set against the publishers' files it was made of: the same bytes again, and the same cities."""

import dataclasses

import numpy as np
import pytest
from django.db import connection, transaction

from atlas.ingest.pipeline import run
from atlas.ingest.scanning import find_files
from atlas.models import CityTract, LivePart, Release
from atlas.queries import cities as city_queries
from atlas.queries import groups as group_queries
from atlas.queries import headlines as headline_queries
from atlas.queries.live import live_catalog
from atlas.queries.measures import available_measures, tract_vector
from atlas.starter.make import make_starter_set
from atlas.starter.manifest import SHIPPED, read_manifest

pytestmark = pytest.mark.django_db
CITIES = "albuquerque cincinnati dayton detroit lansing new-orleans newark racine rochester tulsa".split()
CONTEXT = ("economic_tracker", "upward_mobility", "opportunity_zones")
SINGLE_PRECISION = 2.0**-23  # relative: of one stored number
DERIVED = 1e-6  # in ranks, of what is worked out from many


@pytest.fixture(autouse=True)
def database(reports, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_the_publishers_files_give_the_shipped_set_byte_for_byte(real_data, tmp_path):
    shipped = read_manifest(SHIPPED)
    assert make_starter_set(find_files([real_data]), tmp_path, shipped.made_on) == shipped
    for file in shipped.files:
        assert (tmp_path / file.name).read_bytes() == (SHIPPED / file.name).read_bytes(), file.name


@dataclasses.dataclass(frozen=True)
class _World:
    """What the pages lead with, of every city, and all values of tracts."""

    members: set
    edges: set
    headlines: dict
    groups: dict
    vectors: dict


def look() -> _World:
    places = {slug: city_queries.city(slug) for slug in CITIES}
    rows = CityTract.objects.filter(city__slug__in=CITIES)
    return _World(
        set(rows.filter(belongs=True).values_list("city__slug", "geoid")),
        set(rows.filter(share__gte=0.01).values_list("city__slug", "geoid")),
        {slug: headline_queries.headline(place) for slug, place in places.items()},
        {slug: group_queries.groups(place) for slug, place in places.items()},
        {m.slug: tract_vector(m.slug).vector for m in available_measures("tract")},
    )


@pytest.fixture(scope="module")
def worlds(reports, django_db_blocker):
    """(from the full files, from the starter set): the second in a transaction that is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        full = look()
        LivePart.objects.all().delete()
        Release.objects.filter(status="live").update(status="retired", retired_at="2026-01-01T00:00Z")
        CityTract.objects.all().delete()
        for file in read_manifest(SHIPPED).files:
            if not file.dataset.startswith(CONTEXT):
                assert run(SHIPPED / file.name, commit=True).outcome == "activated", file.name
        starter = look()
        assert all(source.starter_date for source in live_catalog().sources)
        transaction.set_rollback(True)
    return full, starter


def test_every_city_has_exactly_its_tracts_and_its_edges(worlds):
    full, starter = worlds
    assert starter.members == full.members and len(full.members) == 1_094
    assert starter.edges == full.edges


def test_every_value_of_every_tract_is_the_publishers(worlds):
    full, starter = worlds
    assert full.vectors.keys() == starter.vectors.keys() and len(full.vectors) >= 12
    for slug, vector in full.vectors.items():
        ours = starter.vectors[slug]
        assert np.array_equal(ours.geoids, vector.geoids), slug
        np.testing.assert_allclose(ours.value, vector.value, rtol=2 * SINGLE_PRECISION, err_msg=slug)
        if not slug.startswith("kir_"):  # published times 100: divided after it was kept in single precision
            assert np.array_equal(ours.value, vector.value, equal_nan=True), slug


@pytest.mark.parametrize("slug", CITIES)
def test_the_numbers_a_city_leads_with_are_those_of_the_full_files(worlds, slug):
    full, starter = (world.headlines[slug] for world in worlds)
    assert (starter.tracts_used, starter.tracts_total) == (full.tracts_used, full.tracts_total)
    assert starter.value == pytest.approx(full.value, abs=DERIVED) and starter.usd == pytest.approx(full.usd, abs=0.05)
    assert starter.standard_error == full.standard_error
    theirs = {(r.kind, r.name, r.is_published): r for r in full.references}
    assert len(starter.references) == len(theirs)
    for found in starter.references:
        other = theirs[found.kind, found.name, found.is_published]
        assert found.value == pytest.approx(other.value, abs=DERIVED, nan_ok=True), found.name
        assert found.standard_error == pytest.approx(other.standard_error), "county errors are in the set"


@pytest.mark.parametrize("slug", CITIES)
def test_levels_by_race_are_those_of_the_full_files(worlds, slug):
    full, starter = (world.groups[slug] for world in worlds)
    assert [level.group for level in starter.levels] == [level.group for level in full.levels]
    for ours, theirs in zip(starter.levels, full.levels, strict=True):
        assert ours.here.value == pytest.approx(theirs.here.value, abs=DERIVED)
    assert [p.here.value for p in starter.published] == [p.here.value for p in full.published]


def test_nothing_of_the_second_world_is_left(worlds):
    assert not Release.objects.filter(starter_date__isnull=False).exists() and connection.is_usable()

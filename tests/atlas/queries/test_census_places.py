"""Choosing a US place: by name and state, by code; the database has the last word."""

import pytest
from django.db import IntegrityError, transaction

from atlas.ingest.cities import make_city
from atlas.models import City
from atlas.queries.census_places import find_census_places, named_census_places, place_list_is_live
from tests.factories import portal
from tests.factories.engagements import CityFactory
from tests.factories.places import gazetteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(tmp_path):
    portal.ingest(gazetteer(tmp_path / "2019_Gaz_place_national.txt"))


def geoids(rows):
    return [row.geoid for row in rows]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Newark, NJ", ["3451000"]),
        ("newark ,  new jersey", ["3451000"]),
        ("Newark", ["1050670", "3451000", "3955000"]),
        ("Franklin, PA", ["4227424", "4227456"]),
        ("Franklin, PA (city 4227456)", ["4227456"]),
        ("3451000", ["3451000"]),
        ("Newark, MI", []),
        ("9999999", []),
        ("New%", []),
        ("", []),
    ],
)
def test_a_name_is_one_place_several_or_none(typed, found):
    assert sorted(geoids(named_census_places(typed))) == found


@pytest.mark.usefixtures("listed")
def test_beginnings_are_suggested_whole_names_first():
    assert geoids(find_census_places("new")) == ["1050670", "3451000", "3955000"]
    assert geoids(find_census_places("n")) == []
    assert [row.full_label for row in find_census_places("carson")] == ["Carson City, NV (3209700)"]
    assert find_census_places("detroit, mi")[0].full_label == "Detroit, MI (city 2622000)"


def test_without_the_list_the_portals_own_cities_can_be_chosen():
    CityFactory(slug="lansing", name="Lansing", place_geoid="2646000")
    assert not place_list_is_live()
    assert geoids(named_census_places("Lansing, MI")) == ["2646000"]
    assert named_census_places("Newark, NJ") == ()


@pytest.mark.usefixtures("listed")
def test_the_database_refuses_a_city_that_no_list_has():
    assert place_list_is_live()
    with pytest.raises(IntegrityError, match="no place of the Census list"), transaction.atomic():
        CityFactory(place_geoid="2699999")
    CityFactory(slug="detroit", name="Detroit", place_geoid="2622000")


@pytest.mark.usefixtures("listed")
def test_a_city_is_made_once_under_a_free_address():
    point = {"longitude": -74.17, "latitude": 40.72}
    made = make_city(place_geoid="3451000", name="Newark", **point)
    assert (made.slug, made.state_usps, made.state_name) == ("newark", "NJ", "New Jersey")
    assert make_city(place_geoid="3451000", name="Newark", **point) == made
    assert make_city(place_geoid="3955000", name="Newark", **point).slug == "newark-oh"
    assert City.objects.count() == 2

"""Maps are drawn after a flip and after an upgrade; until then a page draws for itself."""

import pytest

from atlas.ingest import drawings
from atlas.models import CityGeometry
from atlas.queries.cities import city
from atlas.queries.drawings import drawing, make_drawing
from atlas.records.drawing import drawing_from_json
from tests.factories import files, portal

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path):
    return portal.build(tmp_path)


def test_what_is_not_stored_is_drawn_on_the_spot_and_stored_by_the_worker(place):
    assert CityGeometry.objects.get().drawing is None
    shown = drawing(city(place.slug))
    assert shown is not None and set(shown.tracts) <= set(portal.CITY_TRACTS)
    assert drawings.store_missing() == 1
    assert drawing_from_json(CityGeometry.objects.get().drawing) == shown
    assert drawings.store_missing() == 0


def test_a_drawing_of_another_version_is_made_anew(place):
    CityGeometry.objects.update(drawing={"old": "form"})
    assert drawing(city(place.slug)) == make_drawing(city(place.slug))


def test_new_names_make_every_map_wait(place, tmp_path):
    drawings.store_missing()
    named = files.shown_tract(tmp_path / "named.csv", {"26163500100": ".2"}, column="Employment_Rate_rP_gP_pall")
    portal.ingest(named)
    assert CityGeometry.objects.get().drawing is None


def test_a_place_without_polygons_has_no_drawing(place):
    CityGeometry.objects.all().delete()
    assert drawing(city(place.slug)) is None
    assert drawings.store_missing() == 0

"""Maps are drawn after a flip and after an upgrade; until then a page draws for itself."""

import pytest
from shapely.errors import GEOSException

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


def test_an_import_stores_the_map(place):
    shown = drawing_from_json(CityGeometry.objects.get().drawing)
    assert set(shown.tracts) <= set(portal.CITY_TRACTS) and shown.tracts


def test_what_is_not_stored_is_drawn_on_the_spot_and_stored_by_the_worker(place):
    stored = drawing_from_json(CityGeometry.objects.get().drawing)
    CityGeometry.objects.update(drawing=None)
    assert drawing(city(place.slug)) == stored
    assert drawings.store_missing() == 1
    assert drawing_from_json(CityGeometry.objects.get().drawing) == stored
    assert drawings.store_missing() == 0


def test_shapes_that_cannot_be_drawn_stop_neither_import_nor_page(place, monkeypatch, caplog):
    def fail(*_):
        raise GEOSException("no such shape")

    CityGeometry.objects.update(drawing=None)
    monkeypatch.setattr("atlas.queries.drawings.build_drawing", fail)
    assert drawings.store_missing() == 0
    assert drawing(city(place.slug)) is None
    assert caplog.text.count("could not be drawn") == 2


def test_a_drawing_of_another_version_is_made_anew(place):
    CityGeometry.objects.update(drawing={"old": "form"})
    assert drawing(city(place.slug)) == make_drawing(city(place.slug))


def test_new_names_make_every_map_new(place, tmp_path):
    before = CityGeometry.objects.get().drawing
    named = files.shown_tract(tmp_path / "named.csv", {"26163500100": ".2"}, column="Employment_Rate_rP_gP_pall")
    portal.ingest(named)
    after = CityGeometry.objects.get().drawing
    assert after is not None and after["tracts"] == before["tracts"]


def test_a_place_without_polygons_has_no_drawing(place):
    CityGeometry.objects.all().delete()
    assert drawing(city(place.slug)) is None
    assert drawings.store_missing() == 0

"""Unnamed tracts are near a named one, where outlines say so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.models import Tract
from atlas.queries.live import live_generation
from atlas.queries.tract_names import _near, tract_titles
from tests.factories import portal

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = portal.CITY_TRACTS


@pytest.fixture
def named(tmp_path):
    portal.build(tmp_path)
    _near.cache_clear()
    Tract.objects.filter(geoid=FIRST).update(name="Corktown, Springfield, MI")
    Tract.objects.filter(geoid__in=(SECOND, THIRD)).update(name="Springfield, MI")
    Tract.objects.filter(geoid=portal.OUTSIDE).update(name="Shelbyville, MI")
    yield
    _near.cache_clear()


def test_a_tract_without_a_name_is_near_one_of_the_same_place(named):
    rows = Tract.objects.filter(vintage=2010).values_list("geoid", "name")
    titles = tract_titles(rows)
    assert titles[FIRST] == "Corktown"
    assert titles[SECOND] == "Tract 5002, near Corktown"
    assert titles[portal.OUTSIDE] == "Tract 5004, Shelbyville", "nothing in Shelbyville has a name"
    assert titles["06037101110"] == "Tract 1011.10, Place 1110", "no outline, no name"


def test_without_outlines_the_place_stands_there(named):
    portal.forget_maps()
    _near.cache_clear()
    assert tract_titles([(SECOND, "Springfield, MI")]) == {SECOND: "Tract 5002, Springfield"}


def test_names_are_read_once(named):
    live_generation()
    with CaptureQueriesContext(connection) as first:
        tract_titles([(SECOND, "Springfield, MI"), (THIRD, "Springfield, MI")])
    with CaptureQueriesContext(connection) as again:
        tract_titles([(SECOND, "Springfield, MI")])
    assert len(first) - len(again) == 2

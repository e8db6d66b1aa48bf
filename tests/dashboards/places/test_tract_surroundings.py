"""The map around a tract and its neighbors, on the small portal."""

import re

import pytest
import shapely
from django.contrib.auth.models import AnonymousUser

from atlas.models import Boundary, Tract
from atlas.queries.surroundings_of_tract import _around, tract_surroundings
from atlas.records.surroundings import NearbyTract, Surroundings
from dashboards.charts.surroundings_map import Steps, draw_surroundings
from dashboards.places.tract_page import tract_page
from engagements.money.queries.by_tract import money_of_tract
from tests.factories import layers, portal

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = portal.CITY_TRACTS
SLUG = "kfr_pooled_pooled_p25_usd_2015"
STEPS = Steps((18e3, 21e3, 24e3, 28e3, 33_731.0, 40e3, 50e3), 33_731.0)


@pytest.fixture
def springfield(tmp_path):
    portal.build(tmp_path)
    _around.cache_clear()
    tract_page.cache_clear()
    yield
    _around.cache_clear()
    tract_page.cache_clear()


def test_neighbors_share_a_border_and_not_only_a_corner(springfield):
    found = tract_surroundings(SECOND, SLUG)
    assert found.itself.value == 30_000
    assert {one.geoid for one in found.neighbors} == {FIRST, THIRD}
    assert {one.geoid for one in found.tracts} >= {FIRST, SECOND, THIRD, portal.OUTSIDE}
    assert all(0 <= part <= max(found.width, found.height) for one in found.tracts for part in one.shape.bounds)


def test_without_an_outline_there_is_no_map_and_the_page_says_so(springfield, client):
    assert tract_surroundings("06037101110", SLUG) is None
    page = client.get("/tracts/06037101110/").content.decode()
    assert "map-svg" not in page and "no map" in page
    assert "none of the portal" in page


def test_a_tract_without_a_value_says_so_and_is_hatched(springfield, client):
    page = client.get(f"/tracts/{THIRD}/").content.decode()
    assert "No income is published" in re.search("<h1>(.*?)</h1>", page)[1]
    assert 'class="no-value"' in page


def test_the_page_works_with_the_script_and_styles_of_nobody(springfield, client):
    page = client.get(f"/tracts/{FIRST}/").content.decode()
    assert "plotly" not in page and " style=" not in page and "<style" not in page
    assert page.count('role="img"') >= 5, "every row of dots is said in words"


def test_a_bare_place_never_names_a_tract(springfield, client):
    Tract.objects.filter(geoid=FIRST).update(name="Springfield, MI")
    title = re.search("<title>(.*?)</title>", client.get(f"/tracts/{FIRST}/").content.decode(), re.S)[1]
    assert title.startswith("Tract 5001")


def test_strangers_see_no_money(springfield, client):
    assert money_of_tract(AnonymousUser(), FIRST) == ()
    assert "Sign in" in client.get(f"/tracts/{FIRST}/").content.decode()


def test_water_and_main_roads_are_drawn_where_they_are_loaded(springfield, tmp_path, client):
    page = client.get(f"/tracts/{FIRST}/").content.decode()
    assert 'class="water"' not in page and 'class="road-1"' not in page
    lines = [
        ("I- 94", "I", "S1100", [(-83.2, 42.305), (-82.9, 42.305)]),
        ("Elm St", "S", "S1200", [(-83.095, 42.2), (-83.095, 42.4)]),
    ]
    portal.ingest(layers.roads(tmp_path, lines))
    portal.ingest(layers.water(tmp_path, [("River", "H3010", 9_000_000, layers.square(-83.1, 42.302, 0.003))]))
    found = tract_surroundings(FIRST, SLUG)
    assert len(found.main_roads) == len(found.roads) == len(found.water) == 1
    page = client.get(f"/tracts/{FIRST}/").content.decode()
    assert page.count('class="water"') == page.count('class="road-1"') == page.count('class="road-2"') == 1
    assert page.index('class="water"') < page.index('class="road-1"') < page.index('class="ring"')


def test_names_on_the_map_are_text(springfield):
    box = shapely.box(100, 100, 900, 900)
    odd = NearbyTract(FIRST, '"><script>alert(1)</script>', 20_000.0, 0.0, box)
    drawn = draw_surroundings(
        Surroundings(FIRST, 2_000.0, 1_200.0, (odd,)), STEPS, label="<b>", say=str, address=lambda geoid: f"/{geoid}"
    )
    assert "<script" not in drawn and "<b>" not in drawn


def test_every_value_has_the_color_of_its_step():
    assert [STEPS.css(one) for one in (10e3, 18e3, 33e3, 33_731.0, 45e3, 60e3, None)] == [
        "s0",
        "s1",
        "s4",
        "s5",
        "s6",
        "s7",
        "no-value",
    ]


def test_the_maps_legend_marks_the_tract_among_those_of_its_city(springfield, client):
    page = client.get(f"/tracts/{FIRST}/").content.decode()
    legend = page.split('class="map-legend"')[1].split("</svg>")[0]
    assert "2 neighborhoods with data" in legend and "Springfield" in legend
    assert legend.count('class="hist-here"') == legend.count('class="hist-us"') == 1 and "$20,000" in legend
    without = client.get(f"/tracts/{THIRD}/").content.decode()
    assert 'class="map-hist"' in without and "hist-here" not in without
    outside = client.get(f"/tracts/{portal.OUTSIDE}/").content.decode()
    assert 'class="hist-us"' in outside and "neighborhoods with data" not in outside


def test_a_page_costs_the_same_the_second_time(springfield, client, django_assert_max_num_queries):
    client.get(f"/tracts/{FIRST}/")
    with django_assert_max_num_queries(30):
        client.get(f"/tracts/{FIRST}/?again")
    assert Boundary.objects.exists()

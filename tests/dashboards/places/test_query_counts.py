"""Pages cost the same number of queries whatever they show; counted cold, as after a flip."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.ingest.pipeline import run
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
CEILING = 30


def cost(client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    assert len(seen) > 0
    return len(seen)


def test_city_page_stays_under_its_ceiling_even_cold(tmp_path, client):
    portal.build(tmp_path)
    cold = cost(client, "/cities/springfield/")
    assert cost(client, "/cities/springfield/") <= cold <= CEILING


def test_city_page_costs_the_same_with_more_tracts(tmp_path, client):
    city = portal.build(tmp_path)
    client.get("/cities/springfield/")
    few = cost(client, "/cities/springfield/")
    boxes = {f"26163{6000 + i:06d}": (-83.10 + 0.0005 * i, 42.30, 0.0005, 0.01) for i in range(40)}
    run(files.tract_map(tmp_path / "many.geojson", boxes), commit=True, accept_losses=True)
    assert city.tracts.count() == 40
    client.get("/cities/springfield/")
    assert cost(client, "/cities/springfield/") == few


@pytest.mark.parametrize("url", ["/", "/data/"])
def test_home_and_data_page_cost_the_same_with_more_cities_and_files(tmp_path, client, url):
    portal.build(tmp_path)
    client.get(url)
    few = cost(client, url)
    for i in range(8):
        portal.add_city(f"town-{i}", f"26{i:05d}")
    values = {"26163500100": ".1"}
    for i, words in enumerate(("Employment_Rate_rP_gP_pall", "Fraction_Non-White_in_2010")):
        portal.ingest(files.shown_tract(tmp_path / f"{i}.csv", values, words))
    client.get(url)
    assert cost(client, url) == few <= CEILING

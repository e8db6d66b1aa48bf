"""Draws of tracts' true values: which tracts, by which prior, and why there are none."""

import numpy as np
import pytest

from atlas.queries import cities as city_queries
from atlas.queries.headlines import MEASURE, headline
from atlas.queries.tract_draws import tract_draws
from atlas.queries.tract_places import tracts_as_place, tracts_of_city
from atlas.queries.tract_statistics import tract_statistics
from tests.factories import grid, portal

pytestmark = pytest.mark.django_db


def test_every_tract_with_value_error_and_children_is_drawn_around_its_steadied_value(tmp_path):
    city = city_queries.city(grid.build(tmp_path).slug)
    found, steadied = tract_draws(city, MEASURE), tract_statistics(city, MEASURE)
    assert found.reason == "" and found.draws.shape == (2_000, 60) and found.geoids == tuple(sorted(grid.geoids()))
    moved = headline(city, MEASURE).adjustment
    assert moved, "draws are held against means that are adjusted, so they move along"
    assert np.abs(found.draws.mean(axis=0) - steadied.shrunk - moved).max() < 0.002
    assert np.abs(found.draws.std(axis=0) - steadied.shrunk_sd).max() < 0.002
    assert found.children.min() > 0


def test_without_standard_errors_the_reason_is_said(tmp_path):
    city = city_queries.city(grid.build(tmp_path, errors=False).slug)
    found = tract_draws(city, MEASURE)
    assert found.draws is None and "no margin of error" in found.reason and found.tracts.values.size == 60


def test_tracts_of_a_city_are_a_place_like_any_other(tmp_path):
    city = city_queries.city(portal.build(tmp_path).slug)
    whole = tracts_as_place(city, "All", portal.CITY_TRACTS, "named")
    assert headline(whole).value == headline(city).value
    one = tracts_as_place(city, "One", portal.CITY_TRACTS[:1], "named")
    assert headline(one).tracts_total == 1 and one.county_names == ("Wayne County",)
    assert set(portal.CITY_TRACTS) <= set(tracts_of_city(city.slug))
    assert "06037101110" not in tracts_of_city(city.slug)

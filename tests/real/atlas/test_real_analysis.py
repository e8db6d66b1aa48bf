"""More analysis on the publishers' files: every panel for every city, and numbers found independently."""

import csv

import pandas as pd
import pytest

from atlas.queries import cities as city_queries
from dashboards.panels.catalog import KINDS, panel
from dashboards.panels.options import Options
from tests.dashboards.panels.test_panels import BANNED
from tests.reference import analysis

CITIES = "albuquerque cincinnati dayton detroit lansing new-orleans newark racine rochester tulsa".split()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ingested")]
PANELS = [slug for slug, kind in KINDS.items() if kind.page == "analysis"]


@pytest.fixture(scope="module")
def ingested(real_data, reports):
    return real_data


@pytest.fixture(scope="module")
def table(ingested) -> pd.DataFrame:
    return analysis.tract_table(ingested)


@pytest.fixture(scope="module")
def own_tracts(ingested) -> dict[str, list[int]]:
    with open(ingested / "geo" / "tract_place_overlap_derived.csv") as stream:
        rows = [row for row in csv.DictReader(stream) if float(row["share_of_tract_area_in_place"]) >= 0.5]
    return {slug: sorted(int(row["geoid"]) for row in rows if row["city"] == slug) for slug in CITIES}


@pytest.mark.parametrize("slug", CITIES)
@pytest.mark.parametrize("name", PANELS)
def test_every_panel_has_a_finding_for_every_city(slug, name):
    found = panel(city_queries.city(slug), name, Options())
    assert found.finding and not found.reason and found.figure is not None and found.sources
    assert not BANNED.search(" ".join([found.title, found.finding, found.table.caption, *found.caveats]))
    assert "nan" not in found.finding and "None" not in found.finding


@pytest.mark.parametrize("slug", CITIES)
def test_correlations_are_what_an_independent_script_finds(slug, table, own_tracts, ingested):
    shown = panel(city_queries.city(slug), "characteristics", Options()).table
    keys = [column.key for column in shown.columns]
    rows = {row[0]: dict(zip(keys, row, strict=True)) for row in shown.rows}
    mine, centers = table.reindex(own_tracts[slug]), analysis.tract_centers(ingested, slug)
    for label in analysis.CHARACTERISTICS:
        found, known = rows[label], analysis.correlation(mine, label, centers)
        assert found["tracts"] == known["n"], label
        assert found["correlation"] == pytest.approx(known["r"], abs=2e-4), label
        assert found["effective_tracts"] == pytest.approx(known["effective"], rel=0.02), label
        assert found["p"] == pytest.approx(known["p"], rel=0.1, abs=1e-6), label
        assert (found["low"] <= 0 <= found["high"]) == (found["p"] >= 0.05), label


@pytest.mark.parametrize("slug", CITIES)
def test_segregation_is_what_an_independent_script_finds(slug, table, own_tracts):
    rows = {(row[0], row[1]): row for row in panel(city_queries.city(slug), "segregation", Options()).table.rows}
    place = city_queries.city(slug).name
    mine = table.reindex(own_tracts[slug])
    for pair, ours in (
        ("Low-income and other children", (mine.weight, mine.kid_pooled_n - mine.weight)),
        ("Black and white children", (mine.kid_black_n, mine.kid_white_n)),
    ):
        apart, isolation, theil = analysis.segregation(*ours)
        row = rows[(pair, place)]
        assert row[2:4] == (pytest.approx(apart, abs=1e-4), pytest.approx(isolation, abs=1e-4)), pair
        assert row[5] == pytest.approx(theil, abs=1e-4), pair
    nation = rows[("Black and white children", "United States")]
    assert nation[2] == pytest.approx(analysis.segregation(table.kid_black_n, table.kid_white_n)[0], abs=1e-5)


def test_an_area_is_analysed_like_a_city():
    """Detroit's own tracts, put together as an area, give the city's spread, correlations and index."""
    from atlas.queries.members import members
    from atlas.records.places import AreaRecord

    city = city_queries.city("detroit")
    held = members(city)
    area = AreaRecord(
        "token",
        "East side",
        city.state_name,
        city.state_usps,
        city.county_names,
        city.tract_count,
        city.edge_count,
        True,
        False,
        tuple(zip(held.codes.tolist(), held.shares.tolist(), held.belongs.tolist(), strict=True)),
        held.rule,
        ("detroit",),
    )
    for name in PANELS:
        one, two = panel(city, name, Options()), panel(area, name, Options())
        assert two.finding and "the city’s" not in two.finding
        numbers = [[cell for cell in row if not isinstance(cell, str)] for row in one.table.rows]
        assert [[cell for cell in row if not isinstance(cell, str)] for row in two.table.rows] == numbers


@pytest.mark.parametrize(
    ("slug", "ground", "gap"),
    [
        ("detroit", "Wayne County", "11.5 points above Black children (likely range 11.1 to 11.9)"),
        ("new-orleans", "New Orleans", "13.7 points above Black children (likely range 12.6 to 14.8)"),
    ],
)
def test_the_race_finding_leads_with_household_income_and_says_whose(slug, ground, gap):
    """Not with the 0.4 points of personal income in Detroit's own tracts."""
    found = panel(city_queries.city(slug), "gaps", Options())
    assert found.lead.startswith(f"In household income, white children in {ground} ended up ") and gap in found.lead
    assert found.rest.startswith("The nation’s gap is 12.4 points.")

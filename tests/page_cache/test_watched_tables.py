"""A kept page reads nothing that can change without its version: whoever adds a table to a page adds its trigger."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from atlas.ingest import areas
from atlas.ingest.pipeline import run
from engagements import models
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.page_cache.kept_views import KEPT_VIEWS
from tests.atlas.sources.test_occupation_wages import written
from tests.factories import portal
from tests.factories.engagements import NOW, EngagementFactory, UserFactory

pytestmark = pytest.mark.django_db
# Written while a release is staged, before anything reads them; its flip changes atlas_livepart.
STAGED = {
    "atlas_areaindex",
    "atlas_boundary",
    "atlas_estimate",
    "atlas_knownstate",
    "atlas_mapfeature",
    "atlas_observation",
    "atlas_occupationwage",
    "atlas_releasemeasure",
    "atlas_tractrelation",
}
VERSION = {"atlas_generation", "atlas_public_change"}
ADDRESSES = {
    "home": ["/"],
    "cities": ["/cities/"],
    "city": [
        "/cities/springfield/",
        "/cities/springfield/?weights=share",
        f"/cities/springfield/?tract={portal.CITY_TRACTS[0]}",
    ],
    "city_analysis": ["/cities/springfield/analysis/"],
    "city_map": [
        "/cities/springfield/map.json",
        "/cities/springfield/map.json?view=within",
    ],
    "city_card": [f"/cities/springfield/card.html?tract={portal.CITY_TRACTS[0]}"],
    "city_chart": ["/cities/springfield/charts/groups/", "/cities/springfield/charts/headline/?weights=share"],
    "city_wages": ["/cities/springfield/wages/", "/cities/springfield/wages/?sort=pay"],
    "compare": ["/compare/", "/compare/?cities=springfield"],
    "tract": [f"/tracts/{portal.CITY_TRACTS[0]}/"],
    "works": ["/what-works/", "/what-works/?show=pilots&sort=effect"],
    "evidence": ["/evidence/", "/evidence/?city=springfield"],
    "evidence_row": [],  # as the tables of "evidence" below
    "embed_map": ["/embed/cities/springfield/map/"],
    "embed_panel": ["/embed/cities/springfield/where/"],
    "methods": ["/methods/"],
    "errata": ["/data/errata/"],
    "area": ["/areas/{area}/"],
    "area_analysis": ["/areas/{area}/analysis/"],
    "area_map": ["/areas/{area}/map.json"],
    "area_card": [f"/areas/{{area}}/card.html?tract={portal.CITY_TRACTS[0]}"],
    "area_chart": ["/areas/{area}/charts/groups/"],
}
OF_THE_AREA = {"atlas_area", "atlas_areatract", "atlas_areageometry"}  # `area_stamp` looks at them


def watched_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE '%\\_public\\_change' OR tgname LIKE '%\\_generation'"
        )
        return {table for (table,) in cursor.fetchall()}


def test_every_kept_view_is_looked_at():
    assert set(ADDRESSES) == set(KEPT_VIEWS)


@pytest.mark.parametrize("address", [address for several in ADDRESSES.values() for address in several])
def test_a_kept_page_reads_watched_tables_only(tmp_path, address):
    city = portal.build(tmp_path)
    assert run(written(tmp_path / "oews_may2025.csv"), commit=True).outcome == "activated"
    models.Participation.objects.create(
        engagement=EngagementFactory(city=city), status="active", began_on=date(2026, 1, 1), source="a test"
    )
    models.LocalNote.objects.create(
        city=city, began_on=date(2020, 1, 1), body="Said.", author=UserFactory(), created_at=NOW
    )
    token = areas.create_area("pasted", "Ours", portal.CITY_TRACTS)
    with recorded_statements() as statements:
        assert Client().get(address.replace("{area}", token)).status_code == 200
    read = {table for sql in statements for table in re.findall(r'(?:FROM|JOIN)\s+"?([a-z_0-9]+)"?', sql)}
    read = {table.removesuffix("event") if table.startswith("engagements") else table for table in read}
    ours = {table for table in read if re.match(r"(atlas|engagements|auth|django|account|mfa)_", table)}
    own = OF_THE_AREA if address.startswith("/areas/") else set()
    assert ours - STAGED - VERSION - own <= watched_tables()
    assert ours, "the page reads something"

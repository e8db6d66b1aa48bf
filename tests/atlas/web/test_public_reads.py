"""Public answers by program: other sites may read them, nothing is sent twice, and a minute has an end."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from atlas.ingest import areas
from atlas.queries.live import live_generation
from atlas.web.public_reads import find_public_read
from atlas.web.rate_limits import PUBLIC_READS
from tests.factories import portal
from tests.factories.engagements import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TRACTS = "/api/v1/cities/springfield/tracts/?measure=kfr_pooled_pooled_p25_usd_2015"
CSV = "/cities/springfield/where.csv"
PUBLIC = (
    "/api/v1/cities/",
    "/api/v1/cities/springfield/",
    TRACTS,
    "/api/v1/cities/springfield/panels/headline/",
    "/api/v1/cities/springfield/summary/",
    "/api/v1/compare/?cities=springfield",
    "/api/v1/measures/",
    "/api/v1/releases/",
    "/api/v1/evidence/",
    "/api/schema/",
    CSV,
    "/tracts/26163500100/measures.csv",
    "/evidence/export.csv",
)


@pytest.fixture
def built(tmp_path):
    return portal.build(tmp_path)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_the_same_is_not_sent_again(built, client, address):
    first = client.get(address)
    assert first.status_code == 200 and first["ETag"].startswith('"')
    for held in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}'):
        again = client.get(address, headers={"If-None-Match": held})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), held
        assert again["Access-Control-Allow-Origin"] == "*" and "no-cache" in again["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("address", [CSV, TRACTS])
def test_a_flip_makes_every_tag_old(built, client, address, tmp_path):
    tag, before = client.get(address)["ETag"], live_generation()
    portal.add_city("elsewhere", "2677778")
    again = client.get(address, headers={"If-None-Match": tag})
    assert live_generation() != before and again.status_code == 200 and again["ETag"] != tag


def test_a_new_version_of_the_portal_makes_every_tag_old(built, client, settings):
    tag = client.get(CSV)["ETag"]
    settings.CODE_VERSION = "another"
    assert client.get(CSV, headers={"If-None-Match": tag}).status_code == 200


def test_a_mistake_has_no_tag_and_is_never_not_modified(built, client):
    for address in ("/cities/springfield/nothing.csv", CSV + "?nonsense=1", "/api/v1/cities/nowhere/"):
        answer = client.get(address, headers={"If-None-Match": "*"})
        assert answer.status_code in (400, 404) and "ETag" not in answer, address
        assert answer["Access-Control-Allow-Origin"] == "*", address  # a script on another site can read what is wrong


def test_an_area_taken_down_is_gone_for_who_holds_its_tag(built, client):
    """What is live does not change with it: only the answer says so."""
    owner = UserFactory()
    token = areas.create_area("pasted", name="Mine", note="", codes=("26163500100", "26163500200"), owner=owner.pk)
    for address in (f"/areas/{token}/headline.csv", f"/api/v1/areas/{token}/"):
        tag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    areas.archive_area(token, by=owner.pk)
    for address in (f"/areas/{token}/headline.csv", f"/api/v1/areas/{token}/"):
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 404


def test_other_sites_read_and_never_with_a_cookie(built, client):
    for address in PUBLIC:
        answer = client.get(address, headers={"Origin": "https://research.example.edu"})
        assert answer["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in answer
        assert "RateLimit-Remaining" in answer["Access-Control-Expose-Headers"]
        asked = client.options(address, headers={"Access-Control-Request-Method": "GET", "Origin": "https://a.example"})
        assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD"), address


@pytest.mark.parametrize("address", ["/", "/api/v1/milestones/", "/api/v1/portfolio/", "/accounts/login/", "/data/"])
def test_pages_and_the_work_of_cities_are_not_for_other_sites(built, client, address):
    for answer in (
        client.get(address, headers={"Origin": "https://a.example"}),
        client.options(address, headers={"Access-Control-Request-Method": "GET", "Origin": "https://a.example"}),
    ):
        assert "Access-Control-Allow-Origin" not in answer


def test_nothing_is_written_from_another_site(built, client):
    asked = client.options("/api/v1/areas/", headers={"Access-Control-Request-Method": "POST", "Origin": "https://a.b"})
    assert "Access-Control-Allow-Origin" not in asked


def test_what_is_left_of_the_minute_is_said(built, client, settings, monkeypatch):
    monkeypatch.setattr("atlas.web.rate_limits.time.time", lambda: 6_000_020.0)
    settings.PUBLIC_READS_PER_MINUTE = 2
    for left in ("1", "0"):
        answer = client.get("/api/v1/measures/")
        assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"], answer["RateLimit-Reset"]) == (
            "2",
            left,
            "40",
        )
    refused = client.get(CSV)
    assert (refused.status_code, refused["Retry-After"], refused["RateLimit-Remaining"]) == (429, "40", "0")
    assert refused["Content-Type"] == "application/problem+json" and refused.json()["status"] == 429
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert client.get("/").status_code == client.get("/cities/springfield/map.json").status_code == 200  # a reader's
    monkeypatch.setattr("atlas.web.rate_limits.time.time", lambda: 6_000_060.0)
    assert client.get(CSV).status_code == 200


def test_each_address_has_a_minute_of_its_own_and_who_is_signed_in_none(built, client, settings):
    settings.PUBLIC_READS_PER_MINUTE = 1
    assert [client.get(CSV).status_code for _ in range(2)] == [200, 429]
    assert Client(REMOTE_ADDR="192.0.2.7").get(CSV).status_code == 200
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    answer = client.get(CSV)
    assert answer.status_code == 200 and "RateLimit-Limit" not in answer and "private" in answer["Cache-Control"]
    settings.PUBLIC_READS_PER_MINUTE = 0
    assert "RateLimit-Limit" not in Client(REMOTE_ADDR="192.0.2.7").get(CSV)


def test_the_limit_leaves_room_for_a_script_that_reads_every_city(built, client):
    assert PUBLIC_READS >= 300 and client.get(CSV)["RateLimit-Limit"] == str(PUBLIC_READS)


def routes(patterns=None, prefix=""):
    for found in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(found, URLPattern):
            yield prefix + str(found.pattern), found.callback
        else:
            yield from routes(found.url_patterns, prefix + str(found.pattern))


def test_every_address_open_to_strangers_is_marked():
    """A new file or API answer that strangers read must say what its tag is made of."""
    from tests.test_addresses import GET, OPEN

    files = (".csv", ".json", ".svg", ".png", ".pdf", ".pptx", ".xlsx", ".parquet", ".geojson", ".gpkg", ".zip")
    for route, view in routes():
        if GET.get(route) == OPEN and (route.startswith("api/v1/") or route.endswith(files)):
            assert find_public_read(view), route

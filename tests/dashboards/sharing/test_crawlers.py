"""robots.txt and the sitemap: every public page under the portal's own name, nothing of anybody's."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from dashboards.sharing.crawler_views import CLOSED
from tests.factories import portal

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def city(tmp_path, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    return portal.build(tmp_path)


def listed(client) -> dict[str, str]:
    """Last change by address."""
    answer = client.get("/sitemap.xml", headers={"host": "localhost"})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/xml"
    rows = ElementTree.fromstring(answer.content).findall(f"{SPACE}url")
    return {row.findtext(f"{SPACE}loc"): row.findtext(f"{SPACE}lastmod") for row in rows}


def test_the_sitemap_lists_cities_and_their_tracts_under_the_portals_own_name(city, client):
    found = listed(client)
    assert all(address.startswith("https://portal.example.org/") for address in found)
    paths = {address.removeprefix("https://portal.example.org") for address in found}
    assert {"/", "/compare/", "/what-works/", "/evidence/", "/methods/", "/data/", f"/cities/{city.slug}/"} <= paths
    assert {path for path in paths if path.startswith("/tracts/")} == {f"/tracts/{g}/" for g in portal.CITY_TRACTS}
    assert all(found.values()) and not any(path.startswith(CLOSED) for path in paths)


def test_every_listed_page_opens_for_a_stranger(city, client):
    for address in listed(client):
        path = address.removeprefix("https://portal.example.org")
        assert client.get(path).status_code == 200, path


def test_an_unchanged_sitemap_is_not_sent_again(city, client):
    tag = client.get("/sitemap.xml")["ETag"]
    assert client.get("/sitemap.xml", headers={"if-none-match": tag}).status_code == 304


def test_robots_may_read_what_is_public_and_are_told_of_the_sitemap(city, client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain") and not answer.cookies
    rules = RobotFileParser()
    rules.parse(answer.content.decode().splitlines())
    assert rules.site_maps() == ["https://portal.example.org/sitemap.xml"]
    for path in ("/", "/cities/detroit/", "/share/cities/detroit.png", "/embed/cities/detroit/map/", "/data/download/"):
        assert rules.can_fetch("AnyBot", path), path
    for path in ("/areas/abc/", "/accounts/login/", "/search/?q=x"):
        assert not rules.can_fetch("AnyBot", path), path


def test_neither_takes_a_parameter(city, client):
    assert client.get("/robots.txt?x=1").status_code == 400 and client.get("/sitemap.xml?p=2").status_code == 400

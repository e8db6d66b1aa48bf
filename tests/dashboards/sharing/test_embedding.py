"""Views for other sites' frames: open to any frame, free of cookies, scripts and whoever is signed in."""

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model

from tests.factories import files, grid, portal

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(tmp_path, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    return grid.build(tmp_path)


def policy(answer) -> dict[str, str]:
    parts = (one.strip().partition(" ") for one in answer["Content-Security-Policy"].split(";"))
    return {name: rest for name, _, rest in parts}


VIEWS = ("map", "headline", "distribution")


@pytest.mark.parametrize("view", VIEWS)
def test_any_site_may_frame_it_and_it_leaves_nothing_behind(city, client, view):
    answer = client.get(f"/embed/cities/{city.slug}/{view}/")
    assert answer.status_code == 200 and not answer.cookies
    assert policy(answer)["frame-ancestors"] == "*" and "X-Frame-Options" not in answer.headers
    assert policy(answer)["script-src"] == policy(answer)["form-action"] == "'none'"
    assert answer["X-Robots-Tag"] == "noindex" and "Cookie" not in answer.get("Vary", "")
    page = answer.content.decode()
    assert "<script" not in page and "<form" not in page and "style=" not in page and "csrf" not in page
    assert f"https://portal.example.org/cities/{city.slug}/" in page and '<base target="_blank">' in page
    assert "Source:" in page and "1978" in page


def test_every_other_page_stays_closed_to_frames(city, client):
    for address in ("/", f"/cities/{city.slug}/", "/compare/", "/methods/", f"/share/cities/{city.slug}.png"):
        answer = client.get(address)
        assert policy(answer)["frame-ancestors"] == "'none'" and answer["X-Frame-Options"] == "DENY", address


def test_who_is_signed_in_gets_the_same_bytes(city, client):
    strangers = client.get(f"/embed/cities/{city.slug}/map/").content
    client.force_login(get_user_model().objects.create_user("somebody@example.org", name="Some Body"))
    answer = client.get(f"/embed/cities/{city.slug}/map/")
    assert answer.content == strangers and b"Some Body" not in answer.content


def test_the_map_is_whole_without_a_script(city, client):
    page = client.get(f"/embed/cities/{city.slug}/map/").content.decode()
    assert page.count('href="/tracts/') == 60 and 'class="map-svg"' in page and 'class="map-hist"' in page
    assert page.count(' target="_blank" tabindex="-1"') == 60, (
        "its links leave the frame, where the portal may not open"
    )
    assert "target=" not in client.get(f"/cities/{city.slug}/").content.decode().split('class="map-svg"')[1]
    within = client.get(f"/embed/cities/{city.slug}/map/?view=within").content.decode()
    assert within != page and 'class="w' in within


def test_what_is_not_there_says_so_inside_the_frame(city, client):
    for address in ("nowhere/map/", f"{city.slug}/map/?measure=nope", f"{city.slug}/map/?view=nope", f"{city.slug}/x/"):
        answer = client.get(f"/embed/cities/{address}")
        assert answer.status_code == 404 and policy(answer)["frame-ancestors"] == "*", address
        assert "nothing to show" in answer.content.decode() and answer["Cache-Control"] == "no-cache"


def test_a_measure_that_wants_words_first_is_not_embedded_without_them(city, client, tmp_path):
    values = {code: "0.05" for code in grid.geoids()}
    portal.ingest(files.shown_tract(tmp_path / "jail.csv", values, "Incarceration_Rate_rB_gP_pall"))
    answer = client.get(f"/embed/cities/{city.slug}/map/?measure=jail_black_pooled_mean")
    assert answer.status_code == 404 and "Before you read this" in unescape(answer.content.decode())


def test_an_area_cannot_be_embedded(city, client):
    assert client.get("/embed/areas/abc/map/").status_code == 404


def test_the_codes_offered_frame_what_opens(city, client):
    from dashboards.sharing.embed_code import city_codes

    for code in city_codes(city.slug, 'A "quoted" <city>', "measure=kfr_pooled_pooled_p25&view=within"):
        assert code.html.startswith("<iframe ") and "<script" not in code.html and "<city>" not in code.html
        address = unescape(re.search(r'src="([^"]+)"', code.html)[1]).removeprefix("https://portal.example.org")
        assert client.get(address).status_code == 200, address

"""The search box as its visitors meet it: names, codes, addresses, suggestions and the place where somebody is."""

import logging

import pytest

from atlas.models import Tract
from atlas.web.rate_limits import FINDING
from tests.factories import geocoder, layers, portal

pytestmark = pytest.mark.django_db
OURS = {"HTTP_ORIGIN": "http://testserver"}
ADDRESS = "2 Elm Street, Springfield"
FIRST = portal.CITY_TRACTS[0]
CARD = f"/cities/springfield/?tract={FIRST}"


@pytest.fixture
def springfield(tmp_path):
    portal.build(tmp_path)
    Tract.objects.filter(geoid=FIRST).update(name="Corktown, Springfield, MI")


@pytest.fixture
def stub(springfield, settings):
    with geocoder.serve() as served:
        settings.CENSUS_GEOCODER_URL = served.address
        yield served


def test_a_name_leads_to_the_card_on_its_citys_map(springfield, client):
    page = client.get("/search/", {"q": "Corktwon"}).content.decode()
    assert f'href="{CARD}"' in page and "Corktown" in page


def test_a_tract_outside_every_city_leads_to_its_own_page(springfield, client):
    assert client.get("/search/", {"q": portal.OUTSIDE})["Location"] == f"/tracts/{portal.OUTSIDE}/"
    assert client.get("/search/", {"q": FIRST})["Location"] == CARD


def test_nothing_found_is_no_dead_end(springfield, client):
    page = client.get("/search/", {"q": "zzzz"}).content.decode()
    assert "zzzz" in page and 'href="/#cities"' in page
    assert client.get("/search/").status_code == client.get("/search/", {"q": "x"}).status_code == 200


def test_a_form_without_an_address_moves_on_to_a_link_that_can_be_kept(springfield, client):
    answer = client.post("/search/", {"q": "Corktown & more"}, **OURS)
    assert answer.status_code == 302 and answer["Location"] == "/search/?q=Corktown+%26+more"


@pytest.mark.parametrize("typed", ["Apt 3, 2 Elm Street", "W305N1234 Elm Street", "#2 Elm Street"])
def test_what_may_be_an_address_moves_into_no_link(springfield, client, typed):
    answer = client.post("/search/", {"q": typed}, **OURS)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert client.post("/search/", {"q": "48226"}, **OURS).status_code == 302, "a ZIP code may"


def test_what_was_typed_is_shown_as_text(springfield, client):
    page = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "https://testserver"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "https://elsewhere.example"},
    ],
)
@pytest.mark.parametrize("address", ["/search/", "/search/suggestions/", "/search/here/"])
def test_only_our_own_pages_may_send_the_form(client, headers, address):
    assert client.post(address, {"q": ADDRESS}, **headers).status_code == 403


def test_no_token_is_needed_and_none_is_in_the_form(springfield, client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/search/", {"q": "Corktown"}, HTTP_SEC_FETCH_SITE="same-origin").status_code == 302
    page = strict.get("/search/").content.decode()
    assert "csrfmiddlewaretoken" not in page[page.index('class="searchbox') :]


def test_an_address_opens_its_tract_and_is_kept_nowhere(stub, client, caplog):
    caplog.set_level(logging.INFO)
    stub.matches((ADDRESS.upper(), FIRST))
    answer = client.post("/search/", {"q": ADDRESS}, **OURS)
    assert answer.status_code == 302 and answer["Location"] == CARD
    assert "no-store" in answer["Cache-Control"] and not answer.cookies
    assert "elm" not in caplog.text.lower()


def test_an_address_in_a_link_is_not_sent_anywhere(stub, client):
    page = client.get("/search/", {"q": ADDRESS}).content.decode()
    assert not stub.asked and "U.S. Census Bureau" in page and ADDRESS in page


def test_two_matches_are_listed_for_their_reader_to_choose(stub, client):
    stub.matches(("2 ELM ST", FIRST), ("2 ELM AVE", portal.CITY_TRACTS[1]))
    answer = client.post("/search/", {"q": ADDRESS}, **OURS)
    page = answer.content.decode()
    assert answer.status_code == 200 and f'href="{CARD}"' in page and "2 ELM AVE" in page
    assert "no-store" in answer["Cache-Control"]


def test_an_address_in_another_state_says_so_and_links_its_own_page(stub, client):
    stub.matches(("1 ELM ST, LOS ANGELES, CA", "06037101110"))
    page = client.post("/search/", {"q": ADDRESS}, **OURS).content.decode()
    assert "California" in page and "outside the cities" in page and 'href="/tracts/06037101110/"' in page


@pytest.mark.parametrize("trick", ["none", "another census", "500", "unknown tract"])
def test_without_an_answer_the_page_says_what_to_do(stub, client, caplog, trick):
    stub.matches()
    if trick == "another census":
        stub.matches(("A", FIRST), vintage="Current_Current")
    elif trick == "500":
        stub.status = 500
    elif trick == "unknown tract":
        stub.matches(("A", "48085030410"))
    answer = client.post("/search/", {"q": ADDRESS}, **OURS)
    page = answer.content.decode()
    assert answer.status_code == 200 and "ZIP code" in page and "neighborhood" in page
    assert f'value="{ADDRESS}"' in page, "nothing has to be typed again"
    assert "Elm" not in caplog.text


def test_the_eleventh_address_of_a_minute_is_not_sent(stub, client, monkeypatch):
    monkeypatch.setattr("atlas.web.rate_limits.time.time", lambda: 1_000_000_000.0)
    stub.matches()
    for _ in range(FINDING["address"]):
        client.post("/search/", {"q": ADDRESS}, **OURS)
    page = client.post("/search/", {"q": ADDRESS}, **OURS).content.decode()
    assert len(stub.asked) == FINDING["address"] == 10 and "Wait a minute" in page


def test_suggestions_are_few_and_lead_somewhere(springfield, client):
    answer = client.post("/search/suggestions/", {"q": "corkt"}, **OURS)
    assert "no-store" in answer["Cache-Control"]
    (one,) = answer.json()["suggestions"]
    assert one["title"] == "Corktown" and one["address"] == CARD
    assert client.post("/search/suggestions/", {"q": ADDRESS}, **OURS).json() == {"suggestions": []}
    assert client.post("/search/suggestions/", {"q": "c"}, **OURS).json() == {"suggestions": []}


@pytest.mark.parametrize(
    ("sent", "status", "key"),
    [
        ({"longitude": "-83.095", "latitude": "42.305"}, 200, "address"),
        ({"longitude": "0", "latitude": "0"}, 200, "said"),
        ({"longitude": "nan", "latitude": "1"}, 400, "said"),
        ({"longitude": "1e9", "latitude": "1"}, 400, "said"),
        ({"longitude": "x"}, 400, "said"),
        ({}, 400, "said"),
    ],
)
def test_a_place_is_found_by_our_own_boundaries(springfield, client, sent, status, key):
    answer = client.post("/search/here/", sent, **OURS)
    assert answer.status_code == status and set(answer.json()) == {key}


def test_browsers_may_ask_for_the_position_of_our_own_pages_only(client):
    assert "geolocation=(self)" in client.get("/search/")["Permissions-Policy"]


def test_a_zip_code_lists_its_tracts_by_their_people(springfield, client, tmp_path):
    before = client.get("/search/", {"q": "48226"}).content.decode()
    assert "not been imported" in before and "neighborhood" in before
    rows = [("48226", portal.CITY_TRACTS[1], 900, 1000), ("48226", FIRST, 100, 1000)]
    portal.ingest(layers.zip_tracts(tmp_path / "zcta_tract_rel_10.txt", rows))
    page = client.get("/search/", {"q": "48226"}).content.decode()
    assert page.index("90% of its people") < page.index("10% of its people") and f'href="{CARD}"' in page
    assert "mail routes" in page, "a ZIP area of the Census is no ZIP code"
    assert 'href="/cities/springfield/?zip=48226"' in page
    assert client.get("/search/", {"q": "48226-1234"}).content.decode().count("of its people") >= 2
    assert "P.O. boxes" in client.get("/search/", {"q": "99950"}).content.decode()


def test_a_zip_codes_tracts_are_outlined_and_listed_on_the_map(springfield, client, tmp_path):
    second = portal.CITY_TRACTS[1]
    rows = [("48226", second, 900, 1000), ("48226", FIRST, 100, 1000), ("10001", portal.OUTSIDE, 5, 5)]
    assert "not been imported" in client.get("/cities/springfield/?zip=48226").content.decode()
    portal.ingest(layers.zip_tracts(tmp_path / "zcta_tract_rel_10.txt", rows))
    page = client.get("/cities/springfield/?zip=48226").content.decode()
    outline = page.split('class="zip" d="')[1].split('"')[0]
    assert outline.count("M") == 2 and f'data-tract="{second}"' in page, "the card is of the one with most people"
    listed = page.split('id="zip"')[1].split("</div>")[0]
    assert listed.index(f"tract={second}") < listed.index(f"tract={FIRST}") and "90%" in listed and "10%" in listed
    assert f'data-tract="{FIRST}"' in client.get(f"/cities/springfield/?zip=48226&tract={FIRST}").content.decode()


@pytest.mark.parametrize("code", ["10001", "99999", "482260", "abc", "<script>", "４８２０８", "0"])
def test_a_zip_code_of_elsewhere_or_none_at_all_is_said_to_be_one(springfield, client, tmp_path, code):
    portal.ingest(
        layers.zip_tracts(tmp_path / "zcta_tract_rel_10.txt", [("10001", portal.OUTSIDE, 5, 5), ("48226", FIRST, 5, 5)])
    )
    answer = client.get("/cities/springfield/", {"zip": code})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'class="zip"' not in page and 'id="zip"' in page
    assert "<script>, " not in page and "“<script>”" not in page


def test_a_page_without_a_zip_code_says_nothing_of_one(springfield, client):
    for query in ("", "?zip=", "?zip=+"):
        assert 'id="zip"' not in client.get(f"/cities/springfield/{query}").content.decode()

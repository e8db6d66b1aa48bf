"""Incomes in 2015 dollars or in those of the last month of prices, by a link, on every page that has them."""

import csv
import html
import io
import json
import re

import pytest
from openpyxl import load_workbook

from atlas.ingest.pipeline import run
from dashboards.base.carried_dollars import takes_dollars
from tests.atlas.sources.test_consumer_prices import written
from tests.dashboards.documents.deck_reading import open_deck
from tests.dashboards.exports.pdf_text import read_pdf, squeezed
from tests.factories import portal

pytestmark = pytest.mark.django_db
FACTOR = 334.98 / 237.017
TRACT = f"/tracts/{portal.CITY_TRACTS[0]}/"
PAGES = ("/cities/springfield/", TRACT, "/compare/?cities=springfield")


@pytest.fixture(autouse=True)
def springfield(tmp_path):
    return portal.build(tmp_path)


@pytest.fixture
def prices(tmp_path):
    assert run(written(tmp_path / "prices.csv"), commit=True).outcome == "activated"


def today(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}dollars=today"


def figures(page: str) -> list[float]:
    """The large numbers of a page that are money."""
    found = re.findall(r'class="figure-number">\$([\d,]+)', page)
    return [float(number.replace(",", "")) for number in found]


@pytest.mark.parametrize("address", PAGES)
def test_without_prices_there_is_no_switch_and_the_choice_changes_nothing(client, address):
    for asked in (address, today(address)):
        page = client.get(asked)
        assert page.status_code == 200 and 'class="dollars"' not in page.content.decode()
        assert figures(page.content.decode()) == figures(client.get(address).content.decode())


@pytest.mark.parametrize("address", PAGES)
def test_with_prices_a_link_switches_and_the_page_says_which_dollars(client, prices, address):
    before, after = client.get(address).content.decode(), client.get(today(address)).content.decode()
    assert "dollars=today" in before and "August 2026 dollars" in before
    assert after.count('aria-current="true"') and "1.413" in after and "CPI-U" in after
    for old, new in zip(figures(before), figures(after), strict=True):
        assert new == pytest.approx(old * FACTOR, abs=150)  # both to the hundred


def test_card_and_measure_of_the_map_follow(client, prices):
    card = f"/cities/springfield/card.html?tract={portal.CITY_TRACTS[0]}"
    before, after = client.get(card).content.decode(), client.get(today(card)).content.decode()
    assert "$20,000" in before and "$28,300" in after and "$20,000" not in after
    assert f"{TRACT}?dollars=today" in after and "dollars=today" not in before
    one = client.get("/cities/springfield/map.json?dollars=today").json()
    two = client.get("/cities/springfield/map.json").json()
    assert one["words"] != two["words"] and any("$28,3" in words for words in one["words"])


@pytest.mark.parametrize("address", PAGES)
def test_other_dollars_are_refused(client, prices, address):
    assert client.get(f"{address}{'&' if '?' in address else '?'}dollars=1999").status_code in (400, 404)
    assert client.get(f"{address}{'&' if '?' in address else '?'}dollars=2015").status_code == 200


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_files_are_in_the_dollars_of_the_page_and_their_columns_say_which(client, prices):
    before, after = (client.get(a) for a in ("/cities/springfield/where.csv", today("/cities/springfield/where.csv")))
    pairs = [(a["value"], b["value"]) for a, b in zip(rows_of(before), rows_of(after), strict=True) if a["value"]]
    assert pairs and all(float(b) == pytest.approx(float(a) * FACTOR, rel=1e-4) for a, b in pairs)
    assert "usd_2026_08" in after["Content-Disposition"] and "2026" not in before["Content-Disposition"]
    described = client.get(today("/cities/springfield/where.datapackage.json")).content.decode()
    assert "usd_2026_08" in described and "1.41332" in described and "US Bureau of Labor Statistics" in described
    assert all("usd_2026_08" in row for row in rows_of(client.get(today("/cities/springfield/headline.csv"))))


def said_in_deck(content: bytes) -> str:
    deck = open_deck(content)
    return " ".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)


@pytest.mark.parametrize(
    ("query", "words", "unit"),
    [("", "2015 dollars", "usd_2015"), ("?dollars=today", "August 2026 dollars", "usd_2026_08")],
)
def test_page_paper_slides_and_tables_say_one_number(client, prices, query, words, unit):
    raw = float(rows_of(client.get(f"/cities/springfield/headline.csv{query}"))[0][unit])
    said = f"${round(raw, -2):,.0f}"
    assert said in client.get(f"/cities/springfield/{query}").content.decode()
    paper = client.get(f"/cities/springfield/profile.pdf{query}")
    assert said in read_pdf(paper.content) and squeezed(words) in read_pdf(paper.content)
    deck = client.get(f"/cities/springfield/profile.pptx{query}")
    assert said in said_in_deck(deck.content) and words in said_in_deck(deck.content)
    book = load_workbook(io.BytesIO(client.get(f"/cities/springfield/headline.xlsx{query}").content))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert unit in cells and any(isinstance(cell, float) and cell == pytest.approx(raw) for cell in cells)
    for answer in (paper, deck):
        assert ("in-usd_2026_08" in answer["Content-Disposition"]) == bool(query)


@pytest.mark.parametrize("panel", ["where", "distribution"])
def test_pictures_and_the_page_of_a_chart_are_in_the_dollars_of_the_address(client, prices, panel):
    drawing, picture = (f"/cities/springfield/{panel}.{end}" for end in ("svg", "png"))
    before, after = (client.get(address) for address in (drawing, today(drawing)))
    assert before["ETag"] != after["ETag"]
    assert "2015 dollars" in before.content.decode() and "August 2026 dollars" in after.content.decode()
    assert client.get(picture).content != client.get(today(picture)).content
    page = client.get(today(f"/cities/springfield/charts/{panel}/")).content.decode()
    assert 'class="dollars"' in page and f"{panel}.csv?dollars=today" in page


def test_a_chart_of_incomes_is_drawn_in_the_numbers_it_names(client, prices):
    ends = []
    for address in ("/cities/springfield/charts/distribution/", today("/cities/springfield/charts/distribution/")):
        page = client.get(address).content.decode()
        figure = json.loads(re.search(r'<script id="figure-distribution"[^>]*>(.*?)</script>', page, re.S)[1])
        axis = figure["layout"]["xaxis"]
        ends.append(axis["range"])
        assert all(tick % 100 == 0 for tick in axis["tickvals"]), "round numbers of the dollars shown"
    assert ends[1] == pytest.approx([end * FACTOR for end in ends[0]])


def test_a_chart_without_incomes_has_no_switch_and_the_same_numbers(client, prices):
    one, two = (client.get(f"/cities/springfield/groups.csv{query}").content for query in ("", "?dollars=today"))
    assert one == two
    page = client.get(today("/cities/springfield/charts/groups/")).content.decode()
    assert 'class="dollars"' not in page and "groups.csv?dollars=today" in page


LINKING = ("/", "/cities/", *PAGES, "/cities/springfield/analysis/", "/cities/springfield/charts/where/")


@pytest.mark.parametrize("address", LINKING)
def test_all_links_lead_on_in_the_dollars_of_the_page(client, prices, address):
    page = client.get(today(address)).content.decode()
    links = [html.unescape(link) for link in re.findall(r'(?:href|src)="(/[^"]*)"', page)]
    led = [link for link in links if takes_dollars(re.split("[?#]", link)[0])]
    assert led and all(link.count("dollars=today") == 1 for link in led)
    assert client.get(address).content.decode().count("dollars=today") <= 1  # the switch alone


@pytest.mark.parametrize("address", ["/embed/cities/springfield/map/", "/embed/cities/springfield/distribution/"])
def test_views_for_other_sites_follow_and_lead_to_the_same(client, prices, address):
    page = client.get(today(address)).content.decode()
    assert "August 2026 dollars" in page and re.search(r'href="http[^"]*dollars=today', page)
    assert "August 2026 dollars" not in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/share/cities/springfield.png", f"/share/tracts/{portal.CITY_TRACTS[0]}.png"])
def test_pictures_for_posts_follow(client, prices, address):
    before, after = client.get(address), client.get(today(address))
    assert after.status_code == 200 and before["ETag"] != after["ETag"] and before.content != after.content


def test_the_table_of_a_tract_follows_and_names_its_units(client, prices):
    before, after = (rows_of(client.get(a)) for a in (f"{TRACT}measures.csv", today(f"{TRACT}measures.csv")))
    pairs = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert pairs and all(UNITS <= {*a.values(), *b.values()} for a, b in pairs)
    for one, two in pairs:
        assert float(two["value"]) == pytest.approx(float(one["value"]) * FACTOR)


UNITS = {"usd_2015", "usd_2026_08"}
WHY = "no consumer prices"


@pytest.mark.parametrize("address", ["/", *PAGES])
def test_without_prices_a_page_says_why_it_is_in_2015_dollars(client, address):
    assert WHY in client.get(today(address)).content.decode()
    assert WHY not in client.get(address).content.decode()


def test_without_prices_files_say_why_they_are_in_2015_dollars(client):
    described = client.get(today("/cities/springfield/where.datapackage.json")).content.decode()
    assert WHY in described and "usd_2015" in described
    one, two = (client.get(a) for a in ("/cities/springfield/where.csv", today("/cities/springfield/where.csv")))
    assert one.content == two.content and "usd_2026" not in two["Content-Disposition"]
    assert squeezed(WHY) in read_pdf(client.get(today("/cities/springfield/profile.pdf")).content)


def asked(client, address: str) -> dict:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()


API = "/api/v1/cities/springfield/"
PUBLISHED = {"price_period": "2015", "unit": "usd_2015", "factor": 1.0, "note": ""}
ANSWERS = (
    API,
    "/api/v1/cities/",
    f"{API}tracts/",
    f"{API}summary/",
    f"{API}panels/headline/",
    f"{API}panels/where/",
    "/api/v1/compare/?cities=springfield",
)


@pytest.mark.parametrize("address", ANSWERS)
def test_each_answer_of_the_api_says_which_dollars_it_has(client, prices, address):
    assert asked(client, address)["dollars"] == PUBLISHED
    found = asked(client, today(address))["dollars"]
    assert (found["price_period"], found["unit"]) == ("2026-08", "usd_2026_08")
    assert found["factor"] == pytest.approx(FACTOR, rel=1e-6) and "US Bureau of Labor Statistics" in found["note"]
    wrong = client.get(f"{address}{'&' if '?' in address else '?'}dollars=1999")
    assert wrong.status_code == 400 and "dollars" in wrong.json()["errors"]


@pytest.mark.parametrize("address", ANSWERS)
def test_without_prices_the_api_answers_with_2015_dollars_and_the_reason(client, address):
    before, after = asked(client, address), asked(client, today(address))
    assert WHY in after["dollars"].pop("note") and before["dollars"].pop("note") == ""
    assert [before.pop("next", None), after.pop("next", None)] and before == after


def test_incomes_of_the_api_are_converted_and_nothing_else(client, prices):
    before, after = asked(client, API), asked(client, today(API))
    one, two = before["headline"], after["headline"]
    assert two["usd"] == pytest.approx(one["usd"] * FACTOR) and two["value"] == one["value"]
    assert [b["usd"] for b in two["references"] if b["usd"]] == pytest.approx(
        [a["usd"] * FACTOR for a in one["references"] if a["usd"]]
    )
    raw = float(rows_of(client.get(today("/cities/springfield/headline.csv")))[0]["usd_2026_08"])
    assert raw == pytest.approx(two["usd"]) == pytest.approx(asked(client, today(f"{API}summary/"))["usd"])
    row = asked(client, today(f"{API}panels/headline/"))["rows"][0]
    assert row["usd_2026_08"] == pytest.approx(raw) and "usd_2015" not in row


def test_tracts_of_the_api_are_those_of_the_file_in_each_of_the_dollars(client, prices):
    file = {row["geoid"]: row for row in rows_of(client.get(today("/cities/springfield/where.csv")))}
    measure = "?measure=kfr_pooled_pooled_p25_usd_2015"
    before, after = asked(client, f"{API}tracts/{measure}"), asked(client, today(f"{API}tracts/{measure}"))
    assert (before["measure"]["unit"], after["measure"]["unit"]) == ("usd_2015", "usd_2026_08")
    assert after["national_middle"] == pytest.approx(before["national_middle"] * FACTOR)
    assert after["national_edges"] == pytest.approx([edge * FACTOR for edge in before["national_edges"]])
    for one, two in zip(before["results"], after["results"], strict=True):
        assert {**one, "value": 0} == {**two, "value": 0}  # ranks, shares and counts stay
        if one["value"] is not None:
            assert two["value"] == pytest.approx(one["value"] * FACTOR)
            assert float(file[two["geoid"]]["value"]) == pytest.approx(two["value"], rel=1e-6)


def test_a_search_from_a_page_in_the_dollars_of_today_leads_on_in_them(client, prices):
    page = client.get(today("/")).content.decode()
    assert 'action="/search/?dollars=today"' in page and 'data-suggestions="/search/suggestions/?dollars=today"' in page
    code = portal.CITY_TRACTS[0]
    own = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    one, two = (client.post(address, {"q": code}, **own) for address in ("/search/", "/search/?dollars=today"))
    for _step in range(2):
        one, two = (client.get(one["Location"]), client.get(two["Location"])) if one.status_code == 302 else (one, two)
    assert "dollars=today" not in one.request["QUERY_STRING"] and "dollars=today" in two.request["QUERY_STRING"]
    found = client.post("/search/suggestions/?dollars=today", {"q": "Springfield"}, **own).json()["suggestions"]
    assert found and any(one["address"].endswith("dollars=today") for one in found)

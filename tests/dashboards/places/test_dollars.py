"""Incomes in 2015 dollars or in those of the last month of prices, by a link, on every page that has them."""

import csv
import io
import re

import pytest

from atlas.ingest.pipeline import run
from tests.atlas.sources.test_consumer_prices import written
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


def test_pictures_and_api_stay_in_2015_dollars(client, prices):
    address = "/cities/springfield/where.svg"
    assert client.get(today(address)).content == client.get(address).content
    assert client.get("/api/v1/cities/springfield/?dollars=today").status_code == 400

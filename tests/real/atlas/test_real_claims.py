"""Patterns that no page, table, file or answer of the ten cities may hold, on the publishers' files."""

import html
import re
from collections.abc import Iterator

import pytest

from atlas.queries import cities as city_queries
from atlas.tables.csv_file import csv_text
from atlas.tables.declaration import Table
from atlas.tables.values import python_columns
from dashboards.exports.panel_table import panel_file
from dashboards.panels.catalog import KINDS, panel
from dashboards.panels.options import Options

CITIES = "albuquerque cincinnati dayton detroit lansing new-orleans newark racine rochester tulsa".split()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ingested")]

ONE_TRACTS = re.compile(r"(?<![\d.,])1 tracts\b")
POWERS_OF_TEN = re.compile(r"\d(?:\.\d+)?e-\d\d\b")
EQUAL_ENDS = re.compile(r"(?<![\d.,])([−$]?\d[\d.,]*%?) to \1(?![\d.,%])")
NO_MARGINS_EXIST = re.compile(r"(?:publisher['’]s file|source) (?:for this measure )?has (?:none|no (?:stand|marg))")
# A number in a file may be 5.4e-05, which any reader takes, and never 6.9e-18, which is noise of a computer.
SMALLEST_NUMBER = 1e-9
UNIVERSAL = re.compile(r"\b(?:every|none|highest|lowest)\b|\ball \d", re.IGNORECASE)


@pytest.fixture(scope="module")
def ingested(real_data, reports):
    return real_data


def wrong(text: str) -> list[str]:
    found = [pattern.search(text) for pattern in (ONE_TRACTS, POWERS_OF_TEN, EQUAL_ENDS, NO_MARGINS_EXIST)]
    return [text[max(0, match.start() - 60) : match.end() + 60] for match in found if match]


def is_noise(number: float) -> bool:
    return 0 < abs(number) < SMALLEST_NUMBER


def wrong_in(table: Table, cells: list[list]) -> Iterator[tuple[str, object]]:
    """Column and cell: of texts what `wrong` finds, of numbers only what is noise."""
    for column, values in zip(table.columns, cells, strict=True):
        for value in values:
            if isinstance(value, float) and column.type == "number":
                yield from [(column.name, value)] if is_noise(value) else []
            elif wrong(csv_text(value)):
                yield column.name, value


def wrong_answers(answer: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Address and leaf of what no JSON answer may hold: wrong texts, noise, an interval without length."""
    if isinstance(answer, dict):
        low, high = answer.get("low"), answer.get("high")
        if low is not None and high is not None and low >= high:
            yield at, (low, high)
    if isinstance(answer, dict | list):
        for key, value in answer.items() if isinstance(answer, dict) else enumerate(answer):
            yield from wrong_answers(value, f"{at}/{key}")
    elif isinstance(answer, str) and wrong(answer):
        yield at, answer
    elif isinstance(answer, float) and is_noise(answer):
        yield at, answer


def answer(client, address: str) -> object:
    found = client.get(address)
    assert found.status_code == 200, address
    return found.json()


def test_the_patterns_find_what_was_on_pages():
    assert wrong("1 tracts") and wrong("p = 6.9e-18") and wrong("(177,900 to 177,900)") and wrong("0.0 to 0.0")
    assert not wrong("21 tracts; 11.1 to 11.9; 2014 to 2015; at $1 to $1,000; 1.1 to 1")
    assert wrong("the publisher's file has no standard errors")
    held = {"rows": [{"p": 6.9e-18, "said": "p = 5.4e-05"}, {"p": 5.4e-05, "low": 0.2, "high": 0.2}, {"low": None}]}
    assert dict(wrong_answers(held)) == {
        "/rows/0/p": 6.9e-18,
        "/rows/0/said": "p = 5.4e-05",
        "/rows/1": (0.2, 0.2),
    }


@pytest.mark.parametrize("slug", CITIES)
def test_no_panel_nor_its_file_says_such_things(slug):
    city = city_queries.city(slug)
    for name in KINDS:
        found = panel(city, name, Options())
        cells = (words for _, row in found.table.formatted_rows() for _, words in row)
        for text in (found.title, found.finding, found.reason, *found.caveats, *cells):
            assert not wrong(text), name
        file = panel_file(found, name)
        assert not list(wrong_in(file.table, python_columns(file.table, file.frame))), name
        assert not UNIVERSAL.search(found.finding), (name, found.finding)


@pytest.mark.parametrize("slug", CITIES)
def test_no_answer_of_the_api_nor_a_panels_json_says_such_things(slug, client):
    start = f"/api/v1/cities/{slug}/"
    addresses = [start, f"{start}summary/", f"{start}tracts/"]
    addresses += [f"{start}panels/{name}/" for name in KINDS] + [f"/cities/{slug}/{name}.json" for name in KINDS]
    for address in addresses:
        assert not list(wrong_answers(answer(client, address))), address


@pytest.mark.parametrize("address", ["cities/", "measures/", "errata/", f"compare/?cities={','.join(CITIES)}"])
def test_no_answer_about_all_cities_says_such_things(address, client):
    assert not list(wrong_answers(answer(client, f"/api/v1/{address}")))


@pytest.mark.parametrize("slug", CITIES)
@pytest.mark.parametrize("page", ["", "analysis/"])
def test_no_page_says_such_things(slug, page, client):
    response = client.get(f"/cities/{slug}/{page}")
    assert response.status_code == 200
    without_figures = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.DOTALL)
    assert not wrong(html.unescape(re.sub(r"<[^>]+>", " ", without_figures)))

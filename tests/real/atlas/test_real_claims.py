"""Patterns that no page, table or file of the ten cities may hold, on the publishers' files."""

import html
import re

import pytest

from atlas.queries import cities as city_queries
from dashboards.exports.panel_table import write_csv
from dashboards.panels.catalog import KINDS, panel
from dashboards.panels.options import Options

CITIES = "albuquerque cincinnati dayton detroit lansing new-orleans newark racine rochester tulsa".split()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ingested")]

ONE_TRACTS = re.compile(r"(?<![\d.,])1 tracts\b")
POWERS_OF_TEN = re.compile(r"\d(?:\.\d+)?e-\d\d\b")
EQUAL_ENDS = re.compile(r"(?<![\d.,])([−$]?\d[\d.,]*%?) to \1(?![\d.,%])")
NO_MARGINS_EXIST = re.compile(r"(?:publisher['’]s file|source) (?:for this measure )?has (?:none|no (?:stand|marg))")
ROUNDING_NOISE = re.compile(r"\de-[1-9]\d\b")  # a file may hold 5.4e-05, which any reader takes, and no 6.9e-18
UNIVERSAL = re.compile(r"\b(?:every|none|highest|lowest)\b|\ball \d", re.IGNORECASE)


@pytest.fixture(scope="module")
def ingested(real_data, reports):
    return real_data


def wrong(text: str) -> list[str]:
    found = [pattern.search(text) for pattern in (ONE_TRACTS, POWERS_OF_TEN, EQUAL_ENDS, NO_MARGINS_EXIST)]
    return [text[max(0, match.start() - 60) : match.end() + 60] for match in found if match]


def test_the_patterns_find_what_was_on_pages():
    assert wrong("1 tracts") and wrong("p = 6.9e-18") and wrong("(177,900 to 177,900)") and wrong("0.0 to 0.0")
    assert not wrong("21 tracts; 11.1 to 11.9; 2014 to 2015; at $1 to $1,000; 1.1 to 1")
    assert wrong("the publisher's file has no standard errors")


@pytest.mark.parametrize("slug", CITIES)
def test_no_panel_nor_its_file_says_such_things(slug):
    city = city_queries.city(slug)
    for name in KINDS:
        found = panel(city, name, Options())
        cells = (words for _, row in found.table.formatted_rows() for _, words in row)
        for text in (found.title, found.finding, found.reason, *found.caveats, *cells):
            assert not wrong(text), name
        assert not [said for said in wrong(write_csv(found)) if not re.search(r"\de-0\d", said)], name
        assert not ROUNDING_NOISE.search(write_csv(found)), name
        assert not UNIVERSAL.search(found.finding), (name, found.finding)


@pytest.mark.parametrize("slug", CITIES)
@pytest.mark.parametrize("page", ["", "analysis/"])
def test_no_page_says_such_things(slug, page, client):
    response = client.get(f"/cities/{slug}/{page}")
    assert response.status_code == 200
    without_figures = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.DOTALL)
    assert not wrong(html.unescape(re.sub(r"<[^>]+>", " ", without_figures)))

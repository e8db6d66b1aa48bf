"""Public findings of all ten cities on the real files: short sentences, an eighth-grade reader."""

import pytest

from atlas.queries import cities as city_queries
from dashboards.panels.catalog import panel
from dashboards.panels.options import Options
from tests.reading_grade import grade, sentences_of, words_of

pytestmark = pytest.mark.django_db
CITIES = (
    *("albuquerque", "cincinnati", "dayton", "detroit", "lansing"),
    *("new-orleans", "newark", "racine", "rochester", "tulsa"),
)
PANELS = ("headline", "where", "groups", "gaps", "changing", "changing-tracker")
MOST_WORDS, MOST_WORDS_OF_HOW = 20, 170
HIGHEST, HIGHEST_ALOUD = 8.0, 8.5


@pytest.fixture(autouse=True)
def ingested(reports):
    return reports


@pytest.mark.parametrize("slug", CITIES)
def test_findings_are_short_and_easy_to_read(slug):
    city = city_queries.city(slug)
    findings = [panel(city, name, Options()).finding for name in PANELS]
    text = " ".join(filter(None, findings))
    for sentence in sentences_of(text):
        assert len(words_of(sentence)) <= MOST_WORDS, sentence
    assert grade(text) <= HIGHEST, grade(text)
    assert grade(text, aloud=True) <= HIGHEST_ALOUD, grade(text, aloud=True)


@pytest.mark.parametrize("slug", CITIES)
def test_how_we_know_is_short(slug):
    city = city_queries.city(slug)
    for name in ("headline", "where", "groups", "gaps"):
        said = " ".join(panel(city, name, Options()).caveats)
        assert len(said.split()) <= MOST_WORDS_OF_HOW, (name, len(said.split()))

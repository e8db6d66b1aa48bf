"""Public findings of all ten cities on the real files: short sentences, an eighth-grade reader."""

import pytest

from atlas.queries import cities as city_queries
from atlas.queries.members import members
from atlas.queries.one_tract import tract_values
from dashboards.panels import standing
from dashboards.panels.catalog import KINDS, panel
from dashboards.panels.options import Options
from tests.reading_grade import grade, sentences_of, words_of

pytestmark = pytest.mark.django_db
CITIES = (
    *("albuquerque", "cincinnati", "dayton", "detroit", "lansing"),
    *("new-orleans", "newark", "racine", "rochester", "tulsa"),
)
MOST_WORDS, MOST_WORDS_OF_HOW = 20, 170
HIGHEST, HIGHEST_ALOUD = 8.0, 8.5


@pytest.fixture(autouse=True)
def ingested(reports):
    return reports


def findings(slug: str, page: str) -> dict[str, str]:
    city = city_queries.city(slug)
    built = {name: panel(city, name, Options()).finding for name, kind in KINDS.items() if kind.page == page}
    return {name: finding for name, finding in built.items() if finding}


@pytest.mark.parametrize("slug", CITIES)
def test_no_sentence_of_a_finding_is_long(slug):
    for page in ("city", "analysis"):
        for name, finding in findings(slug, page).items():
            for sentence in sentences_of(finding):
                assert len(words_of(sentence)) <= MOST_WORDS, (name, sentence)


@pytest.mark.parametrize("slug", CITIES)
def test_the_findings_of_the_city_page_are_easy_to_read(slug):
    """As one text, for they are read one after the other. `test_real_context` measures what is changing."""
    found = findings(slug, "city")
    assert {"headline", "where", "distribution", "groups", "gaps"} <= set(found)
    text = " ".join(found.values())
    assert grade(text) <= HIGHEST and grade(text, aloud=True) <= HIGHEST_ALOUD, (grade(text), grade(text, aloud=True))


@pytest.mark.parametrize("slug", CITIES)
def test_each_finding_of_the_analysis_page_is_easy_to_read(slug):
    """Each by itself, for each is looked up alone."""
    found = findings(slug, "analysis")
    assert set(found) == {name for name, kind in KINDS.items() if kind.page == "analysis"}
    for name, text in found.items():
        assert grade(text) <= HIGHEST, (name, grade(text))
        assert grade(text, aloud=True) <= HIGHEST_ALOUD, (name, grade(text, aloud=True))


@pytest.mark.parametrize("slug", CITIES)
def test_how_we_know_is_short_on_every_panel(slug):
    city = city_queries.city(slug)
    for name in KINDS:
        said = " ".join(panel(city, name, Options()).caveats)
        assert len(said.split()) <= MOST_WORDS_OF_HOW, (name, len(said.split()))


@pytest.mark.parametrize("slug", CITIES)
def test_the_findings_of_tracts_are_easy_to_read(slug):
    """Of the first five own tracts of the city."""
    city = city_queries.city(slug)
    held = members(city)
    for code in held.codes[held.belongs][:5].tolist():
        text = standing.describe(tract_values(f"{code:011d}", slug), city.name)
        for sentence in sentences_of(text):
            assert len(words_of(sentence)) <= MOST_WORDS, sentence
        assert grade(text) <= HIGHEST and grade(text, aloud=True) <= HIGHEST_ALOUD, text

"""One quantity, one number: what the files of Detroit say of Wayne County, of Detroit and of the nation."""

import re

import pytest
from django.test import Client

from tests.dashboards.documents.deck_reading import open_deck
from tests.dashboards.exports.pdf_text import read_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reports")]
# The published county value is 34.6, the mean of its tracts 34.4: only one of them may be called Wayne County's place.
SAID = {"Detroit": "31st", "Wayne County": "35th", "the average low-income child in the nation": "41st"}


@pytest.fixture(scope="module")
def words(reports, django_db_blocker) -> dict[str, str]:
    """Kind of file -> all its words without spaces."""
    with django_db_blocker.unblock():
        page, pdf, deck = (
            Client().get(f"/cities/detroit/{end}").content
            for end in ("charts/headline/", "profile.pdf", "profile.pptx")
        )
    slides = open_deck(deck).slides
    texts = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    headline = re.sub(r"<script.*?</script>", " ", page.decode().split("<main")[1], flags=re.DOTALL)
    found = {"page": re.sub(r"<[^>]+>", " ", headline), "pdf": read_pdf(pdf), "deck": " ".join(texts)}
    return {kind: re.sub(r"\s", "", text) for kind, text in found.items()}


@pytest.mark.parametrize("kind", ["page", "pdf", "deck"])
def test_the_county_the_city_and_the_nation_have_one_place_each(words, kind):
    said = words[kind]
    assert f"the{SAID['Wayne County']}inWayneCountyandthe{SAID['the average low-income child in the nation']}" in said
    assert f"the{SAID['Detroit']}percentileofhouseholdincome" in said
    assert "the34th" not in said, "the mean of its tracts is no second place of Wayne County"


def test_decimals_are_those_of_the_same_value(words):
    assert "WayneCountyispublishedat34.6" in words["page"]
    assert "95%interval34.4to34.8" in words["pdf"] and "95%interval34.4to34.8" in words["deck"]

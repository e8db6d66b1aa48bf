"""One quantity, one number: what the files of Detroit say of Wayne County, of Detroit and of the nation."""

import re

import pytest
from django.test import Client

from tests.dashboards.documents.deck_reading import open_deck
from tests.dashboards.exports.pdf_text import read_pdf
from tests.reference import raw_files
from tests.reference.place_means import headline_rows
from tests.reference.words import interval, ordinal, points

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reports")]


@pytest.fixture(scope="module")
def places(real_data) -> dict:
    """Row of Detroit, of its county and of the nation, from the publishers' files."""
    rows = headline_rows(raw_files.read(real_data), "detroit")
    return {"city": rows.loc[0], "county": rows.loc[1], "nation": rows.loc[3]}


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
def test_the_county_the_city_and_the_nation_have_one_place_each(words, places, kind):
    said, at = words[kind], {name: ordinal(row.value) for name, row in places.items()}
    reached = re.findall(r"Detroitreachedthe(\d+\w\w)incomepercentile", said)
    assert set(reached) == {at["city"]}
    assert set(re.findall(r"WayneCountytheyreachedthe(\d+\w\w)\.", said)) == {at["county"]}
    assert set(re.findall(r"Nationally,childrenlikethemreachedthe(\d+\w\w),", said)) == {at["nation"]}
    of_tracts = ordinal(places["county"].tract_mean)
    assert of_tracts != at["county"], "only one of them may be called Wayne County's place"
    assert f"the{of_tracts}" not in said, "the average of its tracts is no second place of Wayne County"


def test_decimals_are_those_of_the_same_value(words, places):
    county = places["county"]
    assert f"WayneCountyispublishedat{points(county.value)}" in words["page"]
    likely = f"likelyrange{interval(county.value, county.standard_error)}".replace(" ", "")
    assert likely in words["pdf"] and likely in words["deck"]

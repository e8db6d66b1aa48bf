"""The gazetteer of places: codes are text, kinds are taken off names, every wrong field is named."""

import pytest

from atlas.sources.base import SourceFileError
from atlas.sources.census_places import split_kind
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories.places import PLACES, gazetteer


def read(path):
    found = detect_source(open_file(path))
    assert found.source == "census_places"
    return found.read(lambda *a: None)


@pytest.mark.parametrize("packed", [False, True])
def test_places_are_read_by_code(tmp_path, packed):
    table = read(gazetteer(tmp_path / ("places.zip" if packed else "places.txt"), packed=packed))
    assert [place.geoid for place in table.places] == sorted(geoid for _, geoid, *_ in PLACES)
    first = table.places[0]
    assert (first.geoid, first.name, first.kind, first.usps) == ("0100100", "Abanda", "CDP", "AL")
    assert (first.longitude, first.latitude) == pytest.approx((-85.527029, 33.091627))
    assert (table.rows_read, table.rows_kept, table.vintage) == (9, 9, 2019)


@pytest.mark.parametrize(
    ("published", "name", "kind"),
    [
        ("Detroit city", "Detroit", "city"),
        ("Carson City", "Carson City", ""),
        ("Indianapolis city (balance)", "Indianapolis", "city (balance)"),
        (
            "Nashville-Davidson metropolitan government (balance)",
            "Nashville-Davidson",
            "metropolitan government (balance)",
        ),
        ("New York city", "New York", "city"),
        ("Oklahoma City city", "Oklahoma City", "city"),
        ("Juneau city and borough", "Juneau", "city and borough"),
        ("Town and Country city", "Town and Country", "city"),
        ("CDP", "CDP", ""),
    ],
)
def test_the_kind_is_what_a_name_ends_with(published, name, kind):
    assert split_kind(published) == (name, kind)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("\t2622000\t", "\t262200\t", "line 2, column GEOID: '262200' is not 7 digits"),
        ("\t1050670\t", "\t3451000\t", "line 4, column GEOID: '3451000' stands in the file twice"),
        ("\nMI\t", "\nmi\t", "line 2, column USPS: '2622000' has no state's postal code"),
        ("Detroit city", " ", "line 2, column NAME: '2622000' has no name of 1 to 100 characters"),
        ("42.383037", "142.383037", "line 2, column INTPTLAT: is no point on earth"),
        ("42.383037", "north", "line 2, column INTPTLAT: 'north' is not a number"),
    ],
)
def test_a_field_that_is_wrong_is_named(tmp_path, before, after, words):
    path = gazetteer(tmp_path / "places.txt")
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(SourceFileError) as refused:
        read(path)
    assert words in refused.value.problems[0].sentence()

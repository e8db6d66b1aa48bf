"""The file that relates ZIP code areas and tracts: codes are text, shares are those of its own people."""

import pytest

from atlas.sources.base import SourceFileError
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories import layers

ROWS = (
    ("48208", "26163521900", 300, 1000),
    ("48208", "26163522000", 700, 1000),
    ("00601", "72113071700", 18570, 18570),
    ("48201", "26163520700", 0, 0),
)


def read(path):
    opened = open_file(path)
    found = detect_source(opened)
    assert found.source == "zcta_tracts"
    return found.read(lambda *a: None)


def test_pieces_are_sorted_by_zip_code_and_then_by_people(tmp_path):
    table = read(layers.zip_tracts(tmp_path / "zcta_tract_rel_10.txt", ROWS))
    assert table.zips.tolist() == [601, 48201, 48208, 48208]
    assert table.geoids.tolist() == [72113071700, 26163520700, 26163522000, 26163521900]
    assert table.shares.tolist() == pytest.approx([1.0, 0.0, 0.7, 0.3]) and table.people.tolist()[2:] == [700, 300]
    assert (table.rows_read, table.rows_kept, table.vintage) == (4, 4, 2010)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("00601,72", "601,72", "line 4, column ZCTA5: '601' is not 5 digits"),
        ("48208,26,163,521900,", "48208,26,163,5219,", "line 2, column TRACT: '5219' is not 6 digits"),
        ("26163521900", "26163521901", "'26163521901' is not STATE, COUNTY and TRACT in a row"),
        ("72,113,071700,72113071700", "99,113,071700,99113071700", "is not an 11-digit tract GEOID"),
        (",300,1,100", ",1300,1,100", "line 2, column POPPT: '1300.0' is no number of people within its ZIP area's"),
        (",300,1,100", ",-1,1,100", "is no number of people"),
        (",30,1,1", ",31,1,1", "line 2, column ZPOPPCT: '31.0' is not the share that POPPT and ZPOP give"),
        (",300,1,100", ",many,1,100", "line 2, column POPPT: 'many' is not a number"),
        ("48208,26,163,522000,26163522000,700", "48208,26,163,521900,26163521900,700", "stands in the file twice"),
    ],
)
def test_a_field_that_is_wrong_is_named(tmp_path, before, after, words):
    path = layers.zip_tracts(tmp_path / "zips.txt", ROWS)
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(SourceFileError) as refused:
        read(path)
    assert words in refused.value.problems[0].sentence()


def test_a_file_without_its_codes_is_told_what_it_lacks(tmp_path):
    path = layers.zip_tracts(tmp_path / "zips.txt", ROWS)
    path.write_text(path.read_text().replace("ZCTA5", "ZIP", 1))
    with pytest.raises(SourceFileError) as refused:
        read(path)
    assert refused.value.problems[0].column == "ZCTA5"

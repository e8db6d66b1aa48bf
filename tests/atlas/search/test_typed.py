"""What was typed is a code, a tract's number, a ZIP code, an address or a name."""

import pytest

from atlas.search.typed import LONGEST, read_typed


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("26163521400", "26163521400"),
        ("1400000US26163521400", "26163521400"),
        ("6037101110", "06037101110"),  # a spreadsheet ate the zero
        ("26163", "26163"),
        ("48226-1234", ""),
        ("٢٦١٦٣", ""),
    ],
)
def test_codes(raw, code):
    assert read_typed(raw).code == code


@pytest.mark.parametrize(
    ("raw", "tract"),
    [
        ("Tract 5222", "522200"),
        ("census tract 5188.01", "518801"),
        ("Tract 5222, near Corktown", "522200"),
        ("5222", ""),
    ],
)
def test_numbers_of_tracts(raw, tract):
    assert read_typed(raw).tract == tract


@pytest.mark.parametrize(
    ("raw", "is_address"),
    [
        ("2 Woodward Ave, Detroit, MI", True),
        ("1600A main st 45202", True),
        ("12-34 Elm Street, Newark", True),
        ("26163 521400", False),
        ("48226", False),
        ("Corktown", False),
        ("12", False),
        ("8 Mile", True),  # names are looked at first; a street of that name would be an address
    ],
)
def test_addresses_begin_with_a_house_number(raw, is_address):
    assert read_typed(raw).is_address is is_address


def test_zip_codes_and_rubbish():
    assert read_typed("48226").zip_code == read_typed("48226-1234").zip_code == "48226"
    assert read_typed("  a\x00b \n c ").text == "a b c"
    assert len(read_typed("x" * 5000).text) == LONGEST
    assert read_typed("x").is_short and read_typed("").is_short and not read_typed("xy").is_short

"""GEOIDs as people paste them: from Excel, from data.census.gov, with mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.sources.geoid_text import read_geoids
from atlas.sources.geoids import STATES

DETROIT, LOS_ANGELES = "26163500100", "06037101110"
codes = st.builds(
    lambda state, rest: f"{state:02d}{rest:09d}", st.sampled_from(sorted(STATES)), st.integers(0, 10**9 - 1)
)
separators = st.sampled_from([" ", "\n", "\r\n", "\t", ",", ";", ", ", "|", "/", "-", "\u00a0", '","', "\u2022", "'"])


def written(code: str, way: int) -> str:
    """As somebody's program writes it."""
    return [code, f"1400000US{code}", f"14000us{code}", f"{code}.0", code.removeprefix("0")][way]


@given(st.lists(st.tuples(codes, st.integers(0, 4), separators), max_size=40))
def test_every_code_comes_back_once_in_its_order_whatever_separates_and_surrounds_it(pieces):
    found = read_geoids("".join(written(code, way) + separator for code, way, separator in pieces))
    assert found.codes == tuple(dict.fromkeys(code for code, _, _ in pieces))
    assert found.repeated == len(pieces) - len(found.codes)
    assert found.unreadable == ()


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_nothing_but_real_codes_comes_back(text):
    found = read_geoids(text)
    for code in found.codes:
        assert len(code) == 11 and code.isascii() and code.isdigit() and int(code[:2]) in STATES
    assert all(piece.reason and len(piece.text) <= 30 for piece in found.unreadable)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=20))
def test_nothing_is_dropped_silently(word):
    found = read_geoids(f"{DETROIT} {word}")
    assert found.repeated + len(found.codes) + len(found.unreadable) == 2


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        ("26163", "5 digits are the code of a county"),
        ("261635001001", "12 digits are the code of a block group"),
        ("2.61635E+10", "format the column as text"),
        ("99163500100", "no state has the code 99"),
        ("\uff12\uff16163500100", "not the 11 digits of a tract"),
        ("hello", "not the 11 digits of a tract"),
    ],
)
def test_what_is_no_tract_is_named_with_its_reason(piece, reason):
    found = read_geoids(f"{DETROIT}\n{piece}\n{LOS_ANGELES}")
    assert found.codes == (DETROIT, LOS_ANGELES)
    assert [p.text for p in found.unreadable] == [piece] and reason in found.unreadable[0].reason


def test_a_column_heading_is_no_mistake():
    assert read_geoids(f"GEOID\n{DETROIT}").unreadable == ()
    assert len(read_geoids(f"{DETROIT}\nGEOID").unreadable) == 1

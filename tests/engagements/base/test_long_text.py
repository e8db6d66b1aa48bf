"""A long text is split, never cut: worked cases, and the property that nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.base.long_text import split_text


@pytest.mark.parametrize(
    ("text", "line", "rest"),
    [
        ("  Met.  ", "Met.", ""),
        ("", "", ""),
        ("Met.\nMore of it", "Met.", "More of it"),
        ("Met. Agreed on it all.", "Met.", "Agreed on it all."),
        ("Hi. Agreed on it", "Hi. Agreed", "on it"),
        ("Agreed. On all of it.", "Agreed.", "On all of it."),
        ("abcdefghijklmnop", "abcdefghijkl", "mnop"),
        ("abcdefghijkl", "abcdefghijkl", ""),
        ("abcdefghijkl mnop", "abcdefghijkl", "mnop"),
    ],
)
def test_worked_cases(text, line, rest):
    assert split_text(text, 12) == (line, rest)


@given(st.text(max_size=300), st.integers(1, 60))
def test_every_character_but_the_space_between_is_kept(text, longest):
    line, rest = split_text(text, longest)
    assert len(line) <= longest and "".join((line + rest).split()) == "".join(text.split())
    assert line or not text.strip()

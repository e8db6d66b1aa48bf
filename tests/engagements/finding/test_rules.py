"""Words that are close, and the place in a text where words stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.finding.rules import count_slips, excerpt, find_close, fits, fold, is_close, mark


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("corktwon", "corktown", 1),
        ("detriot", "detroit", 1),
        ("milstone", "milestone", 1),
        ("coachng", "coaching", 1),
        ("abc", "abc", 0),
        ("", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_slips_are_letters_too_many_too_few_wrong_or_swapped(one, other, slips):
    assert count_slips(one, other) == count_slips(other, one) == slips


def test_a_misspelled_word_is_close_to_what_was_meant_and_to_its_beginning():
    assert find_close("lanldord", ["landlords", "landlord", "landmark", "lavender"]) == ("landlord", "landlords")
    assert is_close("evalaut", "evaluation"), "also while it is still being typed"
    assert not is_close("cat", "car"), "short words are too many"
    assert not is_close("house", "mouth")


def test_a_found_word_begins_like_what_was_typed_or_has_its_stem():
    assert fits("meetings", "meeting") and fits("meeting", "meetings") and fits("evaluator", "evaluation")
    assert not fits("meeting", "meter") and not fits("art", "part")


def test_an_excerpt_shows_the_most_words_with_the_found_ones_apart():
    text = "Landlords came. " + "Nothing else happened on that day. " * 20 + "The landlord survey ended in May."
    pieces = excerpt(text, ("landlord", "survey"))
    assert [piece.text for piece in pieces if piece.is_match] == ["landlord", "survey"]
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("… ") and shown.endswith("ended in May.") and len(shown) < 230
    assert excerpt(text, ("rent",)) == ()


def test_accents_are_kept_where_they_are_shown():
    (word, _) = mark("Tremé school", ("treme",))
    assert (word.text, word.is_match) == ("Tremé", True)


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=8), max_size=3))
def test_marking_keeps_every_letter(text, words):
    assert len(fold(text)) == len(text)
    assert "".join(piece.text for piece in mark(text, tuple(map(fold, words)))) == text
    assert len("".join(piece.text for piece in excerpt(text, tuple(words)))) <= len(text) * 3 + 4

"""The measure of reading grades itself, on sentences counted by hand."""

import pytest

from tests.reading_grade import grade, read_aloud, sentences_of, words_of


def test_the_formula_by_hand():
    """Six words of one syllable each in one sentence: 0.39 x 6 + 11.8 - 15.59."""
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31st", "thirty-first"),
        ("$21,200", "twenty-one thousand two hundred dollars"),
        ("5%", "five percent"),
        ("11.5", "eleven point five"),
        ("1978", "nineteen seventy-eight"),
    ],
)
def test_numbers_are_read_aloud(text, said):
    assert read_aloud(text) == said


def test_numbers_read_aloud_are_harder():
    text = "They reached the 31st percentile, about $21,200 a year."
    assert grade(text, aloud=True) > grade(text)


def test_a_sentence_ends_at_its_stop_and_not_inside_a_number():
    assert sentences_of("The gap is 11.5 points. The nation’s gap is 12.4. 7 more have none.") == [
        "The gap is 11.5 points.",
        "The nation’s gap is 12.4.",
        "7 more have none.",
    ]
    assert len(words_of("about $21,200 a year (2015 dollars)")) == 6

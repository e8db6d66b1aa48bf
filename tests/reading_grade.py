"""The reading grade of a text: Flesch and Kincaid's formula of 1975 with a pinned list of syllables.

Grade = 0.39 x words / sentences + 11.8 x syllables / words - 15.59 (Kincaid, Fishburne, Rogers and Chissom 1975).
Syllables: syllapy's list, else its rule. Two readings: a number counts one syllable, or is read aloud as inflect writes
it ("$21,200" -> "twenty-one thousand, two hundred dollars").
"""

import re

import inflect
import syllapy

_NUMBER = re.compile(r"(\$?)(\d[\d,]*(?:\.\d+)?)(%|st|nd|rd|th)?")
_WORD = re.compile(r"[A-Za-z0-9$%][A-Za-z0-9$%,.’'-]*")
_engine = inflect.engine()


def sentences_of(text: str) -> list[str]:
    """Cut after a stop and before a capital letter or a number.

    >>> sentences_of("It was $1.5. The U.S. grew. 7 more.")
    ['It was $1.5.', 'The U.S. grew.', '7 more.']
    """
    return [one for one in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", text.strip()) if one]


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def read_aloud(text: str) -> str:
    """Numbers spelled out. Worked: "31st, $5" -> "thirty-first, five dollars"."""
    return _NUMBER.sub(_spell, text)


def _spell(match: re.Match[str]) -> str:
    dollar, digits, end = match.groups()
    plain = digits.replace(",", "").rstrip(".")
    if end in ("st", "nd", "rd", "th"):
        return str(_engine.number_to_words(_engine.ordinal(plain)))
    if re.fullmatch(r"(19|20)\d\d", plain) and not dollar and end is None:  # a year, in pairs: nineteen seventy-eight
        said = str(_engine.number_to_words(plain, group=2)).replace(",", "")
    else:
        said = str(_engine.number_to_words(plain)).replace(",", "")
    return said + (" dollars" if dollar else "") + (" percent" if end == "%" else "")


def grade(text: str, *, aloud: bool = False) -> float:
    """Of a text of whole sentences."""
    count = len(sentences_of(text))
    words = words_of(read_aloud(text).replace("-", " ") if aloud else text)  # "twenty-one" is spoken as two words
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / count + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    if any(character.isdigit() for character in word):
        return 1
    return sum(max(1, syllapy.count(part)) for part in re.split(r"[-’']", word) if part.strip(".,$%"))

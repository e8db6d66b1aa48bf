"""What was typed and what it finds: words, words close to them, and the place in a text where they stand. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from os.path import commonprefix

MOST_WORDS = 8  # of a query
LONG_ENOUGH = 4  # letters of a word that is taken for misspelled
WIDTH = 170  # letters of a text around a word
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Piece:
    """A part of a text; `is_match`: one of the words that were looked for."""

    text: str
    is_match: bool = False


def fold(text: str) -> str:
    """Lower case without accents, letter for letter: the same length as the text."""
    return text.lower() if text.isascii() else "".join(map(_fold_letter, text))


def _fold_letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    plain = unicodedata.normalize("NFKD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


def is_close(typed: str, word: str) -> bool:
    """Whether `word`, or its beginning, is what somebody meant who typed `typed`: one slip, two from six letters on.

    A slip is a letter too many, too few or wrong, or two letters that changed places.
    """
    if len(typed) < LONG_ENOUGH:
        return False
    slips = 1 if len(typed) < 6 else 2
    beginnings = {word, *(word[: len(typed) + more] for more in (-1, 0, 1))}
    return any(abs(len(one) - len(typed)) <= slips and count_slips(typed, one) <= slips for one in beginnings)


def count_slips(one: str, other: str) -> int:
    """Optimal string alignment distance (Boytsov 2011): corktwon and corktown are one slip apart."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def find_close(typed: str, words: Iterable[str], most: int = 4) -> tuple[str, ...]:
    """Those of `words` that are close, the closest first."""
    close = {word for word in words if is_close(typed, word)}
    return tuple(sorted(close, key=lambda word: (count_slips(typed, word), word)))[:most]


def fits(word: str, looked_for: str) -> bool:
    """Whether a word of a text is shown as found: it begins like it, or has the same stem as far as letters tell."""
    if word.startswith(looked_for):
        return True
    same = len(commonprefix((word, looked_for)))
    return len(looked_for) > LONG_ENOUGH and same >= max(LONG_ENOUGH, len(looked_for) - 3) and len(word) - same <= 3


def count_found(title: str, alternatives: tuple[tuple[str, ...], ...]) -> int:
    """How many of the words that were looked for stand in a title."""
    found = _WORD.findall(fold(title))
    return sum(any(fits(word, one) for word in found for one in words) for words in alternatives)


def mark(text: str, looked_for: tuple[str, ...]) -> tuple[Piece, ...]:
    """The whole text, its found words apart."""
    pieces, at = [], 0
    for start, end in _places(text, looked_for):
        pieces += [Piece(text[at:start]), Piece(text[start:end], is_match=True)]
        at = end
    return tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text)


def excerpt(text: str, looked_for: tuple[str, ...], width: int = WIDTH) -> tuple[Piece, ...]:
    """About `width` letters around the place where most of the words stand, lines joined; () where none does."""
    text = " · ".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    places = _places(text, looked_for)
    if not places:
        return ()
    folded = fold(text)

    def different(first: int) -> int:
        within = {folded[a:b] for a, b in places if first <= a and b <= first + width}
        return len({one for one in looked_for if any(fits(word, one) for word in within)})

    start = max((place for place, _ in places), key=lambda first: (different(first), -first))
    begin = _step_back(text, max(0, start - width // 3))
    end = _step_on(text, min(len(text), begin + width))
    cut = f"{'… ' if begin else ''}{text[begin:end].strip()}{' …' if end < len(text) else ''}"
    return mark(cut, looked_for)


def _places(text: str, looked_for: tuple[str, ...]) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(fold(text)) if any(fits(match[0], one) for one in looked_for)]


def _step_back(text: str, at: int) -> int:
    return text.rfind(" ", 0, at) + 1 if at else 0


def _step_on(text: str, at: int) -> int:
    found = text.find(" ", at)
    return len(text) if found < 0 else found

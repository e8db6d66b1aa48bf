"""What differs between two texts, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|\S+")
LONGEST = 6_000  # words; beyond it a text is shown as changed as a whole


@dataclass(frozen=True)
class Piece:
    """`kind`: same, gone (only in the first), new (only in the second)."""

    kind: str
    text: str


def compare_words(first: str, second: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The first text with what is gone, and the second with what is new."""
    a, b = _WORD.findall(first), _WORD.findall(second)
    if len(a) + len(b) > LONGEST and a != b:
        return _single_piece("gone", first), _single_piece("new", second)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        left += _single_piece("same" if tag == "equal" else "gone", "".join(a[a0:a1]))
        right += _single_piece("same" if tag == "equal" else "new", "".join(b[b0:b1]))
    return tuple(left), tuple(right)


def merge_words(first: str, second: str) -> tuple[Piece, ...]:
    """One run: what stayed, what is gone and what is new, each where it stands."""
    a, b = _WORD.findall(first), _WORD.findall(second)
    if len(a) + len(b) > LONGEST and a != b:
        return (*_single_piece("gone", first), *_single_piece("new", second))
    run: list[Piece] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            run += _single_piece("same", "".join(a[a0:a1]))
        else:
            run += _single_piece("gone", "".join(a[a0:a1])) + _single_piece("new", "".join(b[b0:b1]))
    return tuple(run)


def _single_piece(kind: str, text: str) -> tuple[Piece, ...]:
    return (Piece(kind, text),) if text else ()

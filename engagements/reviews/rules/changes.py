"""What changed between the words of an earlier decision and those that are reviewed now, field by field. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from engagements.base.text_differences import Piece, merge_words


@dataclass(frozen=True)
class ReviewedField:
    """One field as a reviewer reads it. `value` is in words, with its unit; `is_text`: prose, compared word by word."""

    section: str
    key: str
    label: str
    value: str
    is_text: bool = False


@dataclass(frozen=True)
class Change:
    """`pieces`: of prose, one run of same, gone and new words; empty for a number, a date or a choice."""

    section: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


def keep(fields: Iterable[ReviewedField]) -> list[dict[str, Any]]:
    """As a decision keeps them."""
    return [asdict(field) for field in fields]


def read(kept: Iterable[dict[str, Any]]) -> tuple[ReviewedField, ...]:
    return tuple(ReviewedField(**each) for each in kept)


def compare(before: Iterable[ReviewedField], after: Iterable[ReviewedField]) -> tuple[Change, ...]:
    """In the order of what is read now; what is gone as a whole comes last. Fields are matched by their key."""
    earlier = {field.key: field for field in before}
    found = []
    for field in after:
        old = earlier.pop(field.key, None)
        if (old.value if old else "") != field.value:
            found.append(_change(field, old.value if old else "", field.value))
    found += [_change(field, field.value, "") for field in earlier.values() if field.value]
    return tuple(found)


def _change(field: ReviewedField, before: str, after: str) -> Change:
    pieces = merge_words(before, after) if field.is_text and before and after else ()
    return Change(field.section, field.label, before, after, pieces)

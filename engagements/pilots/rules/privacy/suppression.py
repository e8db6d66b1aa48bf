"""Which counts of a table are not shown, so that nobody can reckon the small ones from the rest.

First all counts from 1 to 9 are hidden (0 shows nobody; 10 is the house limit, an agreement may ask for more). Then
more are hidden until what is published, every margin with it, leaves each small count a range at least as wide as the
limit (`reckoning` says how that is found). Hiding "two in every line" is not enough: sums of lines can be combined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engagements.pilots.rules.privacy.reckoning import Reckoning

Key = tuple[str, ...]
LIMIT = 10
TOTAL = "\x00"  # stands in a key for "all of them together"; no text of a file has it


@dataclass(frozen=True)
class Shown:
    """`counts`: cell or margin -> its number, None where it is hidden. A margin has TOTAL in the place summed over.

    `small`: how many were under the limit; `more`: how many others had to go with them.
    """

    counts: Mapping[Key, int | None]
    small: int
    more: int

    @property
    def hidden(self) -> frozenset[Key]:
        return frozenset(key for key, count in self.counts.items() if count is None)

    @property
    def is_whole(self) -> bool:
        return not self.small and not self.more


def suppress(
    cells: Mapping[Key, int],
    margins: Sequence[Sequence[int]] = ((),),
    limit: int = LIMIT,
    earlier: Sequence[Mapping[Key, int | None]] = (),
) -> Shown:
    """A table by cell, with its margins, in which no count under the limit can be found.

    `cells`: key -> people, all keys of one length. `margins`: which places of the key a published sum keeps; () is the
    grand total, (0,) the sums by the first place. `earlier`: the tables that were released before, as `Shown.counts`.
    What differs from one of them by fewer people than the limit counts as small, because subtracting gives that
    difference; what was hidden stays hidden, because a count that did not change would be given back.

    Worked: {("a",): 3, ("b",): 40, ("c",): 25} with the total 68 -> "a" is hidden, and "c" with it.
    """
    counts = with_margins(cells, margins)
    small = {key for key, count in counts.items() if 0 < count < limit}
    for version in earlier:
        small |= {key for key, count in counts.items() if _gives_back(count, version.get(key, count), limit)}
    lines = [(margin, _parts(cells, margin)) for margin in counts if margin not in cells]
    hidden = _protected(Reckoning(counts, lines), small, limit) if small else set()
    shown = {key: None if key in hidden else count for key, count in counts.items()}
    return Shown(shown, small=len(small), more=len(hidden - small))


def _gives_back(count: int, before: int | None, limit: int) -> bool:
    return count > 0 if before is None else 0 < abs(count - before) < limit


def _protected(reckoning: Reckoning[Key], small: set[Key], limit: int) -> set[Key]:
    """The small counts, and what has to be hidden with them. Hiding more never makes a range narrower."""
    hidden, left = set(small), set(small)
    while left:
        wide = reckoning.wide(left, hidden, limit)
        left -= wide
        if left and not wide:
            key = min(left, key=lambda one: (reckoning.counts[reckoning.place[one]], one))
            hidden |= reckoning.also_hide(key, hidden, limit)
            left.discard(key)
    return hidden


def with_margins(cells: Mapping[Key, int], margins: Sequence[Sequence[int]]) -> dict[Key, int]:
    """The cells and every sum that is published of them."""
    counts = dict(cells)
    for kept in margins:
        sums: dict[Key, int] = {}
        for key, count in cells.items():
            margin = tuple(value if place in kept else TOTAL for place, value in enumerate(key))
            sums[margin] = sums.get(margin, 0) + count
        counts |= {margin: count for margin, count in sums.items() if margin not in cells}
    return counts


def _parts(cells: Mapping[Key, int], margin: Key) -> list[Key]:
    return [key for key in cells if all(mine in (TOTAL, its) for mine, its in zip(margin, key, strict=True))]

"""Which counts of a table are not shown, so that nobody can reckon the small ones from the rest.

First all counts from 1 to 9 are hidden (0 shows nobody; 10 is the house limit, an agreement may ask for more). Then
more are hidden until what is published, every margin with it, leaves each small count a range at least as wide as the
limit (`reckoning` says how that is found). Hiding "two in every line" is not enough: sums of lines can be combined.

Finding it takes long for many small counts in a large table. Beyond `WORK`, every cell is hidden and only
sums are shown, as a table of their own: whatever change leaves their shown numbers alone can be made in their cells. So
a small count may be higher by the limit where the rest of its sum is that large, or else where the sum may be.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, repeat

from engagements.pilots.rules.privacy.reckoning import Reckoning

Key = tuple[str, ...]
Table = Mapping[Key, int | None]
Sums = Mapping[tuple[int, ...], Table]  # by places kept
LIMIT = 10
# Most numbers that may be handed to the solver, all tables of a delivery together. It is asked at most twice for each
# small count, each time about all numbers of the table: about 12 microseconds for each, so 3 seconds in all.
WORK = 120_000
_EACH = 500  # what asking costs whatever the size, in numbers
TOTAL = "\x00"  # stands in a key for "all of them together"; no text of a file has it


@dataclass(frozen=True)
class Shown:
    """`counts`: cell or margin -> its number, None where it is hidden. A margin has TOTAL in the place summed over.

    `small`: how many were under the limit; `more`: how many others had to go with them. `only_sums`: whether every cell
    is hidden because there was too much to find out. `work`: what that took, in the unit of WORK.
    """

    counts: Mapping[Key, int | None]
    small: int
    more: int
    only_sums: bool = False
    work: int = 0

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
    work: int = WORK,
    too_small: Set[Key] = frozenset(),
) -> Shown:
    """A table by cell, with its margins, in which no count under the limit can be found.

    `cells`: key -> people, all keys of one length. `margins`: which places of the key a published sum keeps; () is the
    grand total, (0,) the sums by the first place. `earlier`: the tables that were released before, as `Shown.counts`.
    What differs from one of them by fewer people than the limit counts as small, because subtracting gives that
    difference; what was hidden stays hidden, because a count that did not change would be given back. Versions with
    other columns are compared by every sum that both give, or that adding up what both show gives: places that a table
    does not use are "" in its keys.
    `work`: the most that may be handed to the solver; beyond it only sums are shown. `too_small`: keys that count as
    small whatever their number.

    Worked: {("a",): 3, ("b",): 40, ("c",): 25} with the total 68 -> "a" is hidden, and "c" with it.
    """
    return _suppressed(cells, margins, limit, [(version, *_told_sums(version)) for version in earlier], work, too_small)


def _suppressed(
    cells: Mapping[Key, int],
    margins: Sequence[Sequence[int]],
    limit: int,
    earlier: Sequence[tuple[Table, Sums, Sums]],
    work: int,
    too_small: Set[Key],
) -> Shown:
    """`suppress`, with what each earlier version gives (`_told_sums`) found once for the cells and their sums."""
    told, more = set(), []
    for _, shown_sums, told_sums in earlier:
        found = _told_by(cells, shown_sums, told_sums, limit)
        told |= {key for keys in found.values() for key in keys}
        more += [kept for kept in found if kept not in margins and kept not in more]
    every = [*margins, *more]
    counts = with_margins(cells, every)
    small = {key for key, count in counts.items() if 0 < count < limit} | told | too_small
    for version, *_ in earlier:
        small |= {key for key, count in counts.items() if _gives_back(count, version.get(key, count), limit)}
    if not small:
        return Shown(counts, small=0, more=0)
    lines, one = _lines(cells, every), len(counts) + _EACH
    reckoning = Reckoning(counts, lines) if one <= work else None
    left = small - reckoning.easily_wide(small, small, limit) if reckoning else small
    needed = len(left) * one
    if reckoning is None or needed > work:
        sums = _sums_alone(cells, margins, dict(lines), small, limit, earlier, work)
        shown: dict[Key, int | None] = {**dict.fromkeys(counts), **sums.counts}
        more_hidden = sum(shown[key] is None for key in shown.keys() - small)
        return Shown(shown, len(small), more_hidden, only_sums=True, work=sums.work)
    hidden = _protected(reckoning, small, left, limit)
    shown = {key: None if key in hidden else count for key, count in counts.items()}
    return Shown(shown, small=len(small), more=len(hidden - small), work=needed)


def _sums_alone(
    cells: Mapping[Key, int],
    margins: Sequence[Sequence[int]],
    lines: Mapping[Key, Sequence[Key]],
    small: Set[Key],
    limit: int,
    earlier: Sequence[tuple[Table, Sums, Sums]],
    work: int,
) -> Shown:
    """The finest sums for which the work is enough, as cells, with those of them that are sums of these.

    Worked: {("a", "x"): 3, ("a", "y"): 40, ("b", "x"): 60} by the first place -> 43 and 60.
    """
    coarser = [kept for kept in margins if len(kept) < max(map(len, cells))]
    if not coarser:
        return Shown({}, small=0, more=0)
    finest = max(coarser, key=len)
    sums = {key: count for key, count in with_margins(cells, [finest]).items() if key not in cells}
    within = [kept for kept in coarser if set(kept) < set(finest)]
    bound: set[Key] = set()
    sum_of = dict(zip(cells, _sums_of(cells, finest), strict=True))
    for key in small:
        if all(value == TOTAL or place in finest for place, value in enumerate(key)):
            continue  # a sum of these sums: held among them
        inside: dict[Key, int] = {}
        for part in lines.get(key, [key]):
            whole = sum_of[part]
            inside[whole] = inside.get(whole, 0) + cells[part]
        if all(sums[whole] - count < limit for whole, count in inside.items()):
            bound |= inside.keys()
    return _suppressed(sums, within, limit, earlier, work, bound)


def _gives_back(count: int | None, before: int | None, limit: int) -> bool:
    if count is None:
        return False
    return count > 0 if before is None else 0 < abs(count - before) < limit


def _protected(reckoning: Reckoning[Key], small: set[Key], left: set[Key], limit: int) -> set[Key]:
    """The small counts, and what has to be hidden with them. Hiding more never makes a range narrower.

    `left`: those that are not wide easily.
    """
    hidden, left = set(small), set(left)
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
        for margin, count in zip(_sums_of(cells, kept), cells.values(), strict=True):
            sums[margin] = sums.get(margin, 0) + count
        counts |= {margin: count for margin, count in sums.items() if margin not in cells}
    return counts


def _lines(cells: Mapping[Key, int], margins: Sequence[Sequence[int]]) -> list[tuple[Key, list[Key]]]:
    """Every sum with its parts, in one pass of the cells for each kind of sum."""
    found: dict[Key, list[Key]] = {}
    for kept in margins:
        parts: dict[Key, list[Key]] = {}
        for key, margin in zip(cells, _sums_of(cells, kept), strict=True):
            parts.setdefault(margin, []).append(key)
        found |= {margin: keys for margin, keys in parts.items() if margin not in cells}
    return list(found.items())


def _told_by(cells: Mapping[Key, int], shown: Sums, told: Sums, limit: int) -> dict[tuple[int, ...], set[Key]]:
    """By places kept: sums of these cells that an earlier version, whatever its columns, would give back.

    Worked: by arm and block 400 and 300, then by arm and cluster 404 and 299: by arm the difference is 3.
    """
    shared = [place for place in _used(cells) if (place,) in told]
    found: dict[tuple[int, ...], set[Key]] = {}
    if not told:
        return found
    every = _every_sum(cells, shared)
    for kept in (one for size in range(len(shared) + 1) for one in combinations(shared, size)):
        level, then = shown.get(kept, {}), told[kept]
        known = ((key, count, level.get(key, then.get(key))) for key, count in every[kept].items())
        # one that was not there and cannot be added up never was told; one that was hidden stays so
        keys = {
            key
            for key, count, before in known
            if (before is not None or key in level) and _gives_back(count, before, limit)
        }
        if keys:
            found[kept] = keys
    return found


def _told_sums(version: Table) -> tuple[Sums, Sums]:
    """Its own cells and margins by the places they keep, and for every choice of its places the sums that it tells.

    A sum is told where it is shown, or where sums that are told and keep one place more add up to it. So a hidden cell
    does no harm to the outsider who has a margin above it.

    Worked: ("C", "p", "x") and ("C", "p", "y") are hidden, ("C", "p", TOTAL) is 200 and ("C", "q", TOTAL) 150: by the
    first place "C" is 350.
    """
    if not version:
        return {}, {}
    places = _used(version)
    shown: dict[tuple[int, ...], dict[Key, int | None]] = {}
    for key, count in zip(_sums_of(version, places), version.values(), strict=True):
        level = shown.setdefault(tuple(place for place in places if key[place] != TOTAL), {})
        if level.get(key) is None:  # a cell and its margin are one where the place summed over is not used
            level[key] = count
    told: dict[tuple[int, ...], Table] = {}
    for kept in (one for size in reversed(range(len(places) + 1)) for one in combinations(places, size)):
        found = shown.get(kept, {})
        finer = [table for one, table in told.items() if len(one) == len(kept) + 1 and set(kept) < set(one)]
        for table in sorted(filter(None, finer), key=len):
            if found and None not in found.values():
                break
            found = _sums(table, kept) | {key: count for key, count in found.items() if count is not None}
        told[kept] = found if any(count is not None for count in found.values()) else {}
    return shown, told


def _used(table: Iterable[Key]) -> tuple[int, ...]:
    """Places in which some key of a cell says something."""
    return tuple(sorted({place for key in table for place, value in enumerate(key) if value not in ("", TOTAL)}))


def _sums(cells: Table, kept: Sequence[int]) -> dict[Key, int | None]:
    """None where a part is hidden."""
    found: dict[Key, int | None] = {}
    for margin, count in zip(_sums_of(cells, kept), cells.values(), strict=True):
        so_far = found.get(margin, 0)
        found[margin] = None if count is None or so_far is None else so_far + count
    return found


def _every_sum(cells: Table, places: Sequence[int]) -> dict[tuple[int, ...], dict[Key, int | None]]:
    """By places kept, each from the shortest table that has one place more: the cells are passed seldom."""
    found = {tuple(places): _sums(cells, places)}
    for size in reversed(range(len(places))):
        for kept in combinations(places, size):
            finer = [one for one in found if len(one) == size + 1 and set(kept) < set(one)]
            found[kept] = _sums(min((found[one] for one in finer), key=len), kept)
    return found


def _sums_of(keys: Collection[Key], kept: Sequence[int]) -> Iterator[Key]:
    """The sum that each key is a part of, by places: some 20 times as fast as key by key."""
    places = enumerate(zip(*keys, strict=True))
    return zip(*(column if place in kept else repeat(TOTAL, len(keys)) for place, column in places), strict=True)

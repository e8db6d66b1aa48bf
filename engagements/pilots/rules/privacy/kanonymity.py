"""Whether rows hide each person among others: k-anonymity over what tells people apart, and outcomes that differ.

Sweeney, k-anonymity (2002): every combination of quasi-identifiers is shared by at least k rows. Machanavajjhala et
al., l-diversity (2007): a group whose members all have the same outcome gives it away whatever its size. Only counts
of groups are said, never which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engagements.pilots.rules.data import Floats, Texts
from engagements.pilots.rules.privacy.header_words import words_of
from engagements.pilots.rules.tallies import codes_of

# Words of columns that tell people apart also when nobody registered them for it.
_TELLING = frozenset(
    "age race ethnicity ethnic sex gender tract zip zipcode postcode born birth year hispanic language religion "
    "disability veteran nationality citizenship income".split()
)
_TELLING_ALONE = frozenset({"year", "birth", "income"})  # only beside another: "birth year"
_MOST_TRIED = 10  # columns whose subsets are all tried: 1,023


@dataclass(frozen=True)
class Anonymity:
    """`groups`: combinations there are; `small`: those under `smallest` rows; `uniform`: those with one outcome.

    `coarsen`: the fewest columns without which no group would fail, () where none fails or nothing would help.
    """

    columns: tuple[str, ...]
    smallest: int
    groups: int
    small: int
    uniform: int
    coarsen: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        return not self.small and not self.uniform

    @property
    def sentence(self) -> str:
        """ "" where every group is large enough."""
        if self.is_kept:
            return ""
        told = " and ".join(f"“{name}”" for name in self.columns)
        parts = []
        if self.small:
            parts.append(
                f"Of {self.groups:,} groups of people alike in {told or 'nothing'}, {self.small:,} "
                f"{'has' if self.small == 1 else 'have'} fewer than {self.smallest} people."
            )
        if self.uniform:
            parts.append(
                f"In {self.uniform:,} {'group' if self.uniform == 1 else 'groups'} everybody has the same outcome, "
                "which gives it away."
            )
        names = " and ".join(f"“{name}”" for name in self.coarsen)
        parts.append(f"Make {names} coarser, or send counts by group." if names else "Send counts by group instead.")
        return " ".join(parts)


def k_anonymity(columns: Mapping[str, Texts], outcome: Floats, smallest: int = 10) -> Anonymity:
    """Of rows: `columns` are those that tell people apart, `outcome` is NaN where it is missing.

    Whole tables under `smallest` rows fail too. Rows without outcome count for the size, not for "all the same".
    Worked: sex x tract with 12, 11, 10 and 3 rows -> 4 groups, 1 small, coarsen tract or sex, whichever suffices.
    """
    names = tuple(columns)
    small, uniform, groups = _failing(columns, names, outcome, smallest)
    coarsen = _coarsen(columns, outcome, smallest) if small or uniform else ()
    return Anonymity(names, smallest, groups, small, uniform, coarsen)


def telling_columns(registered: Sequence[str], header: Sequence[str]) -> tuple[str, ...]:
    """Columns of the file that people are told apart by: the registered ones, and those whose name says so."""
    return tuple(name for name in header if name in registered or _tells(name))


def _tells(name: str) -> bool:
    found = _TELLING & set(words_of(name))
    return bool(found - _TELLING_ALONE) or {"birth", "year"} <= found


def _failing(
    columns: Mapping[str, Texts], names: Sequence[str], outcome: Floats, smallest: int
) -> tuple[int, int, int]:
    if not len(outcome):
        return 0, 0, 0
    code = codes_of(*(columns[name] for name in names))[0] if names else np.zeros(len(outcome), dtype=np.int64)
    size = np.bincount(code)
    measured = np.isfinite(outcome)
    low, high = np.full(len(size), np.inf), np.full(len(size), -np.inf)
    np.minimum.at(low, code[measured], outcome[measured])
    np.maximum.at(high, code[measured], outcome[measured])
    return int((size < smallest).sum()), int((low == high).sum()), len(size)


def _coarsen(columns: Mapping[str, Texts], outcome: Floats, smallest: int) -> tuple[str, ...]:
    """Among sets of the same number the one whose columns have most different values: there coarsening costs least."""
    names = list(columns)
    if len(names) > _MOST_TRIED:
        return tuple(names)
    richness = {name: len(set(columns[name])) for name in names}
    for count in range(1, len(names) + 1):
        helping = [
            out
            for out in combinations(names, count)
            if not any(_failing(columns, [name for name in names if name not in out], outcome, smallest)[:2])
        ]
        if helping:
            return max(helping, key=lambda out: sum(richness[name] for name in out))
    return ()

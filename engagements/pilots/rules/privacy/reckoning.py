"""Other tables that fit the same published numbers: while there are enough, nobody can reckon a hidden count.

A change of a table that every line allows (parts change by as much as their sum) and that leaves every shown number
alone leads to another table somebody outside cannot tell from the real one. If it raises a count by the limit, that
count has a range at least as wide as the limit. The cheapest such change says what else must be hidden: Kelly, Golden
and Assad (1992), Cell Suppression: Disclosure Protection for Sensitive Tabular Data.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)
_SLACK = 1e-6  # of the solver


class Reckoning(Generic[Key]):
    """`counts`: every number, cells and sums. `lines`: (sum, its parts); a count may stand in many lines."""

    def __init__(self, counts: Mapping[Key, int], lines: Sequence[tuple[Key, Sequence[Key]]]):
        from scipy.sparse import coo_array

        self.keys = list(counts)
        self.place = {key: number for number, key in enumerate(self.keys)}
        self.counts = np.array([counts[key] for key in self.keys], dtype=float)
        rows, columns, factors = [], [], []
        for row, (whole, parts) in enumerate(lines):
            rows += [row] * (len(parts) + 1)
            columns += [self.place[whole], *(self.place[part] for part in parts)]
            factors += [-1.0, *([1.0] * len(parts))]
        found: list[list[int]] = [[] for _ in self.keys]
        for row, column in zip(rows, columns, strict=True):
            found[column].append(row)
        self.lines_of = [tuple(one) for one in found]
        self.parts_of = dict(lines)
        self.is_sum = self._places(self.parts_of)
        self.matrix = coo_array((factors, (rows, columns)), shape=(len(lines), len(self.keys))).tocsr()

    def easily_wide(self, keys: Collection[Key], hidden: set[Key], limit: int) -> set[Key]:
        """Those that need no solver: counts that stand in the same lines can take from each other."""
        alike: dict[tuple[int, ...], float] = {}
        for key in hidden:
            lines = self.lines_of[self.place[key]]
            alike[lines] = alike.get(lines, 0.0) + self.counts[self.place[key]]
        found = set()
        for key in keys:
            place = self.place[key]
            lines = self.lines_of[place]
            if not lines or alike[lines] - self.counts[place] >= limit:
                found.add(key)
        return found

    def wide(self, keys: Collection[Key], hidden: set[Key], limit: int) -> set[Key]:
        """Those of `keys` that are certainly wide already. None: some may be all the same, `also_hide` knows.

        Where none is so easily, one change raises as many as it can at once.
        """
        if easy := self.easily_wide(keys, hidden, limit):
            return easy
        wanted = [self.place[key] for key in keys]
        size = len(self.keys)
        free = self._places(hidden)
        up = np.zeros(size)
        up[wanted] = limit
        # change = counted rise (at most the limit, worth 1 each) + other rise - fall
        fall = np.where(free, self.counts, 0.0)
        found = self._solve(
            costs=[np.where(up > 0, -1.0, 0.0), np.zeros(size), np.full(size, 1e-3)],
            most=[np.where(free, up, 0.0), np.where(free, np.inf, 0.0), fall],
        )
        return {self.keys[place] for place in wanted if found[place] >= limit - _SLACK}

    def also_hide(self, key: Key, hidden: set[Key], limit: int) -> set[Key]:
        """What else must be hidden so that `key` may be higher by `limit`: the fewest people, then ().

        An empty cell stays empty, because it is often known to be, unless `key` is empty and is it or a sum of it: a
        version before had few people there. An empty sum may rise, because it does so only with a cell.
        """
        size = len(self.keys)
        free = self._places(hidden)
        costs = np.where(free, 0.0, self.counts)
        here = self.place[key]
        may_rise = (self.counts > 0) | free | self.is_sum
        if not self.counts[here]:
            may_rise |= self._places(self.parts_of.get(key, ()))
        most_up = np.where(may_rise, np.inf, 0.0)
        least = np.zeros(size)
        least[here] = limit
        fall = self.counts.copy()
        if self.counts[here] >= limit:
            fall[here] = 0.0  # a large one that is hidden for its difference must rise, not rise and fall back
        found = self._solve(
            costs=[np.zeros(size), costs, costs],
            most=[least, most_up, fall],
            least=[least, np.zeros(size), np.zeros(size)],
        )
        changed = np.flatnonzero(np.abs(found) > _SLACK)
        return {self.keys[place] for place in changed} - hidden

    def _places(self, keys: Collection[Key]) -> NDArray[np.bool_]:
        free = np.zeros(len(self.keys), dtype=bool)
        free[[self.place[key] for key in keys]] = True
        return free

    def _solve(
        self,
        costs: Sequence[NDArray[np.float64]],
        most: Sequence[NDArray[np.float64]],
        least: Sequence[NDArray[np.float64]] | None = None,
    ) -> NDArray[np.float64]:
        """The cheapest change that every line allows: two parts that rise less one that falls."""
        from scipy.optimize import linprog
        from scipy.sparse import hstack

        size = len(self.keys)
        upper = np.concatenate(most)
        lower = np.zeros(3 * size) if least is None else np.concatenate(least)
        answer = linprog(
            np.concatenate(costs),
            A_eq=hstack([self.matrix, self.matrix, -self.matrix]).tocsr() if self.matrix.shape[0] else None,
            b_eq=np.zeros(self.matrix.shape[0]) if self.matrix.shape[0] else None,
            bounds=np.column_stack([lower, upper]),
            method="highs-ds",  # a corner, which changes few numbers
        )
        if answer.status != 0:
            raise ArithmeticError(f"What a table gives away could not be found: {answer.message}")
        rise, more, fall = np.split(np.asarray(answer.x, dtype=float), 3)
        change: NDArray[np.float64] = rise + more - fall
        return change

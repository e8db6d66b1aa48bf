"""Whose work is next: everybody's first piece before anybody's second, however many somebody asks for. Pure."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key")


def fair_order(
    waiting: Iterable[tuple[Key, Hashable]], *, busy: Iterable[Hashable] = (), served: Iterable[Hashable] = ()
) -> list[Key]:
    """`waiting`: (what, whose), in the order they were asked for. `busy`: whose work is being done, once for each.

    `served`: whose work was done lately, the last one at the end: of two with as many turns the other one is first.

    >>> fair_order([(1, "ann"), (2, "ann"), (3, "bob")])
    [1, 3, 2]
    >>> fair_order([(1, "ann"), (2, "ann"), (3, "bob")], busy=["ann"])
    [3, 1, 2]
    >>> fair_order([(2, "ann"), (3, "bob")], served=["ann"])
    [3, 2]
    """
    after = {whose: at for at, whose in enumerate(served, 1)}
    turns: dict[Hashable, int] = {}
    for whose in busy:
        turns[whose] = turns.get(whose, 0) + 1
    ranked: list[tuple[int, int, int, Key]] = []
    for at, (what, whose) in enumerate(waiting):
        turns[whose] = turns.get(whose, 0) + 1
        ranked.append((turns[whose], after.get(whose, 0), at, what))
    return [each[3] for each in sorted(ranked, key=lambda each: each[:3])]

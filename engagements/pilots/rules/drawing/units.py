"""The list that is drawn from, as one text with a fingerprint that does not depend on the order of the file."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DrawUnit:
    """`id`: salted. `city`: slug. `block`: values of the registered columns, joined. `numbers`: what pairs are matched
    on. `pair`: as `pairs.match_pairs` made it, "" in other designs."""

    id: str
    city: str = ""
    block: str = ""
    cluster: str = ""
    pair: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


class DrawRefused(ValueError):
    """The list cannot be drawn from by the registered scheme; the text says why and what to do."""


def list_text(units: Iterable[DrawUnit]) -> str:
    """One line a unit, in the order of ids: id, city, block, cluster, pair and "name=number" by name, between tabs.

    Worked: DrawUnit("a1", "tulsa", "north") -> "a1\\ttulsa\\tnorth\\t\\t\\n".
    """
    lines = []
    for unit in sorted(units, key=lambda one: one.id):
        numbers = [f"{name}={float(unit.numbers[name])!r}" for name in sorted(unit.numbers)]
        cells = [unit.id, unit.city, unit.block, unit.cluster, unit.pair, *numbers]
        if any("\t" in cell or "\n" in cell for cell in cells):
            raise DrawRefused("A block or a group has a tab or a line break in its name.")
        lines.append("\t".join(cells) + "\n")
    return "".join(lines)


def list_sha256(units: Iterable[DrawUnit]) -> str:
    """Fingerprint of the list: the same for the same units in any order."""
    return hashlib.sha256(list_text(units).encode()).hexdigest()

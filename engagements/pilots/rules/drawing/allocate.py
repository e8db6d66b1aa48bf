"""Draws the arms by the registered scheme. The same list, in any order, with the same seed gives the same arms."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from engagements.pilots.rules.drawing.shares import arm_sizes
from engagements.pilots.rules.drawing.stream import Stream
from engagements.pilots.rules.drawing.units import DrawRefused, DrawUnit, list_sha256
from engagements.pilots.rules.registration import DRAWN, DesignKind, Registration

ALGORITHM = "sorted list, PCG64 raw 64-bit numbers"
ALGORITHM_VERSION = "1"
# In the order it happens; the page and the bundle print it, so that it can be done again elsewhere.
ALGORITHM_STEPS = (
    "Sort the units by salted id. Write each as a line and take SHA-256 of the whole: the fingerprint of the list.",
    "With a public draw the seed is its registered name, its day and its numbers in ascending order, without zeros in "
    "front: “Powerball, 2026-12-02: 7 9 14 23 40 61”.",
    "Take SHA-256 of the seed, a line break and that fingerprint. Its first 16 bytes are the seed of NumPy’s PCG64.",
    "Go through the blocks in order: city, then block. In each, give every unit (or cluster) in order of its name "
    "the next 64-bit number, and sort by it.",
    "Take one more number for what is left over when shares do not divide evenly. Then fill the groups in their order: "
    "the first units to the first group, and so on.",
    "With matched pairs, each pair is such a block. With phased starts, the starts take the place of the groups.",
)


@dataclass(frozen=True)
class Assigned:
    """`starts_in`: the period a phased start begins in, else ""."""

    arm: str
    starts_in: str = ""


@dataclass(frozen=True)
class Drawn:
    """`arms`: by unit id. `result_sha256`: of the lines "id TAB arm TAB start", sorted."""

    scheme: str
    algorithm: str
    algorithm_version: str
    list_sha256: str
    result_sha256: str
    arms: dict[str, Assigned]


def allocate(registration: Registration, units: Sequence[DrawUnit], seed: str, listed: str = "") -> Drawn:
    """Raises DrawRefused where the list and the registered scheme do not fit.

    `listed`: the fingerprint that was kept of the list, where its numbers were deleted: they are in the fingerprint,
    but nothing else of the draw needs them. Else it is taken of the list.
    """
    if registration.design not in DRAWN:
        raise DrawRefused("Nobody is drawn in this design.")
    if len({unit.id for unit in units}) < len(units):
        raise DrawRefused("A unit is in the list twice.")
    if not units:
        raise DrawRefused("The list is empty.")
    if registration.design in (DesignKind.CLUSTERS, DesignKind.PHASED):
        check_clusters(units)
    listed = listed or list_sha256(units)
    stream = Stream(seed, listed)
    labels = _labels(registration)
    weights = [1] * len(labels) if registration.design == DesignKind.PHASED else [a.weight for a in registration.arms]
    arms: dict[str, Assigned] = {}
    for _, members in sorted(_blocks(registration, units).items()):
        groups = _groups(registration, members)
        order = stream.shuffled(groups)
        sizes = arm_sizes(len(order), weights, stream)
        start = 0
        for label, size in zip(labels, sizes, strict=True):
            for name in order[start : start + size]:
                arms.update(dict.fromkeys(groups[name], label))
            start += size
    if missing := [label for label in labels if label not in arms.values()]:
        said = missing[0].starts_in or next(arm.name for arm in registration.arms if arm.key == missing[0].arm)
        raise DrawRefused(f"“{said}” would get nobody. Blocks are too small for so many groups.")
    return Drawn(_scheme(registration), ALGORITHM, ALGORITHM_VERSION, listed, result_sha256(arms), arms)


def result_sha256(arms: dict[str, Assigned]) -> str:
    lines = (f"{name}\t{given.arm}\t{given.starts_in}\n" for name, given in sorted(arms.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _labels(registration: Registration) -> list[Assigned]:
    """What is shared out: arms, or starts of the arm with the program."""
    if registration.design != DesignKind.PHASED:
        return [Assigned(arm.key) for arm in registration.arms]
    starts = [entry for entry in registration.starts_in if "=" not in entry]
    if len(starts) < 2:
        raise DrawRefused("A phased start needs two periods or more in which groups begin. Amend the registration.")
    return [Assigned(registration.arms[1].key, start) for start in starts]


def _blocks(registration: Registration, units: Sequence[DrawUnit]) -> dict[tuple[str, ...], list[DrawUnit]]:
    """By city and block; each pair is a block of its own."""
    found: dict[tuple[str, ...], list[DrawUnit]] = {}
    for unit in units:
        key: tuple[str, ...] = (unit.city, unit.block)
        if registration.design == DesignKind.PAIRS:
            key = (unit.city, unit.block, unit.pair)
        found.setdefault(key, []).append(unit)
    if registration.design == DesignKind.PAIRS and any(len(two) != 2 for two in found.values()):
        raise DrawRefused("Not every unit has exactly one partner. Import the list again.")
    return found


def _groups(registration: Registration, members: list[DrawUnit]) -> dict[str, list[str]]:
    """What is drawn as one: each unit, or all units of a cluster in this block."""
    if registration.design not in (DesignKind.CLUSTERS, DesignKind.PHASED):
        return {unit.id: [unit.id] for unit in members}
    found: dict[str, list[str]] = {}
    for unit in members:
        if not unit.cluster:
            raise DrawRefused("A unit has no group. Fill the registered column for each.")
        found.setdefault(unit.cluster, []).append(unit.id)
    return found


def check_clusters(units: Sequence[DrawUnit]) -> None:
    """A group lies within one block and one city, or its people could get different arms. Raises DrawRefused."""
    place: dict[str, tuple[str, str]] = {}
    for unit in units:
        if place.setdefault(unit.cluster, (unit.city, unit.block)) != (unit.city, unit.block):
            raise DrawRefused("A group lies in two blocks or cities. Give each of its people the same block.")


def _scheme(registration: Registration) -> str:
    blocked = bool(registration.draw.block_by) or len(registration.cities) > 1
    names = {
        DesignKind.PEOPLE: "by unit",
        DesignKind.PAIRS: "matched pairs",
        DesignKind.CLUSTERS: "by group",
        DesignKind.PHASED: "by group, phased start",
    }
    return f"{names[registration.design]}{', within blocks' if blocked else ''}"

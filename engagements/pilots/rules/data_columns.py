"""The columns that a data file of a pilot may have, from its registration: for readers, mappings, pages and docs."""

from dataclasses import dataclass
from enum import StrEnum

from engagements.pilots.rules.registration import OVER_TIME, DesignKind, OutcomeKind, Registration

# Designs whose files name the group that each line belongs to.
GROUPED = frozenset(
    {DesignKind.CLUSTERS, DesignKind.PHASED, DesignKind.DIFFERENCES, DesignKind.STAGGERED, DesignKind.SYNTHETIC}
)


class DataKind(StrEnum):
    AGGREGATES = "aggregates"  # one line per group of people: counts and sums
    ROWS = "rows"  # one line per person, or per person and period


@dataclass(frozen=True)
class Column:
    """`names`: the first is the portal's own; the others are read too."""

    names: tuple[str, ...]
    meaning: str
    is_needed: bool = False
    is_number: bool = False

    @property
    def name(self) -> str:
        return self.names[0]


def kind_of(header: tuple[str, ...]) -> DataKind:
    """Aggregates have a column `n`; rows have none."""
    return DataKind.AGGREGATES if "n" in header else DataKind.ROWS


def data_columns(registration: Registration, kind: DataKind) -> tuple[Column, ...]:
    """In the order in which a template lists them. All other columns are refused by name."""
    own = _counted(registration) if kind == DataKind.AGGREGATES else _measured(registration)
    arm = Column(("arm",), f"One of: {', '.join(one.key for one in registration.arms)}.", is_needed=True)
    return (arm, *_places(registration), *own, *_told_apart(registration))


def _places(registration: Registration) -> tuple[Column, ...]:
    design, draw = registration.design, registration.draw
    several = len(registration.cities) > 1
    cluster = ("cluster", *((draw.cluster_by,) if draw.cluster_by not in ("", "cluster", "city", "block") else ()))
    by = draw.block_by[0] if len(draw.block_by) == 1 else ""
    block = ("block", *((by,) if by not in ("", "block", "city", "cluster", *cluster) else ()))
    pair = design == DesignKind.PAIRS
    return (
        Column(("city",), f"The city, one of: {', '.join(registration.cities)}." if several else "The city.", several),
        Column(
            block, "The pair." if pair else "The block it was drawn in.", pair or bool(set(draw.block_by) - {"city"})
        ),
        Column(cluster, f"The {registration.unit} that the people belong to.", design in GROUPED),
        Column(("period",), "When it was measured: 2027, 2027-03, 2027Q1 or 2027-03-15.", design in OVER_TIME),
        Column(("measured_on",), "The day of the measurement, such as 2027-03-31, within the outcome’s window."),
    )


def _counted(registration: Registration) -> tuple[Column, ...]:
    share = registration.outcome.kind == OutcomeKind.SHARE
    needs_squares = not share and registration.design not in OVER_TIME
    return (
        Column(("n",), "People whose outcome is known.", is_needed=True, is_number=True),
        Column(
            ("total", "events"),
            "How many of them had the outcome." if share else "Sum of their outcomes.",
            is_needed=True,
            is_number=True,
        ),
        Column(("squares",), "Sum of their squared outcomes; not needed for a share.", needs_squares, True),
        Column(("assigned",), "People drawn, with those whose outcome is missing.", is_number=True),
        Column(("took_part",), "How many of `n` took part in the program.", is_number=True),
        Column(
            ("outcome_key",),
            "Which outcome the line counts, where a file has several: "
            f"{', '.join(one.key for one in (registration.outcome, *registration.secondary))}.",
        ),
    )


def _measured(registration: Registration) -> tuple[Column, ...]:
    """The outcome may be called `outcome` too: what else could it be."""
    primary = registration.outcome
    names = (primary.key,) if primary.key == "outcome" else (primary.key, "outcome")
    others = tuple(
        Column((one.key,), f"{one.name}: {'0 or 1' if one.kind == OutcomeKind.SHARE else one.unit}.", is_number=True)
        for one in registration.secondary
    )
    covariates = tuple(
        Column((name,), "Known before the draw; empty where it is missing.", True, True)
        for name in registration.covariates
    )
    said = "0 or 1" if primary.kind == OutcomeKind.SHARE else primary.unit
    return (
        Column(("id",), "The salted id of the person or unit: then nobody can be counted twice."),
        Column(names, f"{primary.name}: {said}; empty where it is missing.", is_needed=True, is_number=True),
        Column(
            ("took_part",), "1 for who took part in the program, else 0; empty where it is not known.", is_number=True
        ),
        *others,
        *covariates,
    )


def _told_apart(registration: Registration) -> tuple[Column, ...]:
    taken = {name for column in (*_places(registration), *_measured(registration)) for name in column.names}
    return tuple(
        Column((one.column,), f"For subgroups, one of: {', '.join(one.values)}.")
        for one in registration.subgroups
        if one.column not in taken
    )


def portal_name(registration: Registration, name: str) -> str:
    """The portal's own column for one that a registration names: "ward" -> "block" where people are drawn by ward."""
    return next((column.name for column in _places(registration) if name in column.names), name)

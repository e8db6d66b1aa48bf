"""Whether arms, design, method and looks fit together: what an analysis needs. Each problem is (field, sentence)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from engagements.pilots.rules.check_outcomes import COLUMN, COLUMN_RULE, RESERVED
from engagements.pilots.rules.plain import Problem
from engagements.pilots.rules.registration import (
    METHODS_OF,
    OVER_TIME,
    Boundary,
    DesignKind,
    Estimator,
    MissingRule,
    OutcomeKind,
    Registration,
)

MOST_ARMS, MOST_COLUMNS = 8, 20
LEAST_LEVEL, MOST_LEVEL = 95.0, 99.9  # percent, of the interval that gives the verdict
# Shares of the data. At a tenth the boundary is 7 standard errors out: an earlier look could not find anything.
FIRST_LOOK, BETWEEN_LOOKS = 0.1, 0.05
_ROUNDING = 1e-9  # 0.15 - 0.1 is a little less than 0.05
ARM_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
METHOD_NAMES = {
    Estimator.DIFFERENCE: "Difference between the groups",
    Estimator.BLOCKED: "Difference within blocks",
    Estimator.ADJUSTED: "Difference after adjusting for what was known before",
    Estimator.PAIRED: "Difference within pairs",
    Estimator.CLUSTERED: "Difference between groups, two tests must agree",
    Estimator.PHASED: "Started against not yet started",
    Estimator.DIFFERENCES: "Difference of changes",
    Estimator.SERIES: "Series with its own memory",
    Estimator.STAGGERED: "Against those not yet started",
    Estimator.SYNTHETIC: "Against a weighted mix of places",
}
_OVER_TIME_ALONE = OVER_TIME - {DesignKind.PHASED}


def design_problems(registration: Registration) -> Iterator[Problem]:
    yield from _arms(registration)
    yield from _method(registration)
    yield from _draw(registration)
    yield from _columns(registration)
    yield from _looks(registration)
    yield from _limits(registration)


def looks_sentence(looks: Sequence[float]) -> str:
    """What is wrong with looks at these shares of the data; "" if nothing, also where none is planned.

    Worked: .5, 1 -> ""; 1, .5 and .5, .5, 1 and .01, 1 and .5, .9 each give the sentence.
    """
    if not looks:
        return ""
    first, last = looks[0], looks[-1]
    is_spaced = all(later - earlier >= BETWEEN_LOOKS - _ROUNDING for earlier, later in pairwise(looks))
    if first >= FIRST_LOOK - _ROUNDING and is_spaced and last == 1:
        return ""
    return (
        f"Looks are shares of the data in rising order: the first at least {FIRST_LOOK:g}, each at least "
        f"{BETWEEN_LOOKS:g} after the one before, the last 1. For example 0.5, 1."
    )


def number_problems(registration: Registration) -> list[Problem]:
    """The part of `design_problems` on which power cannot be reckoned: looks, shares of the draw, assumptions."""
    found = (*_arms(registration), *_looks(registration), *_limits(registration))
    return [
        one for one in found if one[0] == "looks" or one[0].startswith("assumptions.") or one[0].endswith(".weight")
    ]


def _arms(registration: Registration) -> Iterator[Problem]:
    arms = registration.arms
    if len(arms) < 2:
        yield "arms", "Name two groups or more. The first is the comparison."
    elif len(arms) > MOST_ARMS:
        yield "arms", f"At most {MOST_ARMS} groups can be compared in one pilot."
    for number, arm in enumerate(arms):
        if not ARM_KEY.fullmatch(arm.key):
            yield f"arms.{number}.key", "Give a short key of letters, digits, - and _, as data files have it."
        elif arm.key in [other.key for other in arms[:number]]:
            yield f"arms.{number}.key", "Another group has this key already."
        if not 1 <= arm.weight <= 100:
            yield f"arms.{number}.weight", "The share of the draw is a whole number from 1 to 100."


def method_words(estimator: Estimator) -> str:
    """As the form names it, with the key that a file of `analyze_pilot` has: “Difference within blocks” (blocked)."""
    return f"“{METHOD_NAMES[estimator]}” ({estimator.value})"


def _method(registration: Registration) -> Iterator[Problem]:
    fitting = METHODS_OF[registration.design]
    if registration.estimator not in fitting:
        yield "estimator", f"This design has these methods: {', '.join(map(method_words, fitting))}."
    is_blocked = bool(registration.draw.block_by) or len(registration.cities) > 1
    if registration.estimator == Estimator.BLOCKED and not is_blocked:
        yield "draw.block_by", "This method needs blocks: name the columns, or several cities."
    if registration.estimator == Estimator.ADJUSTED and not registration.covariates:
        yield "covariates", "This method needs at least one column that is known before the draw."
    if registration.covariates and registration.estimator != Estimator.ADJUSTED:
        yield "covariates", f"Only {method_words(Estimator.ADJUSTED)} uses these columns. Choose it, or remove them."
    if registration.missing == MissingRule.WORST and registration.outcome.kind != OutcomeKind.SHARE:
        yield "missing", "The worst case can be counted for shares only."
    elif registration.missing == MissingRule.WORST and registration.design in OVER_TIME:
        yield "missing", "Over time the worst case cannot be counted: use those measured."


def _draw(registration: Registration) -> Iterator[Problem]:
    design, draw = registration.design, registration.draw
    if design in (DesignKind.CLUSTERS, DesignKind.PHASED) and not draw.cluster_by:
        yield "draw.cluster_by", "Name the column that says to which group a person belongs."
    if design == DesignKind.PAIRS and not draw.pair_by:
        yield "draw.pair_by", "Name the numbers that pairs are matched on, the most important first."
    if design == DesignKind.PAIRS and len(registration.arms) > 2:
        yield "arms", "Matched pairs compare two groups."
    if design in OVER_TIME and len(registration.arms) > 2:
        yield "arms", "A comparison over time compares two groups."
    if design in _OVER_TIME_ALONE and not registration.starts_in:
        yield "starts_in", "Say in which period the program started, for example 2027-03."
    if design == DesignKind.STAGGERED and len({entry.rpartition("=")[2] for entry in registration.starts_in}) == 1:
        yield "starts_in", "All groups start together. Choose the design with one start, “differences”."
    if registration.starts_in and design not in OVER_TIME:
        yield "starts_in", "Only a design over time has a period in which the program starts."
    if design == DesignKind.SYNTHETIC and registration.limits.pre_fit is None:
        yield "limits.pre_fit", "Say how far the comparison may be off before the program, in the outcome’s unit."
    cities = registration.cities
    if len(set(cities)) < len(cities):
        yield "cities", "A city is named twice."


def _columns(registration: Registration) -> Iterator[Problem]:
    draw = registration.draw
    named = {
        "covariates": registration.covariates,
        "quasi_identifiers": registration.quasi_identifiers,
        "draw.block_by": draw.block_by,
        "draw.pair_by": draw.pair_by,
        "draw.cluster_by": (draw.cluster_by,) if draw.cluster_by else (),
    }
    for where, columns in named.items():
        if len(columns) > MOST_COLUMNS:
            yield where, f"At most {MOST_COLUMNS} columns."
        if any(not COLUMN.fullmatch(column) for column in columns):
            yield where, f"A column has another kind of name. {COLUMN_RULE}"
        if len(set(columns)) < len(columns):
            yield where, "A column is named twice."
    outcomes = {outcome.key for outcome in (registration.outcome, *registration.secondary)}
    if outcomes & set(registration.covariates):
        yield "covariates", "An outcome cannot be known before the draw: the program may change it."
    if RESERVED & set(registration.covariates):
        yield "covariates", "Every data file has a column of this name for something else. Choose another."
    for number, group in enumerate(registration.subgroups):
        where = f"subgroups.{number}"
        if not COLUMN.fullmatch(group.column) or group.column in RESERVED - {"city", "block", "group"}:
            yield f"{where}.column", f"Name the column that tells people apart. {COLUMN_RULE}"
        elif group.column in outcomes:
            yield f"{where}.column", "An outcome cannot tell subgroups apart: the program may change it."
        elif group.column in [other.column for other in registration.subgroups[:number]]:
            yield f"{where}.column", "This column has subgroups already."
        if len(set(group.values)) < 2 or len(set(group.values)) < len(group.values) or "" in group.values:
            yield f"{where}.values", "Name two values or more, each once."


def _looks(registration: Registration) -> Iterator[Problem]:
    looks = registration.looks
    if registration.boundary != Boundary.NONE and registration.design in OVER_TIME:
        yield (
            "boundary",
            "A comparison over time is looked at once, at its end: people counted in each period are no share.",
        )
    if registration.boundary == Boundary.NONE:
        if len(looks) > 1:
            yield "boundary", "Several looks need a boundary, or chance alone will look like an effect."
    elif registration.boundary == Boundary.OBRIEN_FLEMING and len(looks) < 2:
        yield "looks", "Say at which shares of the data you will look, the last being 1: 0.5, 1."
    if sentence := looks_sentence(looks):
        yield "looks", sentence
    if (len(looks) > 1 or registration.boundary != Boundary.NONE) and not registration.stopping_rule.strip():
        yield "stopping_rule", "Say what happens when a look crosses the boundary."


def _limits(registration: Registration) -> Iterator[Problem]:
    limits, assumed = registration.limits, registration.assumptions
    ranges = (
        ("limits.lost_percent", limits.lost_percent, 0, 100),
        ("limits.lost_gap_points", limits.lost_gap_points, 0, 100),
        ("limits.earlier_drift", limits.earlier_drift, 0, 10),
        ("limits.smallest_cell", limits.smallest_cell, 5, 1000),
        ("assumptions.base_rate", assumed.base_rate, 0, 100),
        ("assumptions.r2", assumed.r2, 0, 0.999999),
        ("assumptions.take_up", assumed.take_up, 1, 100),
        ("assumptions.icc", assumed.icc, 0, 1),
        ("assumptions.size_cv", assumed.size_cv, 0, 10),
        ("assumptions.power", assumed.power, 50, 99.9),
        ("assumptions.people", assumed.people, 2, 1e9),
        ("assumptions.clusters", assumed.clusters, 2, 1e6),
        ("assumptions.treated_clusters", assumed.treated_clusters, 1, 1e6),
        ("assumptions.periods_before", assumed.periods_before, 0, 1e4),
        ("assumptions.periods_after", assumed.periods_after, 0, 1e4),
    )
    for where, value, least, most in ranges:
        if value is not None and not least <= value <= most:
            yield where, f"This is a number from {least:g} to {most:,.6g}."
    if not LEAST_LEVEL <= assumed.level <= MOST_LEVEL:
        yield (
            "assumptions.level",
            f"The level of the interval is from {LEAST_LEVEL:g} to {MOST_LEVEL:g} percent. Below {LEAST_LEVEL:g} "
            "chance alone would be called an effect more than 5 times in 100.",
        )
    for where, value in (("assumptions.sd", assumed.sd), ("limits.pre_fit", limits.pre_fit)):
        if value is not None and not value > 0:
            yield where, "This is a number above 0."
    if assumed.base_rate in (0, 100):
        yield "assumptions.base_rate", "With nobody or everybody nothing can change. Give a rate between 0 and 100."
    if (
        assumed.clusters is not None
        and assumed.treated_clusters is not None
        and assumed.treated_clusters >= assumed.clusters
    ):
        yield "assumptions.treated_clusters", "Some groups must stay without the program."
    if registration.cost_per_unit_usd is not None and registration.cost_per_unit_usd < 0:
        yield "cost_per_unit_usd", "A cost is 0 or more."

"""What is looked at besides the primary result: other outcomes, other arms, subgroups, other methods. No verdict words.

Registered ones share one Holm correction. Other methods are exploratory: they show how much the choice of a method
matters, with Benjamini and Hochberg's correction, and none of them can replace the registered one.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engagements.pilots.rules.absent_units import answer_of, method_of_parts
from engagements.pilots.rules.data import PilotData, Rows, Texts
from engagements.pilots.rules.estimates import Answer, Estimate, NamedEstimate, Refused
from engagements.pilots.rules.estimators.methods import Method
from engagements.pilots.rules.estimators.multiple import adjust
from engagements.pilots.rules.registration import DesignKind, Estimator, MissingRule, OutcomeKind, Registration
from engagements.pilots.rules.tallies import part_of

# Methods that are valid for data of another design too. What ignores how units were drawn, such as Welch's for clusters
# or for pairs of buildings, is never shown: its interval would be far too short.
_ALSO = {
    DesignKind.PHASED: (Estimator.STAGGERED,),
    DesignKind.STAGGERED: (Estimator.DIFFERENCES,),
}
_MISSING_WORDS = {MissingRule.COMPLETE: "those measured", MissingRule.WORST: "the missing counted as the worst"}


def registered_looks(
    registration: Registration,
    data: PilotData,
    secondary: Mapping[str, PilotData],
    groups: Mapping[str, Texts],
    drawn: Mapping[str, float] | None,
) -> tuple[tuple[NamedEstimate, ...], tuple[NamedEstimate, ...]]:
    """Secondary estimates (other arms, then other outcomes) and subgroups, with one Holm correction over both.

    `drawn`: units drawn by arm, {} where nobody says it, None where outcomes are not yet due."""
    found: list[tuple[str, Answer]] = [
        (f"{registration.outcome.name}, {arm.name}", answer_of(registration, data, arm.key, drawn))
        for arm in registration.arms[2:]
    ]
    for outcome in registration.secondary:
        if outcome.key in secondary:
            is_share = outcome.kind == OutcomeKind.SHARE
            rule = registration.missing if is_share else MissingRule.COMPLETE
            own = replace(registration, outcome=outcome, missing=rule)
            found.append((outcome.name, answer_of(own, secondary[outcome.key], registration.arms[1].key, drawn)))
        else:
            missing = Refused(registration.estimator, "The data have no such outcome.", "Its column in the data.")
            found.append((outcome.name, missing))
    others, method = len(found), method_of_parts(registration, data, drawn)
    for group in registration.subgroups:
        for value in group.values:
            found.append(
                (f"{group.column}: {value}", _within(registration, data, groups.get(group.column), value, method))
            )
    named = _named(found, registered=True)
    return named[:others], named[others:]


def other_methods(
    registration: Registration, data: PilotData, drawn: Mapping[str, float] | None
) -> tuple[NamedEstimate, ...]:
    """The specification table: every other method that fits these data, on the primary outcome and contrast."""
    tried: list[tuple[str, Answer]] = []
    treated = registration.arms[1].key
    for estimator in _fitting(registration, data):
        other = replace(registration, estimator=estimator)
        tried.append((str(estimator), answer_of(other, data, treated, drawn)))
    if registration.outcome.kind == OutcomeKind.SHARE and registration.design in (DesignKind.PEOPLE, DesignKind.PAIRS):
        rule = MissingRule.COMPLETE if registration.missing == MissingRule.WORST else MissingRule.WORST
        other = replace(registration, missing=rule)
        answer = answer_of(other, data, treated, drawn)
        tried.append((f"{registration.estimator}, {_MISSING_WORDS[rule]}", answer))
    return _named([one for one in tried if isinstance(one[1], Estimate)], registered=False)


def _fitting(registration: Registration, data: PilotData) -> list[Estimator]:
    design, own = registration.design, registration.estimator
    if design != DesignKind.PEOPLE:
        return list(_ALSO.get(design, ()))
    fitting = [Estimator.DIFFERENCE]
    if any(data.block) or len(set(data.city)) > 1:
        fitting.append(Estimator.BLOCKED)
    if isinstance(data, Rows) and registration.covariates:
        fitting.append(Estimator.ADJUSTED)
    return [one for one in fitting if one != own]


def _within(registration: Registration, data: PilotData, values: Texts | None, wanted: str, method: Method) -> Answer:
    if values is None:
        return Refused(registration.estimator, "The data do not tell this subgroup apart.", "Its column in the data.")
    here = np.asarray(values == wanted)
    part: PilotData = part_of(data, here) if isinstance(data, Rows) else part_of(data, here)  # for the type checker
    if not len(part.arm):
        return Refused(registration.estimator, "Nobody of this subgroup is in the data.", "People of this subgroup.")
    return method(registration, part, registration.arms[1].key)


def _named(found: list[tuple[str, Answer]], *, registered: bool) -> tuple[NamedEstimate, ...]:
    p = [answer.p if isinstance(answer, Estimate) else None for _, answer in found]
    adjusted = adjust(p, registered=registered)
    return tuple(
        NamedEstimate(name, answer, adjusted_p=own, is_registered=registered)
        for (name, answer), own in zip(found, adjusted, strict=True)
    )

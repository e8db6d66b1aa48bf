"""One analysis of a pilot: the registered method gives the result, everything else is said beside it.

Pure and repeatable: the same registration, data and facts give the same finding, digit for digit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engagements.pilots.rules.absent_units import answer_of, method_of_parts
from engagements.pilots.rules.at_end import (
    are_data_early,
    drawn_and_due,
    for_this_look,
    has_crossed,
    is_over,
    is_registered_look,
)
from engagements.pilots.rules.checks import cannot_be_analyzed
from engagements.pilots.rules.data import PilotData, Rows, Texts
from engagements.pilots.rules.estimates import (
    Answer,
    Attrition,
    Bounds,
    Estimate,
    Finding,
    Refused,
    SampleRatio,
)
from engagements.pilots.rules.estimators.balance import balance_of
from engagements.pilots.rules.estimators.pooled import by_city
from engagements.pilots.rules.estimators.sample_ratio import sample_ratio
from engagements.pilots.rules.estimators.take_up import on_takers, take_up
from engagements.pilots.rules.facts import PilotFacts
from engagements.pilots.rules.few_people import too_few
from engagements.pilots.rules.lost_people import find_lost
from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.power.drawn import DrawnCluster
from engagements.pilots.rules.power.mde import Detectable, detectable
from engagements.pilots.rules.registration import DRAWN, OVER_TIME, DesignKind, Registration
from engagements.pilots.rules.second_looks import other_methods, registered_looks
from engagements.pilots.rules.sentences import Told, sentence_of
from engagements.pilots.rules.shown_interval import Shown, shown_interval
from engagements.pilots.rules.verdict import VerdictCase, decide, strength_of
from engagements.verdicts import Verdict, Wanted

# Parts of an analysis in their order, for whoever shows progress.
PARTS = ("primary", "checks", "cities", "secondary", "specifications", "verdict")


@dataclass(frozen=True)
class _Checked:
    attrition: Attrition | None
    bounds: Bounds | Refused | None
    sample_ratio: SampleRatio | None
    take_up: float | None
    on_takers: Estimate | None


def analyze(
    registration: Registration,
    data: PilotData,
    facts: PilotFacts,
    *,
    secondary: Mapping[str, PilotData] | None = None,
    groups: Mapping[str, Texts] | None = None,
    clusters: Sequence[DrawnCluster] | None = None,
    tell: Callable[[str], None] = lambda part: None,
) -> Finding:
    """`secondary`: data by key of the other outcomes; `groups`: for each subgroup column the value of every entry of
    `data` (both as `reading` returns them). `clusters`: as drawn, for the smallest effect it could detect. `tell` is
    called with each of PARTS as it begins; what it raises ends the analysis.

    Raises PlainRefused where the registration does not hold together, unless the pilot was stopped: that needs no
    number. A design that gives no number is no error: then `primary` is Refused, and so is the verdict.
    """
    if facts.stopped_because:
        return _stopped(registration, facts)
    if problems := cannot_be_analyzed(registration):
        raise PlainRefused(problems)
    tell("primary")
    looked = for_this_look(registration, data, facts)
    treated = registration.arms[1].key
    due = drawn_and_due(registration, facts)
    primary = answer_of(looked, data, treated, due)
    tell("checks")
    checked = _check(looked, data, facts, primary.level if isinstance(primary, Estimate) else None)
    tell("cities")
    several = len(registration.cities) > 1 and registration.design not in OVER_TIME
    pooled = by_city(looked, data, treated, method_of_parts(looked, data, due)) if several else None
    tell("secondary")
    others, subgroups = registered_looks(looked, data, secondary or {}, groups or {}, due)
    tell("specifications")
    specifications = other_methods(looked, data, due) if isinstance(primary, Estimate) else ()
    tell("verdict")
    least = detectable(registration, clusters)
    shown = _shown(looked, primary, checked)
    at_look = is_registered_look(registration, data, facts)
    smallest = least.value if isinstance(least, Detectable) else None
    told = _tell(looked, facts, primary, checked, shown, at_look, smallest)
    return Finding(
        primary=primary,
        shown_low=shown.low if shown else None,
        shown_high=shown.high if shown else None,
        verdict=told.verdict,
        sentence=sentence_of(registration, told),
        reasons=told.reasons,
        strength=strength_of(registration.design, facts.is_registered_before),
        detectable=told.detectable,
        take_up=checked.take_up,
        on_takers=checked.on_takers,
        attrition=checked.attrition,
        bounds=checked.bounds if shown and isinstance(checked.bounds, Bounds) else None,
        sample_ratio=checked.sample_ratio,
        pooled=pooled,
        secondary=others,
        subgroups=subgroups,
        specifications=specifications,
        balance=balance_of(data, registration.arms[0].key, treated) if isinstance(data, Rows) else None,
    )


def _check(registration: Registration, data: PilotData, facts: PilotFacts, level: float | None) -> _Checked:
    treated = registration.arms[1].key
    by_person = registration.design == DesignKind.PEOPLE
    lost = find_lost(registration, data, drawn_and_due(registration, facts), level)
    may_tell = by_person and not too_few(registration, data, treated)
    takers = on_takers(registration, data, treated) if may_tell else None
    return _Checked(
        attrition=lost.attrition,
        bounds=lost.bounds,
        sample_ratio=_sizes(registration, data, facts) if registration.design in DRAWN else None,
        take_up=take_up(registration, data, treated).treated,
        on_takers=takers if isinstance(takers, Estimate) else None,
    )


def _sizes(registration: Registration, data: PilotData, facts: PilotFacts) -> SampleRatio | None:
    """Held against the sizes drawn; where nobody says them, against those registered."""
    assumed, arms = registration.assumptions, registration.arms
    drawn = dict(facts.drawn)
    known = assumed.clusters is not None and assumed.treated_clusters is not None
    if not drawn and registration.design == DesignKind.CLUSTERS and known and len(arms) == 2:
        treated = float(assumed.treated_clusters or 0)
        drawn = {arms[0].key: float(assumed.clusters or 0) - treated, arms[1].key: treated}
    if registration.design == DesignKind.PHASED:
        return None  # every group gets the program in the end: there are no sizes to compare
    return sample_ratio(registration, data, drawn or None)


def _shown(registration: Registration, primary: Answer, checked: _Checked) -> Shown | None:
    if not isinstance(primary, Estimate):
        return None
    return shown_interval(registration, primary, checked.attrition, checked.bounds)


def _tell(
    registration: Registration,
    facts: PilotFacts,
    primary: Answer,
    checked: _Checked,
    shown: Shown | None,
    at_look: bool,
    least: float | None,
) -> Told:
    """The verdict with all that its sentence needs; signs are turned here, so that plus is better."""
    if not isinstance(primary, Estimate) or shown is None:
        reason = primary.reason if isinstance(primary, Refused) else ""
        verdict, reasons = decide(VerdictCase(None, None, None, registration.smallest_worthwhile, refused=reason))
        refused = primary if isinstance(primary, Refused) else None
        return Told(verdict, reasons, facts.is_registered_before, detectable=least, refused=refused)
    is_more = registration.outcome.better == Wanted.MORE
    gain = primary.value if is_more else -primary.value
    low, high = (shown.low, shown.high) if is_more else (-shown.high, -shown.low)
    ratio = checked.sample_ratio
    earlier = primary.details.get("pre_trend_p")
    early_end = at_look and has_crossed(low, high)
    case = VerdictCase(
        gain=gain,
        low=low,
        high=high,
        smallest_worthwhile=registration.smallest_worthwhile,
        level=primary.level,
        second=primary.second,
        is_registered_before=facts.is_registered_before,
        is_at_end=is_over(registration, facts) or early_end,
        are_data_early=are_data_early(registration, facts),
        sample_ratio_p=ratio.p if ratio else None,
        pre_trend_p=earlier if isinstance(earlier, float) else None,
        caps=(*primary.caps, *shown.caps),
        is_widened=shown.is_widened,
        is_gap_alone=shown.is_gap_alone,
        take_up=checked.take_up,
    )
    verdict, reasons = decide(case)
    return Told(verdict, reasons, facts.is_registered_before, gain, low, high, primary.level, least)


def _stopped(registration: Registration, facts: PilotFacts) -> Finding:
    reason = facts.stopped_because
    told = Told(Verdict.STOPPED, (reason,), facts.is_registered_before, stopped=reason)
    return Finding(
        primary=Refused(registration.estimator, "No primary result was measured.", ""),
        shown_low=None,
        shown_high=None,
        verdict=Verdict.STOPPED,
        sentence=sentence_of(registration, told),
        reasons=("no primary result was measured", reason),
        strength=strength_of(registration.design, facts.is_registered_before),
        detectable=None,
    )

"""Units that were drawn and are in no line of the data: how many there are, and the rule "worst" with them counted in.

Whoever is not in a file is as lost as somebody whose outcome is empty. Where nobody knows the block, the covariates or
the size of what is absent, the registered rule cannot be carried out, and the answer says what it needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engagements.pilots.rules.data import Cells, PilotData, Rows
from engagements.pilots.rules.estimates import Answer, Refused
from engagements.pilots.rules.estimators.counted_units import plural
from engagements.pilots.rules.estimators.methods import Method
from engagements.pilots.rules.estimators.sample_ratio import units_by_arm
from engagements.pilots.rules.few_people import shown_method
from engagements.pilots.rules.registration import DesignKind, Estimator, MissingRule, Registration
from engagements.pilots.rules.tallies import KEYS

_COUNTED = frozenset({DesignKind.PEOPLE, DesignKind.PAIRS, DesignKind.CLUSTERS})
_ABSENT_PAIR = "not in the data"  # of pairs with no line; a number comes after it
Entry = tuple[str, str, str]  # arm, city, block


def sizes_drawn(registration: Registration, data: PilotData, drawn: Mapping[str, float] | None) -> dict[str, float]:
    """Units drawn, by arm, as far as they are known. Of a pair in the data both members were drawn, whoever says it.

    `drawn`: {} where nobody says it; None where outcomes are not yet due: then {}, also of pairs.
    """
    if drawn is None:
        return {}
    if registration.design != DesignKind.PAIRS:
        return dict(drawn)
    known = float(len(_pairs_of(data)))
    return {arm.key: max(known, drawn.get(arm.key, 0.0)) for arm in registration.arms}


def absent_units(registration: Registration, data: PilotData, drawn: Mapping[str, float] | None) -> dict[str, float]:
    """How many of the units drawn are in no line, by arm; empty where there are none, nobody can know, or outcomes are
    not yet due (`drawn` None).

    Worked: drawn 1,000 and 1,000, in the file 900 and 1,000 -> 100 of the first.
    """
    if registration.design not in _COUNTED or (came := units_by_arm(registration, data)) is None:
        return {}
    sizes = sizes_drawn(registration, data, drawn)
    short = {arm: sizes[arm] - number for arm, number in came.items() if arm in sizes}
    return {arm: number for arm, number in short.items() if number > 0}


def name_of_absent(registration: Registration) -> str:
    """ "people who were drawn", "schools that were drawn"."""
    if registration.design == DesignKind.PEOPLE or registration.unit == "person":
        return "people who were drawn"
    return f"{plural(registration.unit)} that were drawn"


def answer_of(registration: Registration, data: PilotData, treated: str, drawn: Mapping[str, float] | None) -> Answer:
    """The registered method on all of the data, with those absent counted as the rule about the missing says."""
    whole = counted_in(registration, data, drawn)
    return whole if isinstance(whole, Refused) else shown_method(registration.estimator)(registration, whole, treated)


def method_of_parts(registration: Registration, data: PilotData, drawn: Mapping[str, float] | None) -> Method:
    """For a city or a subgroup: nobody knows how many of the absent belong there, so "worst" is refused with any."""
    if registration.missing != MissingRule.WORST or not absent_units(registration, data, drawn):
        return shown_method(registration.estimator)
    refused = _refused(registration, "where they belong")
    return lambda _registration, _data, _treated: refused


def counted_in(registration: Registration, data: PilotData, drawn: Mapping[str, float] | None) -> PilotData | Refused:
    """Under the rule "worst" the data with an entry without an outcome for each absent unit; else as they are.

    A member of a pair counts by its mean, so one entry is enough whatever its size. Worked: 100 pairs drawn, 90 in the
    data, 5 of these with one member -> 25 entries more: 5, and both of 10 pairs.
    """
    absent = absent_units(registration, data, drawn) if registration.missing == MissingRule.WORST else {}
    if not absent:
        return data
    if registration.design == DesignKind.CLUSTERS:
        return _refused(registration, "how many people they have")
    if registration.design == DesignKind.PAIRS:
        missing = _absent_members(registration, data, sizes_drawn(registration, data, drawn))
        return _extended(data, missing, [1.0] * len(missing))
    if registration.draw.block_by or len(registration.cities) > 1:
        return _refused(registration, "their block")
    if registration.estimator == Estimator.ADJUSTED:
        return _refused(registration, "their covariates")
    return _extended(data, [(arm, "", "") for arm in absent], list(absent.values()))


def _refused(registration: Registration, unknown: str) -> Refused:
    name, each = (
        name_of_absent(registration),
        "person" if registration.design == DesignKind.PEOPLE else registration.unit,
    )
    return Refused(
        registration.estimator,
        f"The data leave out {name}. Nobody knows {unknown}, so they cannot be counted as the worst.",
        f"A line, or a count, of each {each} drawn, also without an outcome.",
    )


def _pairs_of(data: PilotData, arm: str | None = None) -> set[tuple[str, str]]:
    lines = zip(data.arm, data.city, data.block, strict=True)
    return {(city, block) for own, city, block in lines if arm is None or own == arm}


def _absent_members(registration: Registration, data: PilotData, sizes: Mapping[str, float]) -> list[Entry]:
    known = sorted(_pairs_of(data))
    more = round(max(sizes.values())) - len(known)
    pairs = [*known, *(("", f"{_ABSENT_PAIR} {number}") for number in range(more))]
    came = {arm.key: _pairs_of(data, arm.key) for arm in registration.arms}
    return [(arm, *pair) for arm, here in came.items() for pair in pairs if pair not in here]


def _extended(data: PilotData, entries: Sequence[Entry], counts: Sequence[float]) -> PilotData:
    """`counts`: units of each entry; in rows each is a row of its own."""
    times = [round(one) for one in counts] if isinstance(data, Rows) else [1] * len(entries)
    size = sum(times)
    last = {name: np.full(size, "", dtype=object) for name in KEYS}
    for place, name in enumerate(("arm", "city", "block")):
        last[name] = np.repeat(np.array([entry[place] for entry in entries], dtype=object), times)
    texts: dict[str, Any] = {name: np.concatenate([getattr(data, name), last[name]]) for name in KEYS}
    if isinstance(data, Cells):
        zeros = np.zeros(size)
        none: dict[str, Any] = {
            name: np.concatenate([getattr(data, name), zeros]) for name in ("n", "total", "squares", "took_part")
        }
        return replace(data, assigned=np.concatenate([data.assigned, np.array(counts)]), **none, **texts)
    gap = np.full(size, np.nan)
    return replace(
        data,
        outcome=np.concatenate([data.outcome, gap]),
        took_part=np.concatenate([data.took_part, gap]),
        covariates={name: np.concatenate([values, gap]) for name, values in data.covariates.items()},
        **texts,
    )

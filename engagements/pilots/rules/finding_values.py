"""A finding as plain values for JSON: the output of `analyze_pilot`, the bundle's expected numbers, the API."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from engagements.pilots.rules.estimates import Answer, Estimate, Finding, NamedEstimate, Refused
from engagements.pilots.rules.facts import PilotFacts
from engagements.pilots.rules.registration import Registration

# The keys that every answer has, in this order; what was not computed is null.
KEYS = (
    "value",
    "standard_error",
    "interval",
    "level",
    "df",
    "p",
    "attainable_p",
    "method",
    "refused",
    "reason",
    "verdict",
    "sentence",
)


def finding_values(registration: Registration, facts: PilotFacts, finding: Finding) -> dict[str, Any]:
    """KEYS first, then all else. `interval` is what the verdict rests on, after every union; `method_interval` the
    method's own. Numbers are in the shown unit: percentage points for a share. No number is NaN or infinite."""
    primary = finding.primary
    interval = [finding.shown_low, finding.shown_high] if finding.shown_low is not None else None
    values = {
        **_answer(primary),
        "interval": interval,
        "verdict": finding.verdict,
        "sentence": finding.sentence,
    }
    known = {name: values[name] for name in KEYS}
    plain: dict[str, Any] = _plain(
        {
            **known,
            "needed": primary.needed if isinstance(primary, Refused) else "",
            "method_interval": values["method_interval"],
            "unit": registration.outcome.unit,
            "smallest_worthwhile": registration.smallest_worthwhile,
            "reasons": list(finding.reasons),
            "strength": finding.strength,
            "registered_before_data": facts.is_registered_before,
            "registered_why": facts.registered_why,
            "detectable": finding.detectable,
            "people": primary.people if isinstance(primary, Estimate) else None,
            "units": primary.units if isinstance(primary, Estimate) else None,
            "second_test": primary.second if isinstance(primary, Estimate) else None,
            "caps": list(primary.caps) if isinstance(primary, Estimate) else [],
            "notes": list(primary.notes) if isinstance(primary, Estimate) else [],
            "details": dict(primary.details) if isinstance(primary, Estimate) else {},
            "take_up": finding.take_up,
            "on_takers": _answer(finding.on_takers) if finding.on_takers else None,
            "sample_ratio": finding.sample_ratio,
            "attrition": finding.attrition,
            "bounds": finding.bounds,
            "balance": finding.balance,
            "cities": _cities(finding),
            "secondary": _named(finding.secondary),
            "subgroups": _named(finding.subgroups),
            "specifications": _named(finding.specifications),
        }
    )
    return plain


def _answer(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Refused):
        empty: dict[str, Any] = dict.fromkeys(KEYS)
        return empty | {
            "method": answer.method,
            "refused": True,
            "reason": answer.reason,
            "method_interval": None,
        }
    return {
        "value": answer.value,
        "standard_error": answer.standard_error,
        "interval": [answer.low, answer.high],
        "level": answer.level,
        "df": answer.df,
        "p": answer.p,
        "attainable_p": answer.attainable_p,
        "method": answer.method,
        "refused": False,
        "reason": "",
        "method_interval": [answer.low, answer.high],
    }


def _named(estimates: tuple[NamedEstimate, ...]) -> list[dict[str, Any]]:
    kept = ("value", "standard_error", "interval", "level", "p", "refused", "reason")
    return [
        {
            "name": one.name,
            "is_registered": one.is_registered,
            "adjusted_p": one.adjusted_p,
            **{name: value for name, value in _answer(one.answer).items() if name in kept},
        }
        for one in estimates
    ]


def _cities(finding: Finding) -> dict[str, Any] | None:
    if finding.pooled is None:
        return None
    pooled = {one.name: getattr(finding.pooled, one.name) for one in fields(finding.pooled) if one.name != "cities"}
    return pooled | {"cities": _named(finding.pooled.cities)}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool | str | int) or value is None:
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _plain(value.item())  # a number of numpy

"""A finding as JSON keeps it, and back: what one analysis said is read years later by the same record.

Numbers that JSON has no word for (an interval without an end) are kept as the texts "Infinity", "-Infinity" and "NaN",
which the database reads as numbers too.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from engagements.pilots.rules.estimates import Answer, Estimate, Finding, Refused
from engagements.pilots.rules.plain import to_plain
from engagements.pilots.rules.tallies import ArmTally
from engagements.verdicts import Verdict

_ARMS = "arms"
_TEXTS = {math.inf: "Infinity", -math.inf: "-Infinity"}


@dataclass(frozen=True)
class ArmCount:
    """People of one arm: measured, drawn and who took part (None where the data do not say), and their mean outcome,
    as collected (0 to 1 for a share)."""

    key: str
    measured: int
    mean: float | None
    assigned: int | None
    took_part: int | None


def count_of(tally: ArmTally) -> ArmCount:
    """What stays of an arm when its data are deleted."""
    mean = tally.mean
    return ArmCount(
        tally.key,
        round(tally.n),
        mean if math.isfinite(mean) else None,
        _whole(tally.assigned),
        _whole(tally.took_part),
    )


def finding_json(finding: Finding, arms: tuple[ArmCount, ...] = ()) -> dict[str, Any]:
    """Keys as in `Finding`, and "arms"."""
    return {**_kept(to_plain(finding)), _ARMS: _kept(to_plain(arms))}


def finding_of(kept: Mapping[str, Any]) -> Finding:
    """The reverse. Keys that the record does not know are left out, those it lacks take their default.

    Raises KeyError or TypeError where what has no default is missing.
    """
    made = _record(Finding, kept)
    assert isinstance(made, Finding)
    return made


def arms_of(kept: Mapping[str, Any]) -> tuple[ArmCount, ...]:
    return tuple(_record(ArmCount, one) for one in kept.get(_ARMS, []))


def _whole(value: float) -> int | None:
    return round(value) if math.isfinite(value) else None


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kept(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_kept(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return _TEXTS.get(value, "NaN")
    # numpy's numbers are no JSON; those of estimators may be.
    return value.item() if hasattr(value, "item") else value


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: type, kept: Mapping[str, Any]) -> Any:
    hints = _types(kind)
    return kind(**{one.name: _read(hints[one.name], kept[one.name]) for one in fields(kind) if one.name in kept})


def _read(kind: Any, kept: Any) -> Any:
    if kept is None:
        return None
    if kind == Answer:
        return _record(Refused if "needed" in kept else Estimate, kept)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        choices = [one for one in get_args(kind) if one is not type(None)]
        return _read(choices[0], kept) if len(choices) == 1 else kept
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in kept)
    if origin is not None and issubclass(origin, Mapping):
        return {name: _read(get_args(kind)[1], one) for name, one in kept.items()}
    if is_dataclass(kind):
        return _record(kind, kept)  # type: ignore[arg-type]
    if kind is float:
        return float(kept)
    return Verdict(kept) if kind is Verdict else kept

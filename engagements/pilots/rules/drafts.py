"""A registration while it is being written: anything may be missing, and it is read all the same."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engagements.pilots.rules.canonical import canonical_json, registration_of
from engagements.pilots.rules.plain import Problem, from_plain, to_plain
from engagements.pilots.rules.registration import DesignKind, Registration

# What a registration cannot be without, as a draft begins: half and half, one share.
START: dict[str, Any] = {
    "title": "",
    "question": "",
    "unit": "",
    "people": "",
    "eligibility": "",
    "arms": [
        {"key": "comparison", "name": "", "gets": "", "weight": 1},
        {"key": "program", "name": "", "gets": "", "weight": 1},
    ],
    "outcome": {"key": "", "name": "", "kind": "share", "unit": "percentage points"},
    "smallest_worthwhile": 0.0,
    "worthwhile_because": "",
    "design": "people",
    "estimator": "difference",
}


def draft_registration(draft: Mapping[str, Any]) -> Registration:
    """The draft with START for what is missing. Raises PlainRefused for names and values that are none."""
    filled = {**START, **draft}
    filled["outcome"] = {**START["outcome"], **(draft.get("outcome") or {})}
    return from_plain(Registration, filled)


def plain_draft(registration: Registration) -> dict[str, Any]:
    """As a JSON column keeps it: days as text."""
    return _json(to_plain(registration))  # type: ignore[no-any-return]


def template_of(text: str) -> dict[str, Any]:
    """The draft of another city's pilot: the registered plan without its people, cities, days, seed and determination.

    A public draw of the past would fix a seed that anybody can know before the list is locked.
    """
    plan = registration_of(text)
    outcome = replace(plan.outcome, window_from=None, window_to=None)
    secondary = tuple(replace(one, window_from=None, window_to=None) for one in plan.secondary)
    undated = replace(plan, cities=(), starts_on=None, ends_on=None, starts_in=(), outcome=outcome, secondary=secondary)
    draw = replace(plan.draw, seed_from="", seed_on=None, seed_numbers=None)
    kept = plain_draft(replace(undated, draw=draw))
    return {name: value for name, value in kept.items() if name not in ("human_subjects", "cities")}


def amendment_problems(before: Registration, after: Registration, *, is_listed: bool) -> list[Problem]:
    """What an amendment may not change: then it would be another test. `is_listed`: the list of units is locked, and
    from then on nothing that goes into the draw changes: whoever knows the seed could choose by it.

    Words, days, the method, assumptions, secondary outcomes and human subjects may be amended with a reason; what was
    amended after data came in is shown as such and gives no verdict.
    """
    another = "This would be another test. Make a new pilot from this one."
    found: list[Problem] = []
    for name in ("key", "kind", "better"):
        if getattr(before.outcome, name) != getattr(after.outcome, name):
            found.append((f"outcome.{name}", f"The primary outcome of a registered pilot does not change. {another}"))
    if before.design != after.design:
        found.append(("design", f"The design of a registered pilot does not change. {another}"))
    if [arm.key for arm in before.arms] != [arm.key for arm in after.arms]:
        found.append(("arms", f"The groups of a registered pilot do not change. {another}"))
    if is_listed and [arm.weight for arm in before.arms] != [arm.weight for arm in after.arms]:
        found.append(("arms", "The list is locked: the groups’ shares of the draw do not change any more."))
    if is_listed and before.draw != after.draw:
        found.append(("draw", "The list is locked: how it is drawn from does not change any more."))
    if is_listed and before.design == DesignKind.PHASED and before.starts_in != after.starts_in:
        found.append(("starts_in", "The list is locked: the periods that are drawn do not change any more."))
    if canonical_json(before) == canonical_json(after):
        found.append(("", "Nothing differs from the locked version."))
    return found


def changed_fields(before: Registration, after: Registration) -> tuple[str, ...]:
    """Names of the fields that an amendment changed, as in the file: "outcome.window_to", "ends_on"."""
    return tuple(_changed(to_plain(before), to_plain(after), ""))


def _changed(before: Any, after: Any, where: str) -> Iterable[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before:
            yield from _changed(before[name], after.get(name), f"{where}.{name}" if where else name)
    elif before != after:
        yield where


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value

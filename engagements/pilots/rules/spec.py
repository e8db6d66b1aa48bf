"""The file that describes a pilot to `analyze_pilot`: the fields of a registration as TOML, and what data cannot say.

Keys are the names of the fields (`docs/pilots.md` lists them). A key that is not known is refused with the nearest one
that is. The bundle of a published verdict holds such a file, so that anyone can compute it again.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from engagements.pilots.rules.facts import PilotFacts, registered_before
from engagements.pilots.rules.plain import PlainRefused, Problem, from_plain, to_plain, unknown_name
from engagements.pilots.rules.power.drawn import DrawnCluster
from engagements.pilots.rules.registration import DRAWN, DesignKind, Registration

MAX_BYTES = 500_000
FACTS = "facts"


@dataclass(frozen=True)
class SpecFacts:
    """The table [facts]. Without both moments nothing was registered before data: the result is exploratory.

    `locked_at`: of the wording that gives the verdict. `outcomes_from`: the earliest first day of the outcome's window
    by it or a wording before it; left out, its own.
    `clusters`: as drawn, with their sizes, for the smallest effect that could be detected; else the assumed ones.
    `analyzed_on`: left out, the day on which the file is read. `delivered_on`: that on which the data came in; left
    out, that of the analysis. Both are held against the registered end.
    """

    locked_at: datetime | None = None
    first_data_at: datetime | None = None
    outcomes_from: date | None = None
    delivered_on: date | None = None
    analyzed_on: date | None = None
    stopped_because: str = ""
    drawn: Mapping[str, float] = field(default_factory=dict)
    clusters: tuple[DrawnCluster, ...] = ()


@dataclass(frozen=True)
class Spec:
    registration: Registration
    facts: SpecFacts

    def facts_on(self, today: date) -> PilotFacts:
        """What an analysis is told; `today` unless the file says another day."""
        told = self.facts
        opens = self.registration.outcome.window_from
        earliest = min(opens, told.outcomes_from or opens) if opens else None
        before = registered_before(told.locked_at, told.first_data_at, earliest)
        is_so, why = before.is_so, before.why
        if told.locked_at is None or told.first_data_at is None:
            is_so, why = False, "The file does not say both when the plan was locked and when the first data came in."
        return PilotFacts(
            today=told.analyzed_on or today,
            data_on=told.delivered_on,
            is_registered_before=is_so,
            registered_why=why,
            stopped_because=told.stopped_because,
            drawn=told.drawn,
        )


def read_spec(content: bytes) -> Spec:
    """Raises PlainRefused with every problem found: no TOML, unknown keys, keys that are missing, values of another
    type. Whether the plan makes sense is not looked at here: `checks.cannot_be_analyzed` does."""
    if len(content) > MAX_BYTES:
        raise PlainRefused(
            [("", f"The spec has more than {MAX_BYTES // 1000:,} kB. It describes a pilot, it holds no data.")]
        )
    try:
        plain = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as broken:
        raise PlainRefused([("", "The spec is not UTF-8. Save it as UTF-8.")]) from broken
    except RecursionError as deep:
        raise PlainRefused([("", "The spec has lists within lists without end.")]) from deep
    except ValueError as broken:
        raise PlainRefused([("", f"The spec is not TOML: {_shown(str(broken))}.")]) from broken
    return _made(plain)


def write_spec(registration: Registration, facts: SpecFacts) -> str:
    """TOML that `read_spec` gives back. Fields with their default are left out."""
    plain = _without_defaults(registration) | {FACTS: _without_defaults(facts)}
    return "\n".join(_table(plain, "")).strip() + "\n"


def _made(plain: dict[str, Any]) -> Spec:
    problems = []
    known = [one.name for one in fields(Registration)]
    given = {name: value for name, value in plain.items() if name != FACTS}
    problems += [(name, unknown_name("", name, [*known, FACTS])) for name in given if name not in known]
    registration = facts = None
    try:
        registration = from_plain(Registration, {name: value for name, value in given.items() if name in known})
    except PlainRefused as refused:
        problems += refused.problems
    try:
        facts = from_plain(SpecFacts, plain.get(FACTS, {}), FACTS)
    except PlainRefused as refused:
        problems += refused.problems
    if problems or registration is None or facts is None:
        raise PlainRefused(problems)
    if problems := list(_drawn_problems(registration, facts.drawn)):
        raise PlainRefused(problems)
    return Spec(registration, facts)


def _drawn_problems(registration: Registration, drawn: Mapping[str, float]) -> Iterator[Problem]:
    """Sizes of every arm or of none: with one missing, nobody could see that too few of it came."""
    where, arms = f"{FACTS}.drawn", [arm.key for arm in registration.arms]
    if unknown := sorted(set(drawn) - set(arms)):
        yield where, unknown_name(where, unknown[0], sorted(arms))
        return
    if not drawn or registration.design not in DRAWN or registration.design == DesignKind.PHASED:
        return  # of phased starts every group gets the program: there are no arms to compare
    for key in arms:
        if key not in drawn:
            yield where, f"“{where}” lacks “{key}”. Say how many were drawn into every arm, or leave it out whole."
        elif drawn[key] < 1 or drawn[key] != int(drawn[key]):
            yield f"{where}.{key}", f"“{where}.{key}” must be a whole number above 0."


def _without_defaults(record: Any) -> dict[str, Any]:
    """Plain values of a record and of the records in it, without those that a reader fills in anyway."""
    plain: dict[str, Any] = {}
    for one in fields(record):
        value = getattr(record, one.name)
        default = one.default_factory() if callable(one.default_factory) else one.default
        if value is None or value == default:
            continue
        if isinstance(value, tuple) and value and hasattr(value[0], "__dataclass_fields__"):
            plain[one.name] = [_without_defaults(each) for each in value]
        elif hasattr(value, "__dataclass_fields__"):
            plain[one.name] = _without_defaults(value)
        else:
            plain[one.name] = to_plain(value)
    return plain


def _table(plain: Mapping[str, Any], where: str) -> Iterator[str]:
    """Values first: in TOML what follows a table belongs to it."""
    for name, value in plain.items():
        if not _is_table(value):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in plain.items():
        path = f"{where}.{_key(name)}" if where else _key(name)
        if isinstance(value, Mapping):
            yield from ("", f"[{path}]", *_table(value, path))
        elif _is_table(value):
            for each in value:
                yield from ("", f"[[{path}]]", *_table(each, path))


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _value(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    text = value.value if isinstance(value, StrEnum) else str(value)
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _shown(text: str) -> str:
    """What the parser says, without what could move a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text).rstrip(".")[:200]

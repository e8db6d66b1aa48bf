"""A registration as plain values (texts, numbers, dates, lists, tables by name) and back, by the types of its fields.

One reader for the locked JSON, the file of `analyze_pilot` and drafts of the form. What the record does not know is
named, with the nearest name it does know; nothing is guessed.
"""

import difflib
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Made = TypeVar("Made")
LARGEST = 1e15  # of any number, so that arithmetic stays finite; NaN is no number either
Problem = tuple[str, str]  # (where, sentence); where: "outcome.key", "arms.0.name"


class PlainRefused(ValueError):
    """`problems`: everything found, each (where, sentence)."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(" ".join(sentence for _, sentence in self.problems))


def to_plain(value: object) -> Any:
    """Records become tables, tuples lists, enums their text; dates stay dates.

    Worked: Arm("a", "Letter", "a letter") -> {"key": "a", "name": "Letter", "gets": "a letter", "weight": 1}.
    """
    if is_dataclass(value):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): to_plain(one) for name, one in value.items()}
    return value.value if isinstance(value, StrEnum) else value


def from_plain(kind: type[Made], plain: object, where: str = "") -> Made:
    """The record that `to_plain` was given. A name left out takes its default. `where`: begins the names in problems.

    Raises PlainRefused with every problem: unknown names, names that are missing, values of another type.
    """
    problems: list[Problem] = []
    made = _read(kind, plain, where, problems)
    if problems:
        raise PlainRefused(problems)
    return made  # type: ignore[no-any-return]


def nearest(name: str, known: Iterable[str]) -> str:
    """ "outcom" among ("outcome", "arms") -> "outcome"; "" where none is near. Without regard to case, - and _."""
    plain = {each.casefold().replace("-", "_"): each for each in known}
    found = difflib.get_close_matches(name.casefold().replace("-", "_").replace(" ", "_"), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else ""


def unknown_name(where: str, name: str, known: Iterable[str]) -> str:
    """The sentence about a key that is not one: the nearest known, else all of them."""
    names = list(known)
    asked = f"“{_shorten(join(where, name))}” is not a key."
    if near := nearest(name, names):
        return f"{asked} Did you mean “{join(where, near)}”?"
    return f"{asked} Known here: {', '.join(names)}."


def join(where: str, name: object) -> str:
    return f"{where}.{name}" if where else str(name)


def _shorten(text: str) -> str:
    """A name as somebody typed it, safe in a message: no control characters, no endless line."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= 80 else f"{shown[:79]}…"


@cache
def _types_of(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, plain: object, where: str, problems: list[Problem]) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if plain is None:
            return None
        return _read(next(one for one in get_args(kind) if one is not type(None)), plain, where, problems)
    if origin is tuple:
        return _read_list(get_args(kind)[0], plain, where, problems)
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(get_args(kind)[1], plain, where, problems)
    if is_dataclass(kind):
        return _read_record(kind, plain, where, problems)  # type: ignore[arg-type]
    return _read_value(kind, plain, where, problems)


def _read_record(kind: type, plain: object, where: str, problems: list[Problem]) -> Any:
    if not isinstance(plain, Mapping):
        problems.append((where, f"“{where or 'The file'}” must be a table of keys and values."))
        return None
    known: dict[str, Field[Any]] = {one.name: one for one in fields(kind)}
    problems += [(join(where, name), unknown_name(where, str(name), known)) for name in plain if name not in known]
    before = len(problems)
    given = {}
    for name, one in known.items():
        if name in plain:
            given[name] = _read(_types_of(kind)[name], plain[name], join(where, name), problems)
        elif one.default is MISSING and one.default_factory is MISSING:
            problems.append((join(where, name), f"“{join(where, name)}” is missing."))
    return None if len(problems) > before else kind(**given)


def _read_list(kind: Any, plain: object, where: str, problems: list[Problem]) -> Any:
    if not isinstance(plain, list | tuple):
        problems.append((where, f"“{where}” must be a list."))
        return ()
    return tuple(_read(kind, one, join(where, number), problems) for number, one in enumerate(plain))


def _read_mapping(kind: Any, plain: object, where: str, problems: list[Problem]) -> Any:
    if not isinstance(plain, Mapping):
        problems.append((where, f"“{where}” must be a table of keys and values."))
        return {}
    return {str(name): _read(kind, one, join(where, name), problems) for name, one in plain.items()}


def _read_value(kind: type, plain: object, where: str, problems: list[Problem]) -> Any:
    problem = ""
    if issubclass(kind, StrEnum):
        if isinstance(plain, str) and plain in kind._value2member_map_:
            return kind(plain)
        problem = f"“{where}” must be one of: {', '.join(one.value for one in kind)}."
    elif kind is bool:
        problem = "" if isinstance(plain, bool) else f"“{where}” must be true or false."
    elif kind in (int, float):
        return _read_number(kind, plain, where, problems)
    elif kind is datetime:
        return _read_time(plain, where, problems)
    elif kind is date:
        return _read_date(plain, where, problems)
    elif not isinstance(plain, str):
        problem = f"“{where}” must be a text in quotation marks."
    elif any(character == "\0" or "\ud800" <= character <= "\udfff" for character in plain):
        problem = f"“{where}” has a character that no text may have."
    if problem:
        problems.append((where, problem))
    return plain


def _read_number(kind: type, plain: object, where: str, problems: list[Problem]) -> float | int:
    if isinstance(plain, bool) or not isinstance(plain, int | float) or not abs(plain) <= LARGEST:
        problems.append((where, f"“{where}” must be a number."))
    elif kind is float:
        return float(plain)
    elif plain == int(plain):
        return int(plain)
    else:
        problems.append((where, f"“{where}” must be a whole number."))
    return 0


def _read_date(plain: object, where: str, problems: list[Problem]) -> date | None:
    if isinstance(plain, date) and not isinstance(plain, datetime):
        return plain
    try:
        if isinstance(plain, str) and len(plain) == 10:
            return date.fromisoformat(plain)
    except ValueError:
        pass  # said below: not a date of the calendar
    problems.append((where, f"“{where}” must be a date such as 2027-03-31."))
    return None


def _read_time(plain: object, where: str, problems: list[Problem]) -> datetime | None:
    found = plain
    if isinstance(plain, str):
        try:
            found = datetime.fromisoformat(plain)
        except ValueError:
            found = None
    if isinstance(found, datetime) and found.tzinfo is not None:
        return found
    problems.append((where, f"“{where}” must be a time with its zone, such as 2027-03-31T15:00:00Z."))
    return None

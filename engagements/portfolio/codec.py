"""Frozen records to plain JSON values and back, by their type hints."""

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache


def to_plain(value):
    """Dicts, lists, text, numbers, booleans and None."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):  # datetimes are dates
        return value.isoformat()
    if isinstance(value, str):  # a choice is text with more to it
        return str.__str__(value)
    return value


def from_plain(kind, value):
    """What `to_plain` made of a `kind`; a field that came later with a default has that where nothing was kept of it.

    Raises KeyError or ValueError for what it did not make.
    """
    if value is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        (kind,) = [each for each in typing.get_args(kind) if each is not type(None)]
        return from_plain(kind, value)
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(from_plain(inner, each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        optional = {field.name for field in fields(kind) if field.default is not MISSING}
        kept = [(name, hint) for name, hint in _hints(kind) if name in value or name not in optional]
        return kind(**{name: from_plain(hint, value[name]) for name, hint in kept})
    if kind is Decimal:
        return Decimal(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return kind(value) if kind is float else value


@lru_cache
def _hints(kind) -> tuple[tuple[str, object], ...]:
    return tuple(typing.get_type_hints(kind).items())

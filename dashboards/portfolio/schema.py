"""The schema of frozen records, from their own type hints: it cannot say anything else than what is sent."""

import types
import typing
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal

from rest_framework import serializers

_FIELDS = {
    str: serializers.CharField,
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    date: serializers.DateField,
    datetime: serializers.DateTimeField,
}
_PUBLISHED = {"PortfolioSection": "PortfolioBody"}  # names of the API schema that programs were generated from
_made: dict[type, type[serializers.Serializer]] = {}


def serializer_of(kind: type, name: str = "") -> type[serializers.Serializer]:
    """A serializer class with one field for each of a frozen dataclass's. Raises KeyError for a type it cannot tell."""
    if kind not in _made:
        fields = {each: _field(hint) for each, hint in typing.get_type_hints(kind).items()}
        title = name or f"Portfolio{kind.__name__.removeprefix('Portfolio')}"
        title = _PUBLISHED.get(title, title)
        _made[kind] = type(f"{title}Serializer", (serializers.Serializer,), fields)
    return _made[kind]


def _field(hint, **options) -> serializers.Field:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = [each for each in typing.get_args(hint) if each is not type(None)]
        return _field(inner, allow_null=True, **options)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        if isinstance(inner, type) and is_dataclass(inner):
            return serializer_of(inner)(many=True, **options)
        return serializers.ListField(child=_field(inner), **options)
    if isinstance(hint, type) and is_dataclass(hint):
        return serializer_of(hint)(**options)
    if hint is Decimal:
        return serializers.DecimalField(max_digits=None, decimal_places=None, **options)
    return _FIELDS[hint](**options)

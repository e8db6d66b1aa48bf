"""Two people, one thing: changes to different fields are merged, to the same field refused with both versions shown."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

import pghistory.core
from django.core.exceptions import ValidationError
from django.db import models

from engagements.models.abstract import Versioned
from engagements.models.milestone import FIRST_DAY, LAST_DAY

T = TypeVar("T", bound=Versioned)
Row = TypeVar("Row", bound=models.Model)
FIRST_YEAR, LAST_YEAR = FIRST_DAY.year, LAST_DAY.year


@dataclass(frozen=True)
class FieldConflict:
    field: str
    base: object
    theirs: object
    yours: object


class Conflict(Exception):
    """Somebody changed the same fields meanwhile. Nothing was written."""

    def __init__(self, thing: Versioned, fields: tuple[FieldConflict, ...]):
        super().__init__("Someone changed this while you were writing.")
        self.noun = thing._meta.model_name
        self.pk = thing.pk
        self.version = thing.version
        self.fields = fields

    @property
    def theirs(self) -> dict[str, object]:
        return {conflict.field: conflict.theirs for conflict in self.fields}

    @property
    def yours(self) -> dict[str, object]:
        return {conflict.field: conflict.yours for conflict in self.fields}


def lock(thing: Row) -> Row:
    """The row as it is now, nobody else's until the transaction ends."""
    return type(thing)._base_manager.select_for_update().get(pk=thing.pk)


def change(
    thing: T,
    wanted: Mapping[str, object],
    expected_version: int | None,
    check: Callable[[set[str]], object] | None = None,
    also: Collection[str] = (),
) -> dict[str, tuple[object, object]]:
    """Writes `wanted` to a locked row; returns {field: (before, after)} of what differs.

    `check` gets the names of what differs once they are set and before they are written. What follows from them, such
    as a status, it sets itself: `also` names those fields.

    `expected_version` is the version the person saw; None only where a line is added and nothing replaced.
    Raises Conflict, and ValidationError by field.
    """
    fields = {name: _attribute(thing, name) for name in wanted}
    values = {name: value.pk if isinstance(value, models.Model) else value for name, value in wanted.items()}
    differing = {name for name in wanted if getattr(thing, fields[name]) != values[name]}
    if expected_version is not None and expected_version != thing.version:
        _check_overlap(thing, fields, values, differing, expected_version)
    changes = {name: (getattr(thing, fields[name]), values[name]) for name in wanted if name in differing}
    for name in changes:
        setattr(thing, fields[name], values[name])
    if changes:
        validate(thing, changes)
        if check:
            check(set(changes))
        thing.save(update_fields=[*changes, *also])
        thing.refresh_from_db(fields=["version"])
    return changes


def validate(thing: models.Model, names: Collection[str]) -> None:
    """The fields' own rules; those across fields and tables are the database's and the action's."""
    thing.clean_fields(exclude={f.name for f in thing._meta.fields if f.name not in names} | _foreign_keys(type(thing)))
    check_years({name: getattr(thing, _attribute(thing, name)) for name in names})


def check_years(values: Mapping[str, object]) -> None:
    """A slip of the finger such as 2206 or 9999 must not stretch every timeline. Raises ValidationError by field."""
    problems = {
        name: f"The year {value.year} is not within {FIRST_YEAR} to {LAST_YEAR}."
        for name, value in values.items()
        if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR
    }
    if problems:
        raise ValidationError(problems)


def _attribute(thing: models.Model, name: str) -> str:
    """Where the row keeps the field's own value: `owner_id` for `owner`."""
    field = thing._meta.get_field(name)
    assert isinstance(field, models.Field), "only columns of the table itself are written"
    return field.attname


def _foreign_keys(model: type[models.Model]) -> set[str]:
    return {f.name for f in model._meta.fields if f.is_relation}


def _check_overlap(
    thing: Versioned,
    fields: Mapping[str, str],
    values: Mapping[str, object],
    differing: set[str],
    expected_version: int,
) -> None:
    if expected_version > thing.version:
        raise ValidationError("This version doesn't exist yet.")
    events = _event_model(type(thing))._default_manager.filter(pgh_obj_id=thing.pk, version=expected_version)
    base = events.order_by("-pgh_id").first()
    conflicts = []
    for name in sorted(differing):
        theirs = getattr(thing, fields[name])
        before = getattr(base, fields[name]) if base else None
        if base is not None and before == values[name]:
            continue  # left as it was seen: theirs stays, see below
        if base is None or before != theirs:
            conflicts.append(FieldConflict(name, before, theirs, values[name]))
    if conflicts:
        raise Conflict(thing, tuple(conflicts))
    differing -= {name for name in differing if getattr(base, fields[name]) == values[name]}


@cache
def _event_model(model: type[models.Model]) -> type[models.Model]:
    found: type[models.Model]
    (found,) = pghistory.core.event_models(tracks_model=model)
    return found

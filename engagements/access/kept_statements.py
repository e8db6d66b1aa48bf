"""Statements that are written once for somebody's rights, and asked again and again.

To write what a page of somebody's work asks takes Django longer than Postgres needs to answer. What is kept is the text
of a statement with its parameters, never a row; a right that changes, or another day, is another text.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from engagements.access.roles import HeldRights, held_rights
from engagements.models import User

Text = tuple[str, tuple[Any, ...]]  # of a statement, and its parameters
Rows = list[tuple[Any, ...]]
Write = Callable[..., QuerySet[Any, Any]]


def rows_for(user: User, write: Write, *given: Hashable) -> Rows:
    """What `write(viewer, *given)` asks for, a query set of values_list. One statement at most.

    Inside `cached_permissions` of this person (RuntimeError). `write` is a function of a module and reads nothing but
    the viewer's rights and what is `given`: the viewer it gets is made of the rights alone, so that nothing else can
    become part of the text. It asks the database nothing.
    """
    return _ask(_written_for(write, equal_rights(held_rights(user)), given))


def rows_of_all(write: Write, *given: Hashable) -> Rows:
    """As `rows_for`, of what does not depend on who asks: `write(*given)`."""
    return _ask(_written(write, given))


@lru_cache(maxsize=256)
def equal_rights(rights: HeldRights) -> HeldRights:
    """One object for all texts of the same rights: those of a person in many cities are larger than a text."""
    return rights


def person_of(rights: HeldRights | None) -> User | AnonymousUser:
    """Somebody of whom nothing is known but their rights, for the rules of `engagements/access/`."""
    if rights is None:
        return AnonymousUser()
    return User(pk=rights.person, is_active=rights.is_active, is_superuser=rights.is_superuser)


def text_of(found: QuerySet[Any, Any]) -> Text | None:
    """None where the statement could find nothing."""
    try:
        statement, parameters = found.query.sql_with_params()
    except EmptyResultSet:
        return None
    return statement, tuple(parameters)


@lru_cache(maxsize=2_000)  # of some 3 kB in ten cities: ten statements for 200 people
def _written_for(write: Write, rights: HeldRights, given: tuple[Hashable, ...]) -> Text | None:
    return text_of(write(person_of(rights), *given))


@lru_cache(maxsize=500)
def _written(write: Write, given: tuple[Hashable, ...]) -> Text | None:
    return text_of(write(*given))


def _ask(text: Text | None) -> Rows:
    if text is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*text)
        return cursor.fetchall()

"""What administrators look at, as records: `/operations/` shows them in words, `/metrics` as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.utils.functional import Promise


class State(StrEnum):
    FINE = "fine"
    WATCH = "watch"  # nobody need get up for it
    ACT = "act"  # people notice, or soon will


@dataclass(frozen=True)
class Figure:
    """One fact with its number.

    `name` and `value` are for `/metrics`: a Prometheus name that ends in its unit, without the leading "portal_", such
    as "last_backup_age_seconds"; a value of None is not known and is left out there. `labels` tell figures of one name
    apart; their values come from the code, never from people. `label` and `shown` are for the page, the second with
    its unit; with "" shown it is left out there. `advice` says what to do when the state is not FINE.
    """

    name: str
    label: str
    shown: str
    value: float | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    state: State = State.FINE
    advice: str = ""


@dataclass(frozen=True)
class Section:
    """Figures of one subject. `read` gets the time it is now and runs a few light statements at most.

    It may raise what the thing it asks raises when that is away: the page and `/metrics` then say that this section
    can't be read, ask that thing no more, and show the others.
    """

    slug: str
    title: str | Promise
    read: Callable[[datetime], tuple[Figure, ...]]
    asks: Literal["database", "broker", "machine"] = "database"


def worst(states: list[State]) -> State:
    """The most pressing of them; FINE of none."""
    return max(states, key=list(State).index, default=State.FINE)

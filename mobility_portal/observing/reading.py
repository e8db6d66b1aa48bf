"""Reads all sections, whatever is away."""

import logging
from dataclasses import dataclass
from datetime import datetime

import redis
from django.db import Error

from mobility_portal.observing.figures import Figure, Section, State, worst
from mobility_portal.observing.sections import SECTIONS

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadSection:
    """`is_readable` False: what it asks is away, and there are no figures."""

    section: Section
    figures: tuple[Figure, ...]
    is_readable: bool

    @property
    def state(self) -> State:
        return worst([figure.state for figure in self.figures]) if self.is_readable else State.ACT

    @property
    def shown(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.shown)


def read_sections(now: datetime, sections: tuple[Section, ...] = SECTIONS) -> tuple[ReadSection, ...]:
    """In their order. What did not answer one section is not asked for another: each try may take seconds."""
    away: set[str] = set()
    found = []
    for section in sections:
        figures = None if section.asks in away else _read(section, now)
        if figures is None:
            away.add(section.asks)
        found.append(ReadSection(section, figures or (), figures is not None))
    return tuple(found)


def _read(section: Section, now: datetime) -> tuple[Figure, ...] | None:
    try:
        return section.read(now)
    except (Error, redis.RedisError, OSError) as error:
        logger.warning("The figures of %s can't be read: %s", section.slug, error)
        return None

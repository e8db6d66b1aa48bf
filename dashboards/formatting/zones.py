"""Opportunity Zones in sentences: which list, whether the tract is on it, and from when to when it holds. Pure."""

from atlas.formatting.dates import format_day
from atlas.records.zones import ZoneStatus

TAX_RULE = "A designation is a tax rule for investors; it does not say what was invested."


def zone_sentences_of(statuses: tuple[ZoneStatus, ...]) -> tuple[str, ...]:
    """One sentence per list, then what a designation is; () while no list is loaded."""
    said = tuple(map(_sentence, statuses))
    return (*said, TAX_RULE) if any(status.is_designated for status in statuses) else said


def _sentence(status: ZoneStatus) -> str:
    term = f"in force {_first_day(status)} until {format_day(status.valid_to)}"
    if not status.is_designated:
        return f"Opportunity Zones, list of {status.list_year} ({term}): this tract is not on it."
    ground = "as a neighbor of a low-income community" if status.is_contiguous else "as a low-income community"
    return f"Opportunity Zones, list of {status.list_year}: this tract is designated {ground}, {term}."


def _first_day(status: ZoneStatus) -> str:
    """The list of 2018 names its year only."""
    first = status.valid_from
    return f"from {first.year}" if (first.month, first.day, first.year) == (1, 1, 2018) else f"from {format_day(first)}"

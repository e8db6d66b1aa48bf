"""Figures of a portfolio in the words a report prints. Pure."""

from decimal import Decimal

from atlas.formatting.counts import format_count
from atlas.formatting.money import format_whole_dollars
from dashboards.documents.cells import format_number
from dashboards.documents.model import KeyNumber
from engagements.portfolio.figures import Figure, Mark

UNITS = {"usd": "dollars", "share": "share, 0 to 1", "count": "", "score": "score"}
NO_NUMBER = "no figure"


def format_figure_value(value: Decimal | None, unit: str) -> str:
    """$1,234 or 1,234; "no figure" where there is none."""
    if value is None:
        return NO_NUMBER
    if unit == "usd":
        return format_whole_dollars(value)
    return format_count(value) if value == value.to_integral_value() else format_number(value)


def key_number(figure: Figure) -> KeyNumber:
    """With what its note says, and why it has no interval."""
    small = ". ".join(_sentence(words) for words in (figure.note, figure.uncertainty) if words)
    unit = UNITS.get(figure.unit, figure.unit)
    label = figure.label if unit.lower() in figure.label.lower() or figure.unit == "usd" else f"{figure.label}, {unit}"
    return KeyNumber(label, format_figure_value(figure.value, figure.unit), f"{small}.")


def mark_label(mark: Mark) -> str:
    """ "Red: 45 days late"; without a color its words alone."""
    return mark.words if mark.colour == "none" else f"{mark.colour.capitalize()}: {mark.words}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".")

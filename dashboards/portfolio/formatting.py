"""Figures of a portfolio as people read them. Full amounts in tables, short ones in prose."""

from decimal import Decimal

from atlas.formatting.counts import format_exact
from atlas.formatting.money import format_dollars, format_short_dollars, format_whole_dollars
from atlas.formatting.shares import format_percent
from engagements.portfolio.figures import Figure

UNITS = {
    "people": ("person", "people"),
    "households": ("household", "households"),
    "milestones": ("milestone", "milestones"),
    "cities": ("city", "cities"),
    "interventions": ("intervention", "interventions"),
    "days": ("day", "days"),
    "score": ("point", "points"),
}
NONE = "none recorded"
DASH = "—"


def format_amount(value: Decimal | float | None, unit: str) -> str:
    """An indicator's number in its unit, without the unit's name: 0.352 of a share is 35.2%."""
    if value is None:
        return NONE
    if unit == "usd":
        return format_dollars(value)
    if unit == "share":
        return format_percent(value)
    return format_exact(Decimal(repr(value)) if isinstance(value, float) else value)


def unit_label(figure: Figure) -> str:
    """“people”, “1 milestone” → “milestone”; nothing where the number carries its unit itself."""
    one, many = UNITS.get(figure.unit, ("", ""))
    return one if figure.value == 1 else many


def format_figure(figure: Figure) -> str:
    return format_amount(figure.value, figure.unit)


def format_headline(figure: Figure) -> str:
    """Dollars as the sentence above it writes them: $1.2 million, $350,000, $0."""
    return format_short_dollars(figure.value, missing=NONE) if figure.unit == "usd" else format_figure(figure)


def format_cell(figure: Figure) -> str:
    """For a table: dollars to the dollar; the list behind it has the cents."""
    return format_whole_dollars(figure.value, missing=NONE) if figure.unit == "usd" else format_figure(figure)

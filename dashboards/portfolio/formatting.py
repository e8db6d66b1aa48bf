"""Figures of a portfolio as people read them. Full amounts in tables, short ones in prose."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from engagements.portfolio.figures import Figure
from engagements.portfolio.queries.sentence import dollars

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


def as_dollars(value: Decimal | None) -> str:
    """Whole dollars, cents where there are any: $1,234,567 or $1,234.50."""
    if value is None:
        return NONE
    cents = value != value.to_integral_value()
    return f"{'−' if value < 0 else ''}${abs(value):,.{2 if cents else 0}f}"


def as_dollars_short(value: Decimal | None) -> str:
    """For a headline, as the sentence above it writes them: $1.2 million, $350,000, $0."""
    return NONE if value is None else dollars(value)


def as_dollars_whole(value: Decimal | None) -> str:
    """To the dollar: $1,234,567."""
    return NONE if value is None else as_dollars(value.quantize(Decimal(1), ROUND_HALF_UP))


def as_number(value: Decimal | float | None, unit: str) -> str:
    """An indicator's number in its unit, without the unit's name: 0.352 of a share is 35.2%."""
    if value is None:
        return NONE
    value = Decimal(repr(value)) if isinstance(value, float) else value
    if unit == "usd":
        return as_dollars(value)
    if unit == "share":
        return f"{100 * value:.1f}%"
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"


def unit_of(figure: Figure) -> str:
    """“people”, “1 milestone” → “milestone”; nothing where the number carries its unit itself."""
    one, many = UNITS.get(figure.unit, ("", ""))
    return one if figure.value == 1 else many


def as_figure(figure: Figure) -> str:
    return as_number(figure.value, figure.unit)


def as_headline(figure: Figure) -> str:
    return as_dollars_short(figure.value) if figure.unit == "usd" else as_figure(figure)


def as_cell(figure: Figure) -> str:
    """For a table: dollars to the dollar; the list behind it has the cents."""
    return as_dollars_whole(figure.value) if figure.unit == "usd" else as_figure(figure)


def as_moment(moment: datetime) -> str:
    """27 Nov 2026, 04:12 UTC; a whole day where it is the end of one."""
    there = moment.astimezone(UTC)
    if (there.hour, there.minute) == (23, 59):
        return f"the end of {there:%-d %b %Y} (UTC)"
    return f"{there:%-d %b %Y, %H:%M} UTC"


def as_day(value: date | None) -> str:
    """23 Nov 2026; a moment by its day in UTC."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    return f"{value:%-d %b %Y}" if value else ""


def as_month(value: date | None) -> str:
    return f"{value:%b %Y}" if value else ""

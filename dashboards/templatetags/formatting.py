"""Template filters of numbers and days: a template rounds nothing itself."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atlas.formatting.counts import format_count
from atlas.formatting.dates import format_moment, format_month, format_utc_day
from atlas.formatting.money import format_dollars, format_short_dollars, format_whole_dollars
from atlas.formatting.percentiles import format_percentile, format_points
from atlas.formatting.shares import format_per_hundred, format_percent, format_short_percent, format_whole_percent
from atlas.records.places import MeasureRecord
from dashboards.formatting.estimates import (
    format_change,
    format_estimate,
    format_income,
    format_standard_error,
    unit_label,
)
from dashboards.formatting.shown_dollars import INCOME_UNIT

register = template.Library()
register.filter("change", format_change)
register.filter("count", format_count)
register.filter("money", format_whole_dollars)
register.filter("income", format_income)
register.filter("on_day", format_utc_day)
register.filter("per_hundred", format_per_hundred)
register.filter("percent", format_percent)
register.filter("percentile", format_percentile)
register.filter("points", format_points)
register.filter("short_percent", format_short_percent)
register.filter(unit_label)


@register.filter
def whole_income(usd: float | None) -> str:
    """An income of 2015 to the dollar, in the dollars shown."""
    return format_estimate(usd, INCOME_UNIT)


@register.filter
def dollars(amount: Decimal | float | None) -> str:
    """$2,500, or $2,500.50; nothing for None."""
    return format_dollars(amount, missing="")


@register.filter
def short_dollars(amount: Decimal | None) -> str:
    """$12 million; nothing for None."""
    return format_short_dollars(amount, missing="")


@register.filter
def dollars_or_dash(amount: Decimal | float | None, why: str) -> SafeString:
    """$2,500; without an amount a dash and `why`."""
    if amount is None:
        return format_html('<span class="quiet">— {}</span>', why)
    return format_html("{}", format_dollars(amount))


@register.filter
def whole_percent(share: Decimal | None) -> str:
    """0.352 -> “35%”; nothing for None."""
    return format_whole_percent(share, missing="")


@register.filter
def rank_error(error: float | None) -> str:
    """The standard error of a rank in percentile points."""
    return format_standard_error(error, "rank")


@register.filter
def moment(at: datetime | None) -> str:
    return format_moment(at) if at else ""


@register.filter
def month(day: date | None) -> str:
    return format_month(day) if day else ""


@register.filter
def picker_label(measure: MeasureRecord) -> str:
    """A measure in a list: outcomes say whose they are, because low-income and all children are different people."""
    if measure.group != "outcome":
        return measure.label
    label, _, whose = measure.label.rpartition(", ")
    if not label or not measure.population.startswith(whose):
        label = measure.label
    return f"{label} – {measure.population.removesuffix(', born 1978–83')}"

"""Money on pages: full amounts in tables, what a stage means beside its name."""

from decimal import Decimal

from django import template

from engagements.money.rules.amounts import dollars

register = template.Library()
register.filter("dollars", dollars)


@register.filter
def percent_of(share: Decimal | None) -> str:
    """0.352 -> “35%”."""
    return "" if share is None else f"{100 * share:.0f}%"


@register.filter
def share_words(share: float) -> str:
    """0.333333 -> “33.3%”, 1.0 -> “100%”."""
    return f"{100 * share:.1f}".removesuffix(".0") + "%"

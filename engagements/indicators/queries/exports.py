"""Definitions of an engagement's indicators, as exports show them."""

from engagements.models import Engagement, Indicator


def exported_indicators(within: Engagement) -> tuple[Indicator, ...]:
    """Live ones, with their city. One statement."""
    rows = Indicator.objects.filter(engagement=within, archived_at=None)
    return tuple(rows.select_related("engagement__city"))

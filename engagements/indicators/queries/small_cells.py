"""Values that a person below the team does not read, because they show or tell a small group."""

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet

from engagements.access.plans import visible_values
from engagements.access.roles import in_engagements_with
from engagements.indicators.rules.small_cells import Breakdown, Cell, counts_in, withheld_breakdowns
from engagements.models import IndicatorValue, User
from engagements.permissions import VIEW_INDICATOR
from engagements.workflow import INDICATOR_VALUE_APPROVED


def withheld_values(user: User, asked: QuerySet[IndicatorValue]) -> frozenset[int]:
    """Ids of withheld values of the indicators of those `asked` for. One statement."""
    found = _withheld(user, asked)
    return frozenset(pk for rows in found.values() for pk in rows)


def withheld_dimensions(user: User, indicator: int) -> dict[tuple[date, date], tuple[str, ...]]:
    """By first and last day what one indicator is broken down by without showing it. One statement."""
    found: dict[tuple[date, date], tuple[str, ...]] = {}
    for start, end, dimension in sorted(
        key for _, key in _withheld(user, IndicatorValue.objects.filter(indicator=indicator))
    ):
        found[start, end] = (*found.get((start, end), ()), dimension)
    return found


def _withheld(user: User, asked: QuerySet[IndicatorValue]) -> dict[tuple[int, Breakdown], list[int]]:
    """By indicator and breakdown. All its approved values count, whichever were asked for: others are shown too."""
    asked_groups = asked.exclude(dimension="").order_by().values("indicator")
    rows = (
        visible_values(user)
        .exclude(in_engagements_with(user, VIEW_INDICATOR))
        .filter(indicator__in=asked_groups, status__in=INDICATOR_VALUE_APPROVED)
        .order_by("indicator")
        .values_list(
            "pk",
            "indicator",
            "indicator__unit",
            "period_start",
            "period_end",
            "dimension",
            "category",
            "value",
            "numerator",
            "denominator",
            "approved_at",
        )
    )
    cells: dict[int, list[Cell]] = defaultdict(list)
    ids: dict[tuple[int, Breakdown], list[int]] = defaultdict(list)
    for pk, indicator, unit, start, end, dimension, category, value, top, bottom, since in rows:
        assert since is not None, "the database keeps the time of an approval with its approver"
        cells[indicator].append(Cell(start, end, dimension, category, counts_in(unit, value, top, bottom), since))
        ids[indicator, (start, end, dimension)].append(pk)
    return {
        (indicator, key): ids[indicator, key] for indicator, own in cells.items() for key in withheld_breakdowns(own)
    }

"""What a quarter's log holds that an update can be begun from: only what funders may read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from engagements.duties.rules import quarter_ends
from engagements.indicators.rules.units import format_value
from engagements.milestones.queries.hours import hours_between
from engagements.models import DueDateChange, Engagement, IndicatorValue, LedgerTotal, Milestone, Record
from engagements.models.ledger import Stage
from engagements.permissions import Visibility
from engagements.quarterly.rules import first_day
from engagements.workflow import INDICATOR_VALUE_APPROVED, SLIP_REASONS


@dataclass(frozen=True)
class DatedLine:
    text: str
    on: date


@dataclass(frozen=True)
class MovedDate:
    """A milestone whose date moved for a reason of the list; what somebody wrote about it stays with the team."""

    title: str
    new: date
    reason: str


@dataclass(frozen=True)
class StageSum:
    """Net amount of a stage that was recorded with a day of the quarter, in US dollars. Stages are never added."""

    stage: str
    amount: Decimal


@dataclass(frozen=True)
class ValueLine:
    """An approved value of a period that ended in the quarter, with its unit in words."""

    name: str
    words: str
    starts: date
    ends: date


@dataclass(frozen=True)
class QuarterLog:
    first: date
    last: date
    done: tuple[DatedLine, ...]
    late: tuple[DatedLine, ...]  # not done, due in the quarter or before
    moved: tuple[MovedDate, ...]
    decisions: tuple[DatedLine, ...]
    money: tuple[StageSum, ...]
    values: tuple[ValueLine, ...]
    hours: Decimal  # of 60 minutes, of all together
    people: int  # who logged them

    @property
    def is_empty(self) -> bool:
        told = self.done or self.late or self.moved or self.decisions or self.money or self.values
        return not (told or self.hours)


def quarter_log(engagement: Engagement, year: int, quarter: int, *, today: date) -> QuarterLog:
    """Six statements. Late is as of today, or of the quarter's end where that is past."""
    first, last = first_day(year, quarter), quarter_ends((year, quarter))
    within = {"engagement": engagement}
    milestones = Milestone.objects.live().filter(**within)
    finished = Q(status="done", done_on__range=(first, last))
    late = Q(status__in=("planned", "in_progress", "at_risk", "blocked", "awaiting_review"), due_on__lte=last)
    rows = list(milestones.filter(finished | (late & Q(due_on__lt=today))).order_by("due_on", "pk"))
    moved = DueDateChange.objects.filter(
        milestone__engagement=engagement, milestone__archived_at=None, at__date__range=(first, last)
    ).select_related("milestone")
    decisions = Record.objects.filter(
        **within, kind="decision", on__range=(first, last), visibility=Visibility.ALL.value, archived_at=None
    )
    money = (
        LedgerTotal.objects.filter(**within, quarter_start=first, is_fictional=engagement.is_fictional)
        .order_by()
        .values_list("stage")
        .annotate(net=Sum("net_usd"))
    )
    values = IndicatorValue.objects.filter(
        **within,
        dimension="",
        status__in=INDICATOR_VALUE_APPROVED,
        archived_at=None,
        indicator__archived_at=None,
        period_end__range=(first, last),
    ).select_related("indicator")
    hours, people = hours_between(engagement.pk, first, last)
    return QuarterLog(
        hours=hours,
        people=people,
        first=first,
        last=last,
        done=tuple(DatedLine(row.title, row.done_on) for row in rows if row.status == "done" and row.done_on),
        late=tuple(DatedLine(row.title, row.due_on) for row in rows if row.status != "done" and row.due_on),
        moved=tuple(MovedDate(row.milestone.title, row.new, str(dict(SLIP_REASONS)[row.reason])) for row in moved),
        decisions=tuple(DatedLine(row.title, row.on) for row in decisions.order_by("on", "pk")),
        money=tuple(StageSum(stage, net) for stage, net in sorted(money, key=lambda pair: _ORDER[pair[0]]) if net),
        values=tuple(
            ValueLine(row.indicator.name, format_value(row.value, row.indicator.unit), row.period_start, row.period_end)
            for row in values.order_by("indicator__name", "period_end", "pk")
        ),
    )


_ORDER = {stage.value: number for number, stage in enumerate(Stage)}

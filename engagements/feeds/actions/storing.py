"""What was read is kept by vintage; what is as usual becomes a value, what is not waits for a person."""

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.dates import format_day
from engagements.access.roles import people_with
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.base.editing import lock
from engagements.feeds.actions.indicator_values import Signature, new_value, put_value, values_there
from engagements.feeds.actions.ledger_entries import amounts_before, post_reading
from engagements.feeds.rules.checks import find_unusual_amount
from engagements.feeds.rules.mapping import MOST_PROBLEMS, Mapped, Reading
from engagements.feeds.rules.outliers import find_outlier
from engagements.indicators.rules.units import format_value
from engagements.models import Feed, FeedKey, FeedReading, FeedVintage, Indicator, IndicatorValue, Notification, User
from engagements.permissions import APPROVE_INDICATOR

TAKEN, WAITING = FeedReading.State.TAKEN, FeedReading.State.WAITING
FROM_FEED = "From its feed"
Period = tuple[date, date]
Place = tuple[date, date, str]  # with the key of an entry


@dataclass
class _New:
    """A reading that says something new. `why` it waits, "" where it does not."""

    reading: Reading
    corrects: FeedReading | None
    why: str


Judge = Callable[[_New], str]


def store(
    feed: Feed, mapped: Mapped, *, sha256: str, size: int, now: datetime, key: FeedKey | None = None
) -> FeedVintage | None:
    """Keeps what is new as one vintage; None when nothing is. All of it or nothing.

    In the name of the feed's owner; approved by who trusted the feed, while they may approve.
    """
    with audited_transaction(feed.owner, FROM_FEED):
        feed = lock(feed)
        indicator = lock(feed.indicator) if feed.indicator else None
        before = latest_readings(feed)
        found = [
            _New(each, before.get(each.place), "")
            for each in mapped.readings
            if each.place not in before or not each.same_numbers(before[each.place])
        ]
        if not found:
            return None
        there = values_there(indicator) if indicator else {}
        judge = _judge_values(indicator, there) if indicator else _judge_amounts(feed)
        for each in found:
            each.why = judge(each)
        waiting = sum(bool(each.why) for each in found)
        vintage = FeedVintage.objects.create(
            feed=feed,
            number=(feed.vintages.aggregate(n=Max("number"))["n"] or 0) + 1,
            fetched_at=now,
            sha256=sha256,
            size=size,
            rows=mapped.rows,
            added=sum(each.corrects is None for each in found),
            corrected=sum(each.corrects is not None for each in found),
            waiting=waiting,
            problems=[*mapped.problems[:MOST_PROBLEMS], *_beyond(len(mapped.problems))],
            key=key,
        )
        _keep(feed, vintage, found, there, _signature(feed, now))
        _tell(feed, found, waiting, now)
    return vintage


def latest_readings(feed: Feed) -> dict[Place, FeedReading]:
    """What the newest vintage that speaks of it says, by period and key."""
    rows = feed.readings.order_by("period_start", "period_end", "key", "-vintage__number")
    newest = rows.distinct("period_start", "period_end", "key")
    return {(row.period_start, row.period_end, row.key): row for row in newest}


def approver_of(feed: Feed) -> User | None:
    """Who trusted it, if they may still approve in its engagement."""
    if feed.trusted_by_id is None:
        return None
    return people_with(feed.engagement, APPROVE_INDICATOR).filter(pk=feed.trusted_by_id).first()


def _signature(feed: Feed, now: datetime) -> Signature:
    return Signature(feed.owner, approver_of(feed), now)


def _judge_values(indicator: Indicator, there: dict[Period, IndicatorValue]) -> Judge:
    """A function that says why a new reading waits. What it lets pass counts as known for the next."""
    ends = sorted((row.period_end, row.value) for row in there.values())
    typed = _typed_by_people(there)

    def judge(new: _New) -> str:
        reading = new.reading
        known = there.get((reading.period_start, reading.period_end))
        if known is not None and known.value == reading.value:
            return ""
        if known is not None and known.status == "locked":
            return _("The value of this period is locked.")
        if known is not None and known.pk in typed:
            shown = format_value(known.value, indicator.unit)
            return _("Someone entered {value} for this period.").format(value=shown)
        earlier = [value for _end, value in ends[: bisect_left(ends, (reading.period_start, float("-inf")))]]
        if why := find_outlier(earlier, reading.value, indicator.unit):
            return why
        if known is None:
            insort(ends, (reading.period_end, reading.value))
        return ""

    return judge


def _typed_by_people(there: dict[Period, IndicatorValue]) -> set[int]:
    """Values that no feed brought."""
    ids = [row.pk for row in there.values()]
    brought = FeedReading.objects.filter(indicator_value__in=ids).values_list("indicator_value_id", flat=True)
    return set(ids) - set(brought)


def _judge_amounts(feed: Feed) -> Judge:
    amounts = amounts_before(feed)

    def judge(new: _New) -> str:
        if new.corrects is not None:
            return _("The publisher changed an entry that is in the ledger.")
        if why := find_unusual_amount(amounts, new.reading.value):
            return why
        amounts.append(new.reading.value)
        return ""

    return judge


def _keep(
    feed: Feed, vintage: FeedVintage, found: list[_New], there: dict[Period, IndicatorValue], by: Signature
) -> None:
    undecided = [each.corrects.pk for each in found if each.corrects and each.corrects.state == WAITING]
    waiting: QuerySet[FeedReading] = FeedReading.objects.filter(pk__in=undecided)
    waiting.update(state=FeedReading.State.REPLACED)
    rows = []
    new: list[tuple[FeedReading, IndicatorValue]] = []  # by the hundred at a feed's first answer
    for each in found:
        reading = each.reading
        row = FeedReading(
            feed=feed,
            vintage=vintage,
            period_start=reading.period_start,
            period_end=reading.period_end,
            key=reading.key,
            description=reading.description,
            value=reading.value,
            low=reading.low,
            high=reading.high,
            numerator=reading.numerator,
            denominator=reading.denominator,
            corrects=each.corrects,
            state=WAITING if each.why else TAKEN,
            why=each.why[:300],
        )
        if not each.why and feed.indicator:
            known = there.get((reading.period_start, reading.period_end))
            if known is None:
                new.append((row, new_value(feed.indicator, reading, by)))
            else:
                row.indicator_value = put_value(feed.indicator, reading, known, by)
        elif not each.why:
            try:
                with transaction.atomic():
                    row.entry = post_reading(feed, reading, by.entered_by, by.now)
            except ValidationError as refused:
                row.state, row.why = WAITING, " ".join(refused.messages)[:300]
        rows.append(row)
    IndicatorValue.objects.bulk_create(value for _row, value in new)
    for row, value in new:
        row.indicator_value = value  # it has its number now
    FeedReading.objects.bulk_create(rows)


def _tell(feed: Feed, found: list[_New], waiting: int, now: datetime) -> None:
    through = max(each.reading.period_end for each in found)
    line = ngettext("{count} value through {day}", "{count} values through {day}", len(found)).format(
        count=len(found), day=format_day(through)
    )
    add_activity(by=feed.owner, now=now, verb="read", thing=feed, engagement_id=feed.engagement_id, line=line)
    if waiting:
        words = ngettext("{count} value of {name} waits", "{count} values of {name} wait", waiting)
        people = {feed.owner_id, *people_with(feed.engagement, APPROVE_INDICATOR).values_list("pk", flat=True)}
        notify(
            people,
            Notification.Kind.ASSIGNMENT,
            thing=feed,
            engagement=feed.engagement_id,
            line=_("To decide: {what}").format(what=words.format(count=waiting, name=feed.name)),
            by=None,
            now=now,
        )


def _beyond(count: int) -> list[str]:
    more = count - MOST_PROBLEMS
    return [ngettext("And {count} more row.", "And {count} more rows.", more).format(count=more)] if more > 0 else []

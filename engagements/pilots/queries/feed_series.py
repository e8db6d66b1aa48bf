"""Outcomes from live feeds: what the approved values of indicators say, period by period, and of which vintage each is.

A feed carries one number a period. So it serves interrupted series, where each arm is one series; it has no groups, no
people and nobody's arm, and no other design can be made of it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.access.plans import visible_indicators
from engagements.models import Feed, FeedReading, Indicator, IndicatorValue, Pilot, User
from engagements.pilots.rules.registration import DesignKind, OutcomeKind, Registration

APPROVED = ("approved", "locked")


@dataclass(frozen=True)
class FeedSeries:
    """`sources`: for each arm its indicator, feed, and the number of the vintage behind each period."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    sources: dict[str, Any]
    feed: Feed
    sha256: str


def why_no_feed(registration: Registration) -> str:
    """A sentence where feeds cannot serve; else ""."""
    if registration.design == DesignKind.SERIES:
        return ""
    return _(
        "A feed carries one number a period, for everybody together. It does not say who was in which group, "
        "so it serves only an interrupted series."
    )


def feed_indicators(user: User, pilot: Pilot) -> list[Indicator]:
    """Of the cities that take part, with a feed, that this person may see."""
    rows = visible_indicators(user).filter(engagement__in=pilot.cities.values("engagement"))
    return list(rows.filter(feeds__archived_at=None, feeds__isnull=False).distinct().order_by("name", "pk"))


def series_of(registration: Registration, chosen: dict[str, Indicator], through: date) -> FeedSeries:
    """`chosen`: an indicator for each arm. Values that are approved, of periods that ended by `through`.

    Raises ValidationError where one has no feed, no values, or a share without its numbers of people.
    """
    if sentence := why_no_feed(registration):
        raise ValidationError(sentence)
    header = ["arm", "period", "n", "total", *(["squares"] if registration.outcome.kind == OutcomeKind.MEAN else [])]
    lines: list[list[str]] = []
    sources: dict[str, Any] = {}
    feeds: dict[str, Feed] = {}
    for arm, indicator in chosen.items():
        feed = indicator.feeds.filter(archived_at=None).first()
        if feed is None:
            raise ValidationError({arm: _("This indicator has no feed.")})
        values = list(_values(indicator, through))
        if not values:
            raise ValidationError({arm: _("Its feed holds no approved value through this day.")})
        feeds[arm] = feed
        vintages = _vintages(feed, values)
        lines += [[arm, period_of(value), *_numbers(value, registration, arm)] for value in values]
        sources[arm] = {
            "indicator": indicator.pk,
            "feed": feed.pk,
            "vintages": {period_of(value): vintages.get(value.pk) for value in values},
        }
    text = json.dumps([header, lines, sources], sort_keys=True)
    treated = registration.arms[1].key
    return FeedSeries(
        header,
        list(enumerate(lines, start=2)),
        sources,
        feeds[treated],
        hashlib.sha256(text.encode()).hexdigest(),
    )


def period_of(value: IndicatorValue) -> str:
    """As files write it: "2027", "2027Q2", "2027-03", else the first day."""
    start, end = value.period_start, value.period_end
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start.day == 1 and (end + timedelta(days=1)).day == 1:
        if months == 12 and start.month == 1:
            return f"{start.year}"
        if months == 3 and start.month % 3 == 1:
            return f"{start.year}Q{(start.month + 2) // 3}"
        if months == 1:
            return f"{start.year}-{start.month:02d}"
    return start.isoformat()


def _values(indicator: Indicator, through: date) -> QuerySet[IndicatorValue]:
    rows = IndicatorValue.objects.filter(indicator=indicator, dimension="", archived_at=None, status__in=APPROVED)
    return rows.filter(period_end__lte=through).order_by("period_start")


def _vintages(feed: Feed, values: list[IndicatorValue]) -> dict[int, int]:
    """The latest vintage of the feed that each value was taken from; a value that somebody typed has none."""
    taken = (FeedReading.State.TAKEN, FeedReading.State.ACCEPTED)
    rows = FeedReading.objects.filter(feed=feed, indicator_value__in=values, state__in=taken).order_by(
        "vintage__number"
    )
    return dict(rows.values_list("indicator_value_id", "vintage__number"))


def _numbers(value: IndicatorValue, registration: Registration, arm: str) -> list[str]:
    if registration.outcome.kind == OutcomeKind.MEAN:
        return ["1", repr(value.value), repr(value.value**2)]
    if value.numerator is None or value.denominator is None:
        raise ValidationError(
            {arm: _("This feed gives a share but not the people behind it. Choose another, or import counts.")}
        )
    return [repr(value.denominator), repr(value.numerator)]

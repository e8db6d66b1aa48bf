"""An answer through the column map of a feed, with the checks of what it is bound to."""

from datetime import date

from engagements.feeds.rules.answers import AnswerTable
from engagements.feeds.rules.checks import amount_check, value_check
from engagements.feeds.rules.mapping import Mapped, map_rows
from engagements.indicators.queries.indicators import definition_of
from engagements.models import Feed


def map_answer(feed: Feed, table: AnswerTable, today: date) -> Mapped:
    """`feed` may be unsaved. Raises FeedProblem."""
    if feed.indicator is not None:
        check, unit = value_check(definition_of(feed.indicator), today), feed.indicator.unit
    else:
        check, unit = amount_check(today), "usd"
    return map_rows(table, feed.columns, feed.cadence, unit, today, check)

"""The worker's part: feeds whose time has come are asked, many at once, and stored one after another."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.access.roles import people_with
from engagements.base.audited_transaction import notify
from engagements.feeds.actions.mapped import map_answer
from engagements.feeds.actions.reading import Answer, Source, TemporaryProblem, read_source
from engagements.feeds.actions.secrets import reveal
from engagements.feeds.actions.storing import store
from engagements.feeds.rules.answers import FeedProblem
from engagements.feeds.rules.schedule import may_tell, next_check, next_retry
from engagements.models import Feed, FeedSecret, FeedStatus, Notification
from engagements.permissions import APPROVE_INDICATOR, EDIT_INDICATOR, EDIT_MONEY

logger = logging.getLogger(__name__)
BATCH, AT_ONCE = 40, 20
LEASE = timedelta(minutes=10)  # a worker that died: the feed is asked again after it
BLIPS = 2  # failures in a row before its owner hears of one that may pass by itself


def check_due(*, now: datetime, limit: int = BATCH) -> int:
    """How many feeds were asked. Two workers never ask one at once."""
    feeds = _claim(now, limit)
    for feed, outcome in _ask_all(feeds):
        _finish(feed, outcome, now)
    return len(feeds)


def check_now(feed: Feed, *, now: datetime) -> None:
    """One feed at once, because a person asks for it."""
    for each, outcome in _ask_all([feed]):
        _finish(each, outcome, now)


def _claim(now: datetime, limit: int) -> list[Feed]:
    """Feeds that are due; a ledger's only once somebody trusted it: money has no second look of its own."""
    live = Q(feed__archived_at=None, feed__paused_at=None, feed__engagement__initiative__archived_at=None)
    bound = Q(feed__indicator__archived_at=None, feed__indicator__isnull=False) | Q(
        feed__indicator=None, feed__trusted_by__isnull=False
    )
    with transaction.atomic():
        due = FeedStatus.objects.select_for_update(skip_locked=True, of=("self",)).filter(live, bound, next_at__lte=now)
        ids = list(due.order_by("next_at").values_list("pk", flat=True)[:limit])
        FeedStatus.objects.filter(pk__in=ids).update(next_at=now + LEASE)
    rows = Feed.objects.filter(status__in=ids).select_related(
        "engagement__city", "engagement__initiative", "indicator", "owner", "status", "secret"
    )
    return list(rows)


def _ask_all(feeds: list[Feed]) -> Iterator[tuple[Feed, Answer | FeedProblem]]:
    """Each with what came of it, as they come. Only the network is in the threads."""
    with ThreadPoolExecutor(AT_ONCE, "feed") as pool:
        asked = {}
        for feed in feeds:
            try:
                source = _source(feed)
            except FeedProblem as problem:
                yield feed, problem
                continue
            asked[pool.submit(read_source, source)] = feed
        for done in as_completed(asked):
            try:
                yield asked[done], done.result()
            except FeedProblem as problem:
                yield asked[done], problem
            except Exception:
                # What no rule foresees is one feed's failure, not that of all the others.
                logger.exception("Feed %s could not be read.", asked[done].pk)
                yield asked[done], FeedProblem(_("The answer could not be read."), _("Tell whoever runs the portal."))


def _source(feed: Feed) -> Source:
    permission = EDIT_INDICATOR if feed.indicator_id else EDIT_MONEY
    if not people_with(feed.engagement, permission).filter(pk=feed.owner_id).exists():
        raise FeedProblem(_("Its owner no longer works on it."), _("Choose another owner."))
    kept: FeedSecret | None = getattr(feed, "secret", None)
    return Source(feed.kind, feed.address, feed.query, reveal(kept, feed.address))


def _finish(feed: Feed, outcome: Answer | FeedProblem, now: datetime) -> None:
    if isinstance(outcome, Answer):
        try:
            mapped = map_answer(feed, outcome.table, now.date())
            # The same bytes may say more: a period they hold has ended meanwhile.
            store(feed, mapped, sha256=outcome.sha256, size=outcome.size, now=now)
            succeed(feed, outcome.sha256, now)
            return
        except FeedProblem as problem:
            outcome = problem
        except Exception:
            logger.exception("What feed %s answered could not be kept.", feed.pk)
            outcome = FeedProblem(_("What came could not be kept."), _("Tell whoever runs the portal."))
    fail(feed, outcome, now)


def succeed(feed: Feed, sha256: str, now: datetime) -> None:
    FeedStatus.objects.filter(feed=feed).update(
        next_at=None if feed.kind == Feed.Kind.PUSH else next_check(feed.cadence, now),
        checked_at=now,
        sha256=sha256,
        failures=0,
        failing_since=None,
        problem="",
        advice="",
    )


def fail(feed: Feed, problem: FeedProblem, now: datetime) -> None:
    """Keeps why, plans the next try, and tells the owner once a day at most; the leads, where it has none."""
    wait = problem.wait_seconds if isinstance(problem, TemporaryProblem) else None
    with transaction.atomic():
        status = FeedStatus.objects.select_for_update().get(feed=feed)
        status.failures += 1
        status.failing_since = status.failing_since or now
        status.problem, status.advice = problem.sentence[:500], problem.advice[:500]
        status.next_at = None if feed.kind == Feed.Kind.PUSH else next_retry(status.failures, now, wait)
        is_worth_telling = status.failures >= BLIPS or not isinstance(problem, TemporaryProblem)
        if is_worth_telling and may_tell(status.told_at, now):
            status.told_at = now
            _tell(feed, problem, now)
        status.save()


def _tell(feed: Feed, problem: FeedProblem, now: datetime) -> None:
    still_there = people_with(feed.engagement, EDIT_INDICATOR if feed.indicator_id else EDIT_MONEY)
    owner = still_there.filter(pk=feed.owner_id)
    people = owner if owner.exists() else people_with(feed.engagement, APPROVE_INDICATOR)
    line = _("The feed of {name} fails. {problem} {advice}").format(
        name=feed.name, problem=problem.sentence, advice=problem.advice
    )
    notify(people, Notification.Kind.ASSIGNMENT, thing=feed, engagement=feed.engagement_id, line=line, by=None, now=now)


def plan_now(feed: Feed, now: datetime) -> None:
    """The worker asks it with its next round."""
    FeedStatus.objects.filter(feed=feed).exclude(feed__kind=Feed.Kind.PUSH).update(next_at=now)

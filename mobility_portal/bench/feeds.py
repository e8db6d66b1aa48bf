"""How long one worker takes for 200 feeds, each with 90 days, of which every tenth hangs until it is given up.

The publishers are a server on this machine: what the network would take comes on top and is spent at once, by twenty
feeds at a time. Needs the packages of the tests.
"""

from datetime import timedelta
from importlib import import_module
from time import monotonic

from django.test import override_settings

from engagements.feeds.actions.checking import check_due
from engagements.models import FeedReading, FeedStatus, Indicator
from engagements.permissions import Role
from mobility_portal.bench.results import Results

FEEDS, HANGING, DAYS = 200, 20, 90
MOST_SECONDS = 3600.0


def report(results: Results, feeds: int = FEEDS, hanging: int = HANGING, days: int = DAYS) -> None:
    made = import_module("tests.factories.engagements")
    factory = import_module("tests.factories.feeds")
    people = import_module("tests.factories.indicators")
    servers = import_module("tests.factories.publisher")
    here, _ = made.pair()
    staff, lead = made.member(Role.CITY_STAFF, here), made.member(Role.LEAD, here)
    now = made.NOW
    values = [40 + 2 * n + n % 3 for n in range(days)]
    body = factory.daily(now.date() - timedelta(days=1), values)
    with servers.publisher() as server, override_settings(FEED_PRIVATE_HOSTS=frozenset({"127.0.0.1"})):
        for n in range(feeds):
            row: Indicator = people.make_indicator(here, staff, name=f"Residents seen {n}")
            address = server.put(f"/{n}.csv", body, *(["hang"] if n < hanging else []))
            factory.make_feed(row, staff, address, lead, cadence="daily", columns={"date": "month", "value": "seen"})
        began = monotonic()
        while check_due(now=now):
            pass
        first = monotonic() - began
        for n in range(hanging, feeds):
            server.put(f"/{n}.csv", factory.daily(now.date(), [*values, values[-1] + 2]))
        began = monotonic()
        while check_due(now=now + timedelta(hours=6)):
            pass
        later = monotonic() - began
    failed = FeedStatus.objects.filter(failures__gt=0).count()
    said = f"{feeds} feeds with {days} days each, {hanging} of them hang"
    results.add("feeds_first_seconds", first, f"{said}; {FeedReading.objects.count():,} values kept")
    results.add("feeds_later_seconds", later, f"one new day each; {failed} failing; at most {MOST_SECONDS:.0f}")

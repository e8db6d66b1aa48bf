"""A large portfolio as a funder gets it: 3 funders, 40 cities, 5 years, 200,000 entries, 20,000 milestones.

Needs a checkout with its tests: the work is made by their factories.
"""

import time
from datetime import timedelta
from importlib import import_module

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from engagements.portfolio.actions.sharing import make_share_link
from mobility_portal.bench.pages import forget
from mobility_portal.bench.reports import report_on
from mobility_portal.bench.timing import measure

RUNS = 9
WARM, COLD = 0.100, 0.400  # seconds in the server


def report(write) -> None:
    """One line per address: first answer, median of the next ones, statements, size, and whether it stays in time."""
    make = import_module("tests.factories.portfolio_many")
    start = time.perf_counter()
    world = make.make_portfolio()
    write(f"made in {time.perf_counter() - start:.0f} s")
    now = timezone.now()
    _, secret = make_share_link(
        initiative=world.initiative.slug, label="Bench", expires_at=now + timedelta(days=1), by=world.funder, now=now
    )
    client = Client(headers={"accept-encoding": "identity"})
    client.force_login(world.funder)
    moment = now.isoformat().replace("+", "%2B")
    city = world.engagements[0].city.slug
    base = f"/portfolio/{world.initiative.slug}/"
    for url in (
        base,
        f"{base}?city={city}&from=2026Q1",
        f"{base}?funder={world.funders[0].slug}",
        f"{base}?as_of={moment}",
        f"{base}entries/?stage=spent",
        f"{base}entries/?stage=spent&city={city}",
        f"{base}milestones/?which=late",
        f"{base}milestones/?which=late&as_of={moment}",
        f"{base}values/?which=people",
        f"{base}cities.csv",
        f"{base}cities.xlsx",
        f"/api/v1{base}",
        "/portfolio/",
        f"/shared/{secret}/",
    ):
        _report_page(write, client, url, url.replace(secret, "…").replace(moment, "now"))
    report_on(write, world)


def _report_page(write, client: Client, url: str, name: str) -> None:
    client.get(url)  # the first reads templates

    def cold() -> None:
        cache.clear()
        forget()
        connection.close()
        connection.ensure_connection()

    first = measure(lambda: client.get(url), 7, before=cold)
    statements: list[str] = []
    with connection.execute_wrapper(lambda run, sql, *rest: (statements.append(sql), run(sql, *rest))[1]):
        response = client.get(url)
    taken = measure(lambda: client.get(url), RUNS)
    slow = "" if taken.median < WARM and max(first.seconds) < COLD else ", too slow"
    write(
        f"{name}: warm {1000 * taken.median:.0f} ms ({1000 * min(taken.seconds):.0f} to "
        f"{1000 * max(taken.seconds):.0f}), cold {1000 * first.median:.0f} ms "
        f"({1000 * min(first.seconds):.0f} to {1000 * max(first.seconds):.0f}, {len(first.seconds)} runs), "
        f"{len(statements)} queries, {len(response.content) / 1000:.0f} kB, status {response.status_code}{slow}"
    )

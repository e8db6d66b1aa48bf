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
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.bench.timing import measure

RUNS = 20
WARM, COLD = 0.060, 0.250  # seconds in the server, 95th percentile of the runs


def report(results: Results) -> None:
    """Two rows per address: the next answers, with statements and size, and the first; late ones are named."""
    make = import_module("tests.factories.portfolio_many")
    start = time.perf_counter()
    world = make.make_portfolio()
    results.add("portfolio_make_seconds", time.perf_counter() - start, "the portfolio itself, by its factories")
    now = timezone.now()
    _, secret = make_share_link(
        initiative=world.initiative.slug, label="Bench", expires_at=now + timedelta(days=1), by=world.funder, now=now
    )
    assert secret is not None, "this link was not made before"
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
        plain = url.replace(secret, "link").replace(moment, "now").replace(world.initiative.slug, "initiative")
        _report_page(results, client, url, f"portfolio_{key_of(plain.replace(city, 'city'))}")
    report_on(results, world)


def _report_page(results: Results, client: Client, url: str, key: str) -> None:
    client.get(url)  # the first reads templates

    def cold() -> None:
        cache.clear()
        forget()
        connection.close()
        connection.ensure_connection()

    first = measure(lambda: client.get(url), RUNS, before=cold)
    with recorded_statements() as statements:
        response = client.get(url)
    taken = measure(lambda: client.get(url), RUNS)
    late = "" if taken.p95 < WARM else f"; p95 {1000 * taken.p95:.0f} ms, over {1000 * WARM:.0f}"
    said = f"{len(statements)} queries, {len(response.content) / 1000:.0f} kB, status {response.status_code}{late}"
    results.add_milliseconds(f"{key}_warm", taken, said)
    slow = f"p95 {1000 * first.p95:.0f} ms" + ("" if first.p95 < COLD else f", over {1000 * COLD:.0f}")
    results.add_milliseconds(f"{key}_cold", first, slow)

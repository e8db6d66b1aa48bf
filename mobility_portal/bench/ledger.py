"""The ledger at 200,000 entries: sums, lists, an entry posted and 5,000 brought in. Needs a checkout with its tests."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from importlib import import_module

from django.db import connection
from django.test import Client
from django.utils import timezone

from engagements.money.actions.imports import preview_ledger_import
from engagements.money.actions.ledger import post_entry
from engagements.money.import_rows import ReadEntry, ReadRows
from engagements.money.queries.ledger import EntryFilter, entries
from engagements.money.queries.places import places
from engagements.money.queries.sums import money, money_sums
from engagements.money.rules.stages import Stage
from engagements.permissions import Role
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.timing import measure

RUNS = 9
ENTRIES = 200_000
SUMS = 0.050  # seconds


def report(results: Results) -> None:
    """One row each: median and range of the runs, and whether sums stay under 50 ms."""
    people = import_module("tests.factories.engagements")
    made = import_module("tests.factories.ledger")
    initiative = people.InitiativeFactory()
    cities = [people.EngagementFactory(initiative=initiative, starts_on=date(2021, 11, 1)) for _ in range(10)]
    everybody = people.everybody(cities[0])
    lead, reader = everybody[Role.LEAD], everybody[Role.FUNDER]
    filled = measure(lambda: made.make_entries(cities, ENTRIES, lead), 1)
    results.add(
        "ledger_fill_seconds", filled.median, f"{ENTRIES:,} entries of 10 cities and 3 funders, with their totals"
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE engagements_ledgerentry, engagements_ledgertotal")
    here = cities[0]
    _line(
        results,
        "sums_of_a_city",
        "sums of one city by stage, funder, plan and quarter",
        lambda: money(reader, here.pk),
        SUMS,
    )
    _line(results, "sums_of_all_cities", "sums of all cities, as the API gives them", lambda: money_sums(reader), SUMS)
    of_city = EntryFilter(engagement=here.pk)
    _line(results, "first_page_of_entries", "first page of one city's entries", lambda: entries(reader, of_city))
    _line(results, "page_100_of_entries", "page 100 of them", lambda: entries(reader, of_city, offset=4_950))
    _line(results, "places_of_a_city", "tracts and addresses of one city", lambda: places(lead, here.pk))
    client = Client()
    client.force_login(reader)
    for end in ("", "live/?version=0", "entries/", "places/"):
        address = f"/engagements/{here.slug}/money/{end}"
        _line(results, f"page_{key_of(f'money/{end}')}", address, partial(client.get, address))
    source, now = made.funder(here, "Fund 0"), timezone.now()
    numbers = iter(range(10**6))

    def post() -> None:
        post_entry(
            engagement=here.pk,
            stage="spent",
            amount=Decimal("1.01"),
            occurred_on=date(2026, 11, 2),
            funder=source.pk,
            external_id=f"P-{next(numbers)}",
            is_another=True,
            by=lead,
            now=now,
        )

    _line(results, "post_an_entry", "one entry posted", post)
    rows = tuple(
        ReadEntry(line, Stage.SPENT, Decimal(line), date(2026, 11, 1), 2026, "Fund 0", external_id=f"T-{line}")
        for line in range(2, 5_002)
    )
    read = ReadRows(rows, {}, {})
    wanted = {"engagement": here.pk, "read": read, "source_system": "Bench", "ticked": frozenset()}
    _line(
        results,
        "preview_5000_rows",
        "5,000 rows tried",
        lambda: preview_ledger_import(**wanted, by=lead, now=now),
        runs=3,
    )


def _line(
    results: Results, key: str, what: str, work: Callable[[], object], limit: float | None = None, runs: int = RUNS
) -> None:
    work()  # the first reads templates and plans statements
    results.add_milliseconds(f"ledger_{key}", measure(work, runs), what, limit)

"""Pages of engagements as each role gets them: ten cities' five years, 5,000 milestones and 50,000 lines of activity.

Needs a checkout with its tests: the work of ten cities is made by their factories.
"""

from importlib import import_module

from django.db import connection
from django.test import Client

from engagements.models import Milestone, Risk
from engagements.permissions import Role
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.bench.timing import measure

RUNS = 20
LIMIT = 0.080  # seconds in the server


def report(results: Results) -> None:
    """One row per page and role: median, slowest of the runs, statements, and whether it stays under 80 ms."""
    engagements, people = make_ten_cities()
    engagement = engagements[0]
    milestone = Milestone.objects.filter(engagement=engagement, archived_at=None)[0]
    indicator = engagement.indicators.order_by("pk")[0].pk
    for role, user in people.items():
        client = Client(headers={"accept-encoding": "identity"})
        client.force_login(user)
        for url in urls(engagement.slug, milestone.pk, indicator):
            key = key_of(url.replace(engagement.slug, "city"))
            _report_page(results, client, f"engagements_{role.value}_{key}", url)


def urls(slug: str, milestone: int, indicator: int) -> tuple[str, ...]:
    within = f"/engagements/{slug}/"
    return (
        "/",
        "/todo/?who=all&view=board",
        "/todo/?who=all&view=list",
        "/todo/?who=all&view=timeline",
        "/todo/",
        "/log/",
        "/engagements/",
        within,
        f"{within}milestones/",
        f"{within}milestones/?view=board",
        f"{within}milestones/?view=timeline",
        f"{within}milestones/?status=in_progress&late=on&order=stage",
        f"{within}milestones/?page=5",
        f"{within}history/",
        f"/milestones/{milestone}/",
        "/milestones/",
        "/milestones/?view=board",
        "/milestones/?view=timeline",
        "/requests/",
        f"{within}documents/",
        f"{within}records/",
        f"{within}updates/",
        f"{within}people/",
        f"{within}indicators/",
        f"/indicators/{indicator}/",
        f"{within}risks/",
        f"{within}timeline/",
        "/api/v1/engagements/",
        "/api/v1/milestones/",
        "/api/v1/activity/",
        "/api/v1/indicators/",
        f"/api/v1/indicators/{indicator}/values/",
        "/api/v1/risks/",
    )


def make_ten_cities(**size: int) -> tuple[list, dict]:
    """Their engagements, and somebody of each role. `size`: as `make_many` takes it.

    Twelve indicators of each city with five years' quarters, two groups beside everybody, all approved; fifty risks;
    2,000 entries of money in each city.
    """
    engagements, people = import_module("tests.factories.engagements").make_many(**size)
    made, money = import_module("tests.factories.indicators"), import_module("tests.factories.ledger")
    made.make_years(engagements, people[Role.CITY_STAFF], people[Role.LEAD])
    money.make_entries(engagements, 2_000 * len(engagements), people[Role.LEAD])
    Risk.objects.bulk_create(
        Risk(
            engagement=within,
            title=f"Risk {number}",
            likelihood=1 + number % 3,
            severity=1 + number // 3 % 3,
            opened_on=within.starts_on,
            visibility=("team", "city", "all")[number % 3],
            owner=people[Role.LEAD],
            mitigation="A longer lease, and a second office to go to.",
        )
        for within in engagements
        for number in range(50)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return engagements, people


def _report_page(results: Results, client: Client, key: str, url: str) -> None:
    client.get(url)  # the first reads templates
    with recorded_statements() as statements:
        response = client.get(url)
    taken = measure(lambda: client.get(url), RUNS)
    said = f"{len(statements)} queries, {len(response.content) / 1000:.0f} kB, status {response.status_code}"
    results.add_milliseconds(key, taken, said, LIMIT)

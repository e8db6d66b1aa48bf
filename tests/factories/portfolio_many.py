"""A large portfolio by single statements: 3 funders, 40 cities, 5 years, 200,000 entries and 20,000 milestones.

Everything goes through the tables' own triggers: totals, history and the rules of money are those of real work.
"""

from datetime import UTC, date, datetime

from django.db import connection
from django.utils import timezone

from engagements.models import Participation
from tests.factories.portfolio import World

BEGAN = date(2021, 11, 1)
DAYS = 1_826
STAGES = ("allocated", "obligated", "disbursed", "spent")
EARLIER = datetime(2024, 6, 30, tzinfo=UTC)  # a past moment by which half of the ledger was entered


def make_portfolio(cities: int = 40, funders: int = 3, entries: int = 200_000, milestones: int = 20_000) -> World:
    """With budgets, values, updates and risks in every city. Entries were entered on the day they happened."""
    world = World(cities=cities, funders=funders, name="A large portfolio")
    ids = [row.pk for row in world.engagements]
    Participation.objects.bulk_create(
        Participation(engagement=row, status="active", began_on=BEGAN, source="a test") for row in world.engagements
    )
    _entries(world, ids, entries)
    _milestones(ids, milestones)
    for at in range(cities):
        _one_city(world, at)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE engagements_ledgerentry, engagements_ledgertotal, engagements_milestone, "
            "engagements_milestoneevent, engagements_indicatorvalue, engagements_indicatorvalueevent"
        )
    return world


def _entries(world: World, ids: list[int], count: int) -> None:
    """A large commitment of each funder, then entries of all stages evenly over cities, funders and days; every
    fiftieth is taken back."""
    funders = [row.pk for row in world.funders]
    for number in range(len(funders)):
        world.entry(
            "committed", 500_000_000, at=None, funder=number, on=BEGAN, entered_at=datetime(2021, 11, 1, tzinfo=UTC)
        )
    reversals = count // 50
    common = (
        "initiative_id, engagement_id, stage, amount_usd, price_year, occurred_on, funder_id, payee, payee_address, "
    )
    common += "description, source_system, external_id, why, entered_by_id, entered_at, is_fictional"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO engagements_ledgerentry ({common})
            SELECT %s, (%s::bigint[])[1 + n %% %s], (%s::text[])[1 + n / 7 %% 4], 100 + n %% 900 + 0.25,
                2022 + (n %% %s) / 366, %s::date + (n %% %s)::int, (%s::bigint[])[1 + n / 3 %% %s],
                'Payee ' || n %% 50, '', 'Work', 'books', 'E' || n, '', %s,
                (%s::date + (n %% %s)::int)::timestamptz, false
            FROM generate_series(0, %s) n""",
            (
                world.initiative.pk,
                ids,
                len(ids),
                list(STAGES),
                DAYS,
                BEGAN,
                DAYS,
                funders,
                len(funders),
                world.by.pk,
                BEGAN,
                DAYS,
                count - reversals - len(funders) - 1,
            ),
        )
        cursor.execute(
            f"""INSERT INTO engagements_ledgerentry ({common}, reverses_id)
            SELECT initiative_id, engagement_id, stage, amount_usd, price_year, occurred_on, funder_id, payee,
                payee_address, description, source_system, external_id || 'R', 'entered twice', entered_by_id,
                entered_at, false, id
            FROM engagements_ledgerentry WHERE initiative_id = %s AND stage <> 'committed' ORDER BY id LIMIT %s""",
            (world.initiative.pk, reversals),
        )


def _milestones(ids: list[int], count: int) -> None:
    today = timezone.now().date()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO engagements_milestone (engagement_id, title, stage, due_on, done_on, precision,
                acceptance_evidence, needs_approval, status, funder_note, position, source, is_fictional, version,
                repeats, repeat_number)
            SELECT (%s::bigint[])[1 + n %% %s], 'Milestone ' || n, 'field', due,
                CASE WHEN is_done THEN due - 2 END, 'day', '', false,
                CASE WHEN is_done THEN 'done' ELSE 'in_progress' END, '', n, '', false, 1, '', 0
            FROM (SELECT n, %s::date - 1700 + (n %% 1826)::int AS due,
                  (n %% 1826) < 1700 AND n %% 13 <> 0 AS is_done FROM generate_series(0, %s) n) made""",
            (ids, len(ids), today, count - 1),
        )


def _one_city(world: World, at: int) -> None:
    for year in range(2022, 2027):
        world.budget(200_000, at=at, first=date(year, 1, 1), last=date(year, 12, 31))
    for name in ("People trained", "People placed", "People housed"):
        counted = world.indicator(
            at=at,
            name=name,
            counts_people=True,
            is_unduplicated=True,
            baseline=0,
            baseline_on=date(2022, 1, 1),
            target=900,
            target_on=date(2027, 1, 1),
        )
        for year in range(2022, 2027):
            for quarter in (1, 2, 3):
                world.value(counted, float(10 + at), quarter, year)
    for quarter in (1, 2, 3):
        world.update(at=at, quarter=quarter, said="We opened an office and met everybody who asked. " * 8)
    world.risk(at=at)
    world.plan(at=at, interventions=(None, None))

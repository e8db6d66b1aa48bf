"""Posting, reversing and placing money, budgets: what is kept, what is refused and in which words."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Sum

from atlas.models import CityTract
from engagements.access.errors import NotFound
from engagements.base.editing import Conflict
from engagements.base.queries.history import history
from engagements.models import (
    Activity,
    BudgetLine,
    FormIdempotencyKey,
    LedgerEntry,
    LedgerPlacement,
    LedgerTotal,
    Organisation,
    Plan,
    Project,
)
from engagements.money.actions.budget import add_budget_line, archive_budget_line, change_budget_line
from engagements.money.actions.ledger import place_entry, post_entry, reverse_entry
from engagements.money.queries.sums import money
from engagements.permissions import Role
from engagements.results.actions.projects import archive_project, link_plans
from tests.factories.engagements import NOW, TODAY, EngagementFactory, MilestoneFactory, everybody, give, member, pair
from tests.factories.ledger import commitment, entry, funder

pytestmark = pytest.mark.django_db
A, B = "26163500100", "26163500200"


@pytest.fixture
def work():
    engagement = EngagementFactory()
    return engagement, member(Role.CITY_STAFF, engagement)


def post(engagement, by, **more) -> LedgerEntry:
    wanted = {
        "stage": "spent",
        "amount": Decimal(100),
        "occurred_on": date(2026, 3, 2),
        "funder": funder(engagement).pk,
    }
    return post_entry(engagement=engagement.pk, by=by, now=NOW, **wanted | more)


def refused(act) -> dict[str, list[str]]:
    """What was refused; nothing else was written."""
    before = LedgerEntry.objects.count(), Activity.objects.count(), LedgerPlacement.objects.count()
    with pytest.raises(ValidationError) as found:
        act()
    assert (LedgerEntry.objects.count(), Activity.objects.count(), LedgerPlacement.objects.count()) == before
    return found.value.message_dict


def make_tracts(engagement) -> None:
    for geoid in (A, B):
        CityTract.objects.create(city=engagement.city, geoid=geoid, share=1, belongs=True, rule="half")


def totals() -> dict[str, Decimal]:
    return dict(LedgerTotal.objects.order_by().values_list("stage").annotate(Sum("net_usd")))


def test_an_entry_is_kept_with_its_tracts_and_told_to_the_team_once(work):
    engagement, staff = work
    commitment(engagement)
    make_tracts(engagement)
    key = uuid4()
    milestone = MilestoneFactory(engagement=engagement)
    for _ in range(2):  # a second click
        made = post(
            engagement,
            staff,
            payee=" Acme ",
            milestone=milestone.pk,
            submission=key,
            tracts={A: Decimal("0.25"), B: Decimal("0.75")},
        )
    assert LedgerEntry.objects.filter(stage="spent").count() == 1 and totals()["spent"] == 100
    assert (made.payee, made.price_year, made.entered_by, made.is_fictional) == ("Acme", 2026, staff, False)
    assert {t.geoid: t.share for t in made.placements.get().tracts.all()} == {A: 0.25, B: 0.75}
    told = Activity.objects.get()
    assert (told.verb, told.noun, told.visibility, told.line) == ("posted", "ledgerentry", "team", "$100 of A Fund")


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"amount": Decimal(0)}, "amount", "above 0"),
        ({"amount": Decimal(-1)}, "amount", "reverse it"),
        ({"amount": Decimal("0.001")}, "amount", "two decimals"),
        ({"amount": Decimal(10**10 + 1)}, "amount", "$10 billion"),
        ({"stage": "paid"}, "stage", "no stage"),
        ({"occurred_on": TODAY + timedelta(days=9)}, "occurred_on", "has not come yet"),
        ({"occurred_on": date(2025, 12, 31)}, "occurred_on", "before the engagement began, Jan 1, 2026"),
        ({"price_year": 1999}, "price_year", "2000"),
        ({"tracts": {A: Decimal("0.5")}}, "tracts", "make 0.5 together"),
        ({"tracts": {"36061000100": Decimal(1)}}, "tracts", "Not in City-"),
        ({"funder": 10**6}, "funder", "one of this initiative's funders"),
        ({"plan": 10**6}, "plan", "no such plan"),
        ({"project": 10**6}, "project", "no such project"),
        ({"milestone": 10**6}, "milestone", "no such milestone"),
        (
            {"amount": Decimal(2000)},
            "amount",
            "With this there would be $2,070 of A Fund spent by Mar 2, 2026, but $1,000",
        ),
        ({"occurred_on": date(2026, 1, 9)}, "amount", "A Fund committed nothing before Feb 2, 2026"),
        ({"payee": "x" * 151}, "payee", "150 characters"),
        ({"external_id": "V-1", "source_system": "Munis"}, "external_id", "Number V-1 is in the ledger already: entry"),
        ({"payee": "ACME", "amount": Decimal(70)}, "is_another", "has the same stage, amount, date, payee and funder"),
    ],
)
def test_what_is_refused_says_why_at_its_field(work, more, field, words):
    engagement, staff = work
    commitment(engagement)
    post(engagement, staff, amount=Decimal(70), payee="Acme", external_id="V-1", source_system="Munis")
    found = refused(lambda: post(engagement, staff, **more))
    assert list(found) == [field] and words in found[field][0]


def test_what_only_looks_the_same_is_kept_once_somebody_says_so(work):
    engagement, staff = work
    commitment(engagement)
    post(engagement, staff)
    post(engagement, staff, is_another=True)
    assert totals()["spent"] == 200


def test_a_plan_or_milestone_of_another_city_is_not_there(work):
    engagement, staff = work
    commitment(engagement)
    other = EngagementFactory(initiative=engagement.initiative)
    assert "milestone" in refused(lambda: post(engagement, staff, milestone=MilestoneFactory(engagement=other).pk))


def test_money_is_posted_by_those_who_may_and_where_they_may():
    mine, other = pair()
    people = everybody(mine)
    commitment(mine), commitment(other)
    for role, user in people.items():
        may = role in (Role.LEAD, Role.ADVISER, Role.CITY_STAFF)
        for engagement in (mine, other):
            if may and (engagement is mine or role is Role.LEAD):
                post(engagement, user, is_another=True)
            else:
                with pytest.raises(NotFound):
                    post(engagement, user)


def test_a_commitment_to_the_whole_initiative_is_a_leads(work):
    engagement, staff = work
    wanted = {"stage": "committed", "amount": Decimal(500), "occurred_on": date(2026, 1, 5), "now": NOW}
    wanted |= {"initiative": engagement.initiative_id, "funder": funder(engagement).pk}
    with pytest.raises(NotFound):
        post_entry(**wanted, by=staff)
    made = post_entry(**wanted, by=member(Role.LEAD, engagement))
    assert made.engagement is None
    post(engagement, staff, amount=Decimal(400))  # a city draws on it
    other = EngagementFactory(initiative=engagement.initiative)
    give(staff, Role.CITY_STAFF, other)
    found = refused(lambda: post(other, staff, amount=Decimal(200)))
    assert "$600 of A Fund, all cities together, spent" in found["amount"][0]


def test_invented_money_is_kept_apart(work):
    engagement, staff = work
    commitment(engagement)
    demo = member(Role.ADVISER, engagement, is_fictional=True)
    found = refused(lambda: post(engagement, demo))
    assert "has committed nothing yet" in found["amount"][0]  # the real commitment covers nothing invented
    made = post(engagement, demo, stage="committed", amount=Decimal(7))
    invented = Organisation.objects.create(slug="i", name="Invented", kind="funder", is_fictional=True)
    engagement.initiative.partnerships.create(organisation=invented, part="funder", is_fictional=True)
    by_funder = post(engagement, staff, stage="committed", funder=invented.pk)
    assert made.is_fictional and by_funder.is_fictional
    sums = money(staff, engagement.pk)
    assert sums.recorded.stages[0].usd == 1000 and sums.fictional.stages[0].usd == 107


# --- Reversals -----------------------------------------------------------------------------------


def test_a_reversal_is_a_new_entry_once_and_the_first_stays(work):
    engagement, staff = work
    commitment(engagement)
    first = post(engagement, staff, payee="Acme")
    key = uuid4()
    for _ in range(2):
        back = reverse_entry(entry=first.pk, why="Twice booked", by=staff, now=NOW, submission=key)
    assert (back.reverses, back.net_usd, back.stage, back.occurred_on) == (first, -100, "spent", TODAY)
    assert totals()["spent"] == 0 and LedgerEntry.objects.filter(reverses=first).count() == 1
    assert (
        "reversed before" in refused(lambda: reverse_entry(entry=first.pk, why="x", by=staff, now=NOW))["reverses"][0]
    )
    assert "not reversed" in refused(lambda: reverse_entry(entry=back.pk, why="x", by=staff, now=NOW))["reverses"][0]
    assert "why" in refused(lambda: reverse_entry(entry=first.pk, why=" ", by=staff, now=NOW))


def test_a_commitment_that_is_in_use_is_not_taken_back(work):
    engagement, staff = work
    first = commitment(engagement)
    post(engagement, staff)
    found = refused(lambda: reverse_entry(entry=first.pk, why="Withdrawn", by=staff, now=NOW))
    assert found["amount"][0].endswith("Reverse what is spent first.")
    early = refused(lambda: reverse_entry(entry=first.pk, why="x", by=staff, now=NOW, occurred_on=date(2026, 1, 1)))
    assert "not before the entry it takes back" in early["occurred_on"][0]


# --- Where it works ------------------------------------------------------------------------------


def test_money_is_placed_late_and_again_and_a_reversal_where_its_entry_is(work):
    engagement, staff = work
    make_tracts(engagement)
    first = commitment(engagement)
    place_entry(entry=first.pk, tracts={A: Decimal(1)}, why="", by=staff, now=NOW)
    place_entry(entry=first.pk, tracts={A: Decimal("0.5"), B: Decimal("0.5")}, why="The annex", by=staff, now=NOW)
    assert [p.number for p in first.placements.all()] == [2, 1]
    assert first.placements.first().why == "The annex"
    back = reverse_entry(entry=first.pk, why="Withdrawn", by=staff, now=NOW)
    placed = refused(lambda: place_entry(entry=back.pk, tracts={A: Decimal(1)}, why="", by=staff, now=NOW))
    assert "where the entry is" in placed["tracts"][0]
    for tracts, words in (({}, "at least one"), ({"36061000100": Decimal(1)}, "Not in")):
        found = refused(lambda tracts=tracts: place_entry(entry=first.pk, tracts=tracts, why="", by=staff, now=NOW))
        assert words in found["tracts"][0]
    halves = refused(lambda: place_entry(entry=first.pk, tracts={A: Decimal("0.5")}, why="", by=staff, now=NOW))
    assert "not 1" in halves["tracts"][0]


# --- Budgets -------------------------------------------------------------------------------------


def budget(engagement, by, **more) -> BudgetLine:
    wanted = {"name": "Counseling", "amount_usd": Decimal(500), "period_start": date(2026, 1, 1)}
    return add_budget_line(
        engagement=engagement.pk, by=by, now=NOW, **wanted | {"period_end": date(2026, 6, 30)} | more
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"amount_usd": Decimal(0)}, "amount_usd"),
        ({"period_start": date(2026, 2, 1)}, "period_start"),
        ({"period_end": date(2026, 6, 29)}, "period_end"),
        ({"period_end": date(2025, 12, 31)}, "period_end"),
        ({"name": "  "}, "name"),
        ({"price_year": 1990}, "price_year"),
        ({"plan": 10**6}, "plan"),
        ({"funder": 10**6}, "funder"),
    ],
)
def test_budget_lines_that_are_refused(work, more, field):
    assert list(refused(lambda: budget(*work, **more))) == [field]


def test_a_budget_line_changes_with_its_history_and_two_people_do_not_overwrite_each_other(work):
    engagement, staff = work
    line = budget(engagement, staff)
    change = {"line": line.pk, "why": "Agreed", "by": staff, "now": NOW}
    changed = change_budget_line(changes={"amount_usd": Decimal(700)}, expected_version=1, **change)
    assert (changed.amount_usd, changed.version) == (700, 2)
    with pytest.raises(Conflict):
        change_budget_line(changes={"amount_usd": Decimal(600)}, expected_version=1, **change)
    events = history(staff, engagement.pk, noun="budgetline", object_id=line.pk)
    assert [(e.verb, e.title, e.why) for e in events] == [
        ("update", "Counseling", "Agreed"),
        ("insert", "Counseling", ""),
    ]
    archive_budget_line(line=line.pk, expected_version=2, why="Over", by=staff, now=NOW)
    with pytest.raises(NotFound):
        change_budget_line(changes={}, expected_version=3, **change)


def test_budget_against_what_was_spent(work):
    engagement, staff = work
    commitment(engagement, on=date(2026, 1, 5))
    budget(engagement, staff)
    budget(engagement, staff, name="More", amount_usd=Decimal(50), period_start=date(2026, 4, 1))
    post(engagement, staff)
    post(engagement, staff, amount=Decimal(40), occurred_on=date(2026, 8, 1))
    found = money(staff, engagement.pk).budget
    assert (found.budget, found.spent, found.outside, found.inside) == (550, 140, 40, 100)
    (row,) = found.rows
    assert (row.left, len(row.lines)) == (450, 2)


# --- The database by itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("amount_usd = -5", "entry_amount_in_reason"),
        ("amount_usd = 10000000001", "entry_amount_in_reason"),
        ("stage = 'paid'", "entry_stage_known"),
        ("price_year = 1999", "entry_price_year"),
        ("occurred_on = '2026-01-03'", "entry_dated_after_commitment"),
        ("amount_usd = 5000", "entry_after_commitment"),
        ("external_id = 'V-1', source_system = 'Munis'", "entry_external_id_once"),
    ],
)
def test_raw_sql_gets_past_none_of_it(work, change, refusal):
    engagement, staff = work
    commitment(engagement, external_id="V-1", source_system="Munis")
    good = entry(engagement, staff)
    good.save()
    columns = [f.column for f in LedgerEntry._meta.concrete_fields if f.column not in ("id", "net_usd")]
    wanted = dict(part.split(" = ") for part in change.split(", "))
    values = ", ".join(wanted.get(column, column) for column in columns)
    sql = f"INSERT INTO engagements_ledgerentry ({', '.join(columns)}) SELECT {values} FROM engagements_ledgerentry"
    with pytest.raises(Exception) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE id = %s", [good.pk])
    assert found.value.__cause__.diag.constraint_name == refusal


def test_a_failed_click_may_be_sent_again(work):
    engagement, staff = work
    key = uuid4()
    refused(lambda: post(engagement, staff, submission=key))
    assert not FormIdempotencyKey.objects.exists()
    commitment(engagement)
    assert post(engagement, staff, submission=key).pk


def test_a_project_that_is_not_the_plans_is_refused_at_its_field_and_dollars_hold_their_project(work):
    engagement, staff = work
    commitment(engagement)
    mine, other = (Project.objects.create(engagement=engagement, title=t, source="a test") for t in ("Mine", "Other"))
    plan = Plan.objects.create(engagement=engagement, title="A plan", price_year=2026, written_by=staff)
    link_plans(pk=mine.pk, plans=[plan.pk], by=staff, now=NOW)
    found = refused(lambda: post(engagement, staff, plan=plan.pk, project=other.pk))
    assert list(found) == ["project"] and "Mine" in found["project"][0]
    kept = post(engagement, staff, plan=plan.pk, project=mine.pk)
    link_plans(pk=mine.pk, plans=[], by=staff, now=NOW)
    with pytest.raises(ValidationError, match="Dollars of"):
        link_plans(pk=other.pk, plans=[plan.pk], by=staff, now=NOW)
    with pytest.raises(ValidationError, match="Dollars of the ledger"):
        archive_project(pk=mine.pk, expected_version=mine.version, by=staff, now=NOW, why="made twice")
    back = reverse_entry(entry=kept.pk, why="typed twice", by=staff, now=NOW)
    assert back.project_id == mine.pk
    archive_project(pk=mine.pk, expected_version=mine.version, by=staff, now=NOW, why="made twice")
    assert list(refused(lambda: post(engagement, staff, project=mine.pk))) == ["project"]

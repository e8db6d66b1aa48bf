"""A portfolio with money, work, people and plans: small ones for worked numbers, random ones for the reference."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from engagements import models
from engagements.permissions import Role
from tests.factories.engagements import EngagementFactory, InitiativeFactory, MilestoneFactory, UserFactory, give

THEMES = ("housing", "workforce")
SAME = ("initiative", "engagement", "plan", "project", "stage", "amount_usd", "price_year", "funder", "is_fictional")


class World:
    """An initiative with some cities and funders; its methods are single deeds of the kind the portal does."""

    def __init__(self, cities: int = 3, funders: int = 2, **initiative):
        self.initiative = InitiativeFactory(**initiative)
        self.engagements = [
            EngagementFactory(initiative=self.initiative, starts_on=date(2020, 1, 1), theme=THEMES[n % 2])
            for n in range(cities)
        ]
        self.funders = [
            models.Organisation.objects.create(
                slug=f"{self.initiative.slug}-funder-{n}", name=f"Funder {n}", kind="funder", source="a test"
            )
            for n in range(funders)
        ]
        self.by = UserFactory()
        self.lead, self.funder = (self.person(role) for role in (Role.LEAD, Role.FUNDER))
        self.today = timezone.now().date()

    def person(self, role: Role, at: int = 0) -> models.User:
        user = UserFactory()
        give(user, role, self.engagements[at])
        return user

    def entry(self, stage: str, usd, *, at: int | None = 0, funder: int = 0, on: date | None = None, **more):
        kept = {
            "initiative": self.initiative,
            "engagement": None if at is None else self.engagements[at],
            "stage": stage,
            "amount_usd": Decimal(usd),
            "price_year": 2026,
            "occurred_on": on or date(2026, 3, 1),
            "funder": self.funders[funder],
            "entered_by": self.by,
            "entered_at": timezone.now(),
        } | more
        return models.LedgerEntry.objects.create(**kept)

    def reverse(self, entry: models.LedgerEntry, why: str = "typed twice"):
        return models.LedgerEntry.objects.create(
            **{name: getattr(entry, name) for name in SAME},
            occurred_on=entry.occurred_on,
            reverses=entry,
            why=why,
            entered_by=self.by,
            entered_at=timezone.now(),
        )

    def milestone(self, *, at: int = 0, due: int = 30, done: int | None = None, **more) -> models.Milestone:
        """`due` and `done` in days from today."""
        day = self.today + timedelta(days=due)
        if done is not None:
            more |= {"status": "done", "done_on": self.today + timedelta(days=done)}
        return MilestoneFactory(engagement=self.engagements[at], due_on=day, **more)

    def status(self, status: str, *, at: int = 0, on: date = date(2025, 1, 1)) -> models.Participation:
        return models.Participation.objects.create(
            engagement=self.engagements[at], status=status, began_on=on, source="a test"
        )

    def budget(self, usd, *, at: int = 0, first=date(2026, 1, 1), last=date(2026, 12, 31), **more) -> models.BudgetLine:
        return models.BudgetLine.objects.create(
            engagement=self.engagements[at],
            name="Staff",
            amount_usd=Decimal(usd),
            price_year=2026,
            period_start=first,
            period_end=last,
            **more,
        )

    def indicator(self, *, at: int = 0, **more) -> models.Indicator:
        kept = {
            "kind": "performance",
            "name": "People trained",
            "definition": "Who came at least once",
            "unit": "people",
            "direction": "rising",
            "outcome_family": "employment",
        } | more
        return models.Indicator.objects.create(engagement=self.engagements[at], **kept)

    def value(self, indicator: models.Indicator, number: float, quarter: int = 1, year: int = 2026, **more):
        start = date(year, 3 * quarter - 2, 1)
        kept = {
            "period_start": start,
            "period_end": (start + timedelta(days=95)).replace(day=1) - timedelta(days=1),
            "value": number,
            "status": "approved",
            "entered_by": self.by,
            "entered_at": timezone.now(),
        } | more
        if kept["status"] in ("approved", "locked"):
            kept |= {"approved_by": self.by, "approved_at": timezone.now()}
        return models.IndicatorValue.objects.create(indicator=indicator, engagement=indicator.engagement, **kept)

    def plan(self, *, at: int = 0, title: str = "A plan", interventions: tuple = (), publish: bool = True, **more):
        """`interventions`: rows of evidence, or None for one without."""
        plan = models.Plan.objects.create(
            engagement=self.engagements[at], title=title, price_year=2026, written_by=self.by, **more
        )
        for row in interventions:
            self.intervention(plan, row)
        if publish:
            self.publish(plan)
        return plan

    def intervention(self, plan: models.Plan, row: models.EvidenceRow | None = None) -> models.PlanIntervention:
        return models.PlanIntervention.objects.create(
            plan=plan,
            evidence=row,
            evidence_version=row.version if row else None,
            name=f"Offer of {row or 'help'}",
            offered=100,
            takeup=0.5,
            cost_usd=Decimal(1000),
            cost_price_year=2026,
        )

    def publish(self, plan: models.Plan) -> None:
        now = timezone.now()
        models.Plan.objects.filter(pk=plan.pk).update(
            status="published",
            reviewed_by=self.by,
            reviewed_at=now,
            approved_by=self.by,
            approved_at=now,
            published_at=now,
        )

    def evidence(self, tier: str) -> models.EvidenceRow:
        return models.EvidenceRow.objects.create(
            key=f"row-{models.EvidenceRow.objects.count()}-{tier}",
            intervention=f"Study of {tier}",
            outcome="earnings",
            outcome_family="employment",
            tier=tier,
            finding="positive",
            source="a test",
            status="reviewed",
        )

    def update(self, *, at: int = 0, year: int = 2026, quarter: int = 3, said: str = "We did it.", **more):
        kept = models.QuarterlyUpdate.objects.create(
            engagement=self.engagements[at],
            year=year,
            quarter=quarter,
            what_we_did=f"Draft of {said}",
            written_by=self.by,
            status="draft",
            **more,
        )
        self.publish_update(kept, said)
        return kept

    def publish_update(self, kept: models.QuarterlyUpdate, said: str) -> models.PublishedUpdate:
        models.QuarterlyUpdate.objects.filter(pk=kept.pk).update(
            status="published", approved_by=self.by, approved_at=timezone.now(), published_at=timezone.now()
        )
        return models.PublishedUpdate.objects.create(
            update=kept,
            number=kept.publications.count() + 1,
            what_we_did=said,
            approved_by=self.by,
            published_at=timezone.now(),
        )

    def risk(self, *, at: int = 0, likelihood: int = 2, severity: int = 3, visibility: str = "all", **more):
        kept = {"title": "Staff may leave", "opened_on": date(2026, 1, 5)} | more
        return models.Risk.objects.create(
            engagement=self.engagements[at], likelihood=likelihood, severity=severity, visibility=visibility, **kept
        )


def archive(row, by: models.User) -> None:
    type(row).objects.filter(pk=row.pk).update(archived_at=timezone.now(), archived_by=by)


def random_deeds(world: World, seed: int, count: int = 25) -> None:
    """So many deeds of all kinds, some invented, some taken back; the same for the same seed and world."""
    dice = random.Random(seed)
    cities = len(world.engagements)
    for _ in range(count):
        _KINDS[dice.randrange(len(_KINDS))](world, dice, dice.randrange(cities))


def _money(world: World, dice: random.Random, at: int) -> None:
    invented = dice.random() < 0.2
    where = None if dice.random() < 0.3 else at
    funder, day = dice.randrange(len(world.funders)), date(2025, 1, 1) + timedelta(days=dice.randrange(600))
    usd = Decimal(dice.randrange(100, 900_000)) / 100
    more = {"at": where, "funder": funder, "is_fictional": invented, "price_year": dice.choice((2025, 2026))}
    world.entry("committed", usd * 5, on=date(2024, 12, 31), **more)
    stage = dice.choice(("allocated", "obligated", "disbursed", "spent"))
    entry = world.entry(stage, usd, on=day, payee="Jane Doe", description="secret", **more)
    if dice.random() < 0.3:
        world.reverse(entry)


def _milestone(world: World, dice: random.Random, at: int) -> None:
    done = dice.choice((None, None, dice.randrange(-90, 1)))
    made = world.milestone(at=at, due=dice.randrange(-120, 60), done=done, is_fictional=dice.random() < 0.2)
    if dice.random() < 0.3:
        new = world.today + timedelta(days=dice.randrange(-60, 90))
        if new != made.due_on:
            models.DueDateChange.objects.create(
                milestone=made, old=made.due_on, new=new, reason="data", at=timezone.now(), by=world.by
            )
            models.Milestone.objects.filter(pk=made.pk).update(due_on=new)
    if dice.random() < 0.15:
        archive(made, world.by)
    elif dice.random() < 0.15:
        models.Milestone.objects.filter(pk=made.pk).update(status="cancelled", done_on=None)


def _status(world: World, dice: random.Random, at: int) -> None:
    day = date(2025, 1, 1) + timedelta(days=dice.randrange(800))
    status = dice.choice(("announced", "active", "paused", "completed"))
    if not world.engagements[at].participations.filter(status=status, began_on=day).exists():
        made = world.status(status, at=at, on=day)
        if dice.random() < 0.2:
            made.delete()


def _budget(world: World, dice: random.Random, at: int) -> None:
    first = date(2025, 1, 1) + timedelta(days=dice.randrange(500))
    made = world.budget(
        Decimal(dice.randrange(100, 10**7)) / 100,
        at=at,
        first=first,
        last=first + timedelta(days=dice.randrange(700)),
        funder=dice.choice((None, *world.funders)),
        is_fictional=dice.random() < 0.2,
    )
    if dice.random() < 0.2:
        archive(made, world.by)


def _indicator(world: World, dice: random.Random, at: int) -> None:
    plans = [*models.Plan.objects.filter(engagement=world.engagements[at]), None]
    made = world.indicator(
        at=at,
        counts_people=dice.random() < 0.7,
        is_unduplicated=dice.random() < 0.5,
        plan=dice.choice(plans),
        unit=dice.choice(("people", "people", "households")),
        baseline=0,
        baseline_on=date(2025, 1, 1),
        target=500,
        target_on=date(2027, 1, 1),
        is_fictional=dice.random() < 0.15,
        kind=dice.choice(("performance", "performance", "population")),
        outcome_family=dice.choice(("employment", "justice")),
    )
    for quarter in dice.sample((1, 2, 3), dice.randrange(1, 4)):
        status = dice.choice(("approved", "approved", "locked", "draft"))
        kept = world.value(
            made, float(dice.randrange(1, 400)), quarter, status=status, is_fictional=dice.random() < 0.15
        )
        if dice.random() < 0.2:
            models.IndicatorValue.objects.filter(pk=kept.pk).update(
                status="draft", revision=1, change_reason="entry_error"
            )
        elif dice.random() < 0.1:
            archive(kept, world.by)
    if dice.random() < 0.5:
        year = date(2026, 1, 1), date(2026, 12, 31)
        world.value(made, float(dice.randrange(1, 900)), period_start=year[0], period_end=year[1])
    if dice.random() < 0.1:
        archive(made, world.by)


def _plan(world: World, dice: random.Random, at: int) -> None:
    rows = [None, world.evidence(dice.choice(("rct", "quasi", "descriptive")))]
    plan = world.plan(at=at, interventions=tuple(dice.choice(rows) for _ in range(dice.randrange(3))), publish=False)
    if dice.random() < 0.7:
        world.publish(plan)
        if dice.random() < 0.4:  # a revision that nobody has published
            models.Plan.objects.filter(pk=plan.pk).update(status="draft", title="A secret revision")
            world.intervention(plan, rows[1])
    if dice.random() < 0.15:
        archive(plan, world.by)


def _update(world: World, dice: random.Random, at: int) -> None:
    where = {"engagement": world.engagements[at], "year": 2026, "quarter": dice.randrange(1, 4)}
    there = models.QuarterlyUpdate.objects.filter(**where, archived_at=None).first()
    if there:
        world.publish_update(there, f"Again, {dice.randrange(999)}.")
        if dice.random() < 0.2:
            archive(there, world.by)
    else:
        world.update(
            at=at, quarter=where["quarter"], said=f"Done, {dice.randrange(999)}.", is_fictional=dice.random() < 0.2
        )


def _risk(world: World, dice: random.Random, at: int) -> None:
    made = world.risk(
        at=at,
        likelihood=dice.randrange(1, 4),
        severity=dice.randrange(1, 4),
        title=f"Risk {dice.randrange(999)}",
        visibility=dice.choice(("team", "city", "all", "all")),
        is_fictional=dice.random() < 0.2,
        opened_on=date(2026, 1, 1) + timedelta(days=dice.randrange(400)),
    )
    if dice.random() < 0.3 and made.opened_on < world.today:
        models.Risk.objects.filter(pk=made.pk).update(closed_on=world.today)


_KINDS = (_money, _money, _milestone, _milestone, _milestone, _status, _budget, _indicator, _plan, _update, _risk)

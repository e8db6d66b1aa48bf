"""Posting entries, reversing them in full, and placing them on tracts; a posted entry never changes."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from atlas.formatting.money import format_dollars
from engagements.access.engagements import engagement_for, initiative_for
from engagements.access.money import entry_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import lock, validate
from engagements.models import Engagement, LedgerEntry, LedgerPlacement, LedgerPlacementTract, User
from engagements.money.actions import checks
from engagements.money.queries.choices import funders_of
from engagements.money.rules.checks import CoverChange, ProposedEntry, check, check_reversal
from engagements.money.rules.tracts import share_problem
from engagements.permissions import EDIT_MONEY

_WORDS = ("payee", "payee_address", "description", "source_system", "external_id")


def post_entry(
    *,
    stage: str,
    amount: Decimal,
    occurred_on: date,
    funder: int,
    by: User,
    now: datetime,
    engagement: int | str | None = None,
    initiative: int | str | None = None,
    price_year: int | None = None,
    payee: str = "",
    payee_address: str = "",
    description: str = "",
    source_system: str = "",
    external_id: str = "",
    plan: int | None = None,
    project: int | None = None,
    milestone: int | None = None,
    tracts: Mapping[str, Decimal] | None = None,
    is_another: bool = False,
    submission: UUID | None = None,
) -> LedgerEntry:
    """Of an engagement, or of a whole initiative. `is_another`: somebody looked at the entry that is alike.

    The price year is the day's when none is given. Raises NotFound, ValidationError by field.
    """
    here = engagement_for(by, engagement, EDIT_MONEY) if engagement is not None else None
    whole = here.initiative if here else initiative_for(by, initiative or "", EDIT_MONEY)
    tracts = dict(tracts or {})
    with audited_transaction(by):
        claimed = begin_idempotent(by, "post_entry", submission)
        if claimed.object_id:
            return LedgerEntry.objects.get(pk=claimed.object_id)
        source = funders_of(whole.pk, here.city_id if here else None).filter(pk=funder).first()
        if source is None:
            raise ValidationError({"funder": "Choose one of this initiative's funders, or the city itself."})
        entry = LedgerEntry(
            initiative=whole,
            engagement=here,
            stage=stage,
            amount_usd=amount,
            occurred_on=occurred_on,
            funder=source,
            price_year=price_year or occurred_on.year,
            payee=payee.strip(),
            payee_address=payee_address.strip(),
            description=description.strip(),
            source_system=source_system.strip(),
            external_id=external_id.strip(),
            plan_id=plan,
            project_id=project,
            milestone_id=milestone,
            entered_by=by,
            entered_at=now,
            is_fictional=checks.is_fictional(here or whole, source, by),
        )
        _check(entry, here, tracts, now)
        same = checks.find_duplicate_entry(entry.engagement_id, whole.pk, vars(entry) | {"funder": source})
        if same and not is_another:
            raise ValidationError({"is_another": checks.duplicate_entry_sentence(same)})
        _keep(entry)
        if tracts:
            _place(entry, tracts, "", by, now)
        _add_team_activity(entry, "posted", by, now)
        complete_idempotent(claimed, entry)
    return entry


def reverse_entry(
    *,
    entry: int,
    why: str,
    by: User,
    now: datetime,
    occurred_on: date | None = None,
    external_id: str = "",
    submission: UUID | None = None,
) -> LedgerEntry:
    """Takes back the whole of an entry, once, by a new one; returns the new one. Raises NotFound, ValidationError."""
    taken = entry_for(by, entry, EDIT_MONEY)
    with audited_transaction(by, why):
        claimed = begin_idempotent(by, "reverse_entry", submission)
        if claimed.object_id:
            return LedgerEntry.objects.get(pk=claimed.object_id)
        if not why.strip():
            raise ValidationError({"why": "Say why it is taken back: it stays in the ledger with the reason."})
        back = reversal_of(taken, why=why, on=occurred_on or max(now.date(), taken.occurred_on), by=by, now=now)
        back.external_id = external_id.strip()
        checks.refuse(
            [
                *check_reversal(
                    amount=back.amount_usd,
                    of_amount=taken.amount_usd,
                    on=back.occurred_on,
                    of_on=taken.occurred_on,
                    is_reversal=taken.reverses_id is not None,
                    is_reversed=LedgerEntry.objects.filter(reverses=taken).exists(),
                )
            ]
        )
        _check(back, taken.engagement, {}, now)
        _keep(back)
        _add_team_activity(back, "reversed", by, now, why)
        complete_idempotent(claimed, back)
    return back


def reversal_of(taken: LedgerEntry, *, why: str, on: date, by: User, now: datetime) -> LedgerEntry:
    """The entry that would take it back: the same in everything that sums go by. Not saved."""
    same = (
        "initiative_id",
        "engagement_id",
        "plan_id",
        "project_id",
        "milestone_id",
        "funder_id",
        "stage",
        "amount_usd",
        "price_year",
        "is_fictional",
        "payee",
        "payee_address",
        "source_system",
    )
    return LedgerEntry(
        **{name: getattr(taken, name) for name in same},
        reverses=taken,
        why=why.strip(),
        occurred_on=on,
        entered_by=by,
        entered_at=now,
    )


def place_entry(
    *, entry: int, tracts: Mapping[str, Decimal], why: str, by: User, now: datetime, submission: UUID | None = None
) -> LedgerPlacement:
    """Where the money works, once it is known; takes the place of what was said before. Raises NotFound,
    ValidationError by field."""
    found = entry_for(by, entry, EDIT_MONEY)
    with audited_transaction(by, why):
        claimed = begin_idempotent(by, "place_entry", submission)
        if claimed.object_id:
            return LedgerPlacement.objects.get(pk=claimed.object_id)
        if found.reverses_id:
            raise ValidationError({"tracts": "A reversal is placed where the entry is that it takes back."})
        if not tracts:
            raise ValidationError({"tracts": "Name at least one tract."})
        shares = share_problem(tracts)
        checks.refuse([("tracts", shares)] if shares else checks.tract_problems(found.engagement, tracts))
        placement = _place(lock(found), tracts, why, by, now)
        add_activity(
            by=by,
            now=now,
            verb="placed",
            thing=found,
            engagement_id=found.engagement_id,
            why=why,
            line=f"in {len(tracts)} tract{'' if len(tracts) == 1 else 's'}",
        )
        complete_idempotent(claimed, placement)
    return placement


def _check(entry: LedgerEntry, here: Engagement | None, tracts: Mapping[str, Decimal], now: datetime) -> None:
    wanted = ProposedEntry(entry.stage, entry.amount_usd, entry.occurred_on, entry.price_year, dict(tracts))
    problems = list(check(wanted, today=now.date(), starts_on=checks.first_day(here)))
    checks.refuse(problems)
    validate(entry, {*_WORDS, "stage", "amount_usd", "why"} - ({"why"} if entry.reverses_id is None else set()))
    problems = checks.tract_problems(here, tracts)
    if entry.reverses_id is None:
        problems += checks.link_problems(here, entry.plan_id, entry.project_id, entry.milestone_id)
    problems += checks.number_problems(entry.initiative_id, entry.engagement_id, entry.source_system, entry.external_id)
    checks.refuse(problems)
    signed = entry.amount_usd if entry.reverses_id is None else -entry.amount_usd
    covered = checks.cover_problems(
        initiative_id=entry.initiative_id,
        engagement_id=entry.engagement_id,
        funder=entry.funder,
        fictional=entry.is_fictional,
        new=[CoverChange(entry.occurred_on, entry.stage, signed, "this")],
    )
    checks.refuse(covered.values())


def _keep(entry: LedgerEntry) -> None:
    with checks.constraint_errors_as_validation():
        entry.save(force_insert=True)


def _place(entry: LedgerEntry, tracts: Mapping[str, Decimal], why: str, by: User, now: datetime) -> LedgerPlacement:
    last = entry.placements.order_by("-number").values_list("number", flat=True).first() or 0
    with checks.constraint_errors_as_validation():
        placement = LedgerPlacement(entry=entry, number=last + 1, why=why.strip(), placed_by=by, placed_at=now)
        validate(placement, {"why"} if placement.why else set())
        placement.save(force_insert=True)
        LedgerPlacementTract.objects.bulk_create(
            LedgerPlacementTract(placement=placement, geoid=geoid, share=float(share))
            for geoid, share in tracts.items()
        )
    return placement


def _add_team_activity(entry: LedgerEntry, verb: str, by: User, now: datetime, why: str = "") -> None:
    """To the team only: the feed's other readers may not see money."""
    add_activity(
        by=by,
        now=now,
        verb=verb,
        thing=entry,
        engagement_id=entry.engagement_id,
        why=why,
        line=f"{format_dollars(entry.amount_usd)} of {entry.funder.name}",
    )

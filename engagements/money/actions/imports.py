"""Entries from a finance table: tried out as they would be kept, then kept as a whole or not at all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.core.exceptions import ValidationError

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars
from engagements.access.engagements import engagement_for
from engagements.base.table_import.keeping import keep_import
from engagements.base.table_import.results import ImportResult, RowResult, fingerprint_of
from engagements.base.table_import.transactions import commit_rows, preview_rows
from engagements.models import (
    Engagement,
    LedgerEntry,
    LedgerPlacement,
    LedgerPlacementTract,
    Organisation,
    TableImport,
    TableKind,
    User,
)
from engagements.money.actions import checks
from engagements.money.actions.ledger import reversal_of
from engagements.money.actions.name_lookup import NameLookup
from engagements.money.import_rows import ReadEntry, ReadRows
from engagements.money.rules.checks import CoverChange, Problem, ProposedEntry, check, check_reversal
from engagements.money.rules.stages import BY_VALUE, Stage
from engagements.permissions import EDIT_MONEY


@dataclass(frozen=True)
class LedgerRow(RowResult):
    """`outcome`: add, reverse, ask (may be there already: waits for a tick) or refused. `title`: the entry in words."""

    alike: str = ""


@dataclass(frozen=True)
class LedgerImport(ImportResult):
    """`problem`: of the table as a whole."""

    rows: tuple[LedgerRow, ...]
    problem: str = ""

    @property
    def may_be_kept(self) -> bool:
        return not self.problem and all(row.outcome in ("add", "reverse") for row in self.rows)

    @property
    def problems(self) -> dict[int, tuple[Problem, ...]]:
        return {row.line: row.problems for row in self.rows if row.problems}

    @property
    def alike(self) -> dict[int, str]:
        return {row.line: row.alike for row in self.rows if row.outcome == "ask"}


def preview_ledger_import(
    *, engagement: int | str, read: ReadRows, source_system: str, ticked: frozenset[int], by: User, now: datetime
) -> LedgerImport:
    """What each row would do; nothing is kept. `ticked`: lines somebody said are no repetition. Raises NotFound."""
    within = engagement_for(by, engagement, EDIT_MONEY)
    return preview_rows(lambda: _carry_out(within, read, source_system, ticked, by, now), by=by)


def import_ledger(
    *,
    engagement: int | str,
    read: ReadRows,
    source_system: str,
    ticked: frozenset[int],
    fingerprint: str,
    by: User,
    now: datetime,
    submission: UUID | None = None,
) -> LedgerImport | None:
    """All rows in one transaction. Kept only when none is refused or waits, and each does what the person was shown.

    None when this submission was carried out before. Raises NotFound.
    """
    within = engagement_for(by, engagement, EDIT_MONEY)

    def write_rows() -> LedgerImport:
        Engagement.objects.select_for_update().get(pk=within.pk)  # two imports of one engagement follow one another
        return _carry_out(within, read, source_system, ticked, by, now)

    def done(result: LedgerImport) -> TableImport:
        count = len(result.rows)
        line = f"{count:,} transaction{'' if count == 1 else 's'} from {source_system or 'a finance system'}"
        return keep_import(within, TableKind.LEDGER, source_system, result, by=by, now=now, line=line)

    return commit_rows(
        write_rows, by=by, action="import_ledger", fingerprint=fingerprint, submission=submission, done=done
    )


def _carry_out(
    within: Engagement, read: ReadRows, source_system: str, ticked: frozenset[int], by: User, now: datetime
) -> LedgerImport:
    problems: dict[int, list[Problem]] = defaultdict(list, {line: [*found] for line, found in read.problems.items()})
    alike = dict(read.alike)
    names = NameLookup(within, source_system, read.entries)
    made: dict[int, LedgerEntry] = {}
    by_number = {entry.external_id: entry for entry in read.entries if entry.external_id}
    for entry in sorted(read.entries, key=lambda each: each.is_back):  # what is taken back is made before
        row, wrong = _draft(within, names, entry, made, by_number, source_system, by, now)
        problems[entry.line] += wrong
        if row is not None:
            made[entry.line] = row
            if not entry.is_back and (same := names.alike(row)):
                alike.setdefault(entry.line, checks.duplicate_entry_sentence(same))
    for line, problem in _uncovered(within, [(line, made[line]) for line in made if not problems[line]]):
        problems[line].append(problem)
    rows = tuple(
        _row(line, made.get(line), problems[line], alike.get(line, ""), ticked) for line in _lines(read, problems)
    )
    found = LedgerImport(rows, False, _fingerprint(rows, ticked))
    if not found.may_be_kept:
        return found
    try:
        with checks.constraint_errors_as_validation():
            _save([made[row.line] for row in rows], {e.line: e for e in read.entries}, made, by, now)
    except ValidationError as refused:
        return LedgerImport(rows, False, _fingerprint(rows, ticked), " ".join(refused.messages))
    return found


def _draft(
    within: Engagement,
    names: NameLookup,
    entry: ReadEntry,
    made: dict[int, LedgerEntry],
    by_number: dict[str, ReadEntry],
    source_system: str,
    by: User,
    now: datetime,
) -> tuple[LedgerEntry | None, list[Problem]]:
    problems: list[Problem] = []
    if known := names.number(entry.external_id):
        problems.append(("external_id", checks.known_number_sentence(known)))
    funder, plan = names.funder(entry, problems), names.plan(entry, problems)
    project, milestone = names.project(entry, plan, problems), names.milestone(entry, problems)
    wanted = ProposedEntry(entry.stage, entry.amount, entry.occurred_on, entry.price_year, dict(entry.tracts))
    problems += check(wanted, today=now.date(), starts_on=within.starts_on)
    problems += names.tracts(entry)
    if funder is None:
        return None, problems
    if not entry.is_back:
        return LedgerEntry(
            initiative=within.initiative,
            engagement=within,
            stage=entry.stage,
            amount_usd=entry.amount,
            funder=funder,
            price_year=entry.price_year,
            occurred_on=entry.occurred_on,
            payee=entry.payee,
            plan_id=plan,
            project_id=project,
            payee_address=entry.payee_address,
            description=entry.description,
            source_system=source_system,
            external_id=entry.external_id,
            milestone_id=milestone,
            entered_by=by,
            entered_at=now,
            is_fictional=checks.is_fictional(within, funder, by),
        ), problems
    beside = by_number.get(entry.reverses)
    taken = (made.get(beside.line) if beside else None) or names.number(entry.reverses)
    if taken is None:
        words = f"Number {entry.reverses[:40]} is neither in the ledger nor, without problems, in this table."
        return None, [*problems, ("reverses", words)]
    problems += _not_the_same(entry, taken, funder)
    problems += check_reversal(
        amount=entry.amount,
        of_amount=taken.amount_usd,
        on=entry.occurred_on,
        of_on=taken.occurred_on,
        is_reversal=taken.reverses_id is not None or taken.reverses is not None,
        is_reversed=names.is_reversed(taken),
    )
    why = entry.description or f"Taken back in {source_system or 'the finance system'}"
    back = reversal_of(taken, why=why, on=entry.occurred_on, by=by, now=now)
    back.external_id, back.source_system = entry.external_id, source_system
    return back, problems


def _not_the_same(entry: ReadEntry, taken: LedgerEntry, funder: Organisation) -> Iterable[Problem]:
    if entry.stage != taken.stage:
        yield "stage", f"The entry it takes back is {BY_VALUE[taken.stage].label.lower()}, not {entry.stage}."
    if funder.pk != taken.funder_id:
        yield "funder", f"The entry it takes back is of {taken.funder.name}."


def _uncovered(within: Engagement, rows: list[tuple[int, LedgerEntry]]) -> Iterable[tuple[int, Problem]]:
    def pot(pair: tuple[int, LedgerEntry]) -> tuple[int, bool]:
        return pair[1].funder_id, pair[1].is_fictional

    for (_, fictional), group in groupby(sorted(rows, key=pot), key=pot):
        pairs = list(group)
        new = [CoverChange(row.occurred_on, row.stage, _signed(row), line) for line, row in pairs]
        refused = checks.cover_problems(
            initiative_id=within.initiative_id,
            engagement_id=within.pk,
            funder=pairs[0][1].funder,
            fictional=fictional,
            new=new,
        )
        yield from ((line, refused[line]) for line, _ in pairs if line in refused)


def _save(
    rows: list[LedgerEntry], read: dict[int, ReadEntry], made: dict[int, LedgerEntry], by: User, now: datetime
) -> None:
    """In the order of days, so that the database too sees each commitment before what is used of it."""
    reversed_here = {id(row.reverses) for row in rows if row.reverses is not None}

    def order(row: LedgerEntry) -> tuple[date, int]:
        if row.reverses is None:
            rank = 0 if row.stage == Stage.COMMITTED else 2 if id(row) in reversed_here else 4
        else:
            same_day = row.reverses.pk is None and row.reverses.occurred_on == row.occurred_on
            rank = 5 if row.stage == Stage.COMMITTED else 3 if same_day else 1
        return row.occurred_on, rank

    for _, group in groupby(sorted(rows, key=order), key=lambda row: row.reverses is not None):
        batch = list(group)
        for row in batch:
            row.reverses = row.reverses  # now that what it takes back has its number
        LedgerEntry.objects.bulk_create(batch)
    placed = [(made[line], dict(entry.tracts)) for line, entry in read.items() if entry.tracts and not entry.is_back]
    placements = LedgerPlacement.objects.bulk_create(
        LedgerPlacement(entry=row, number=1, placed_by=by, placed_at=now) for row, _ in placed
    )
    LedgerPlacementTract.objects.bulk_create(
        LedgerPlacementTract(placement=placement, geoid=geoid, share=float(share))
        for placement, (_, tracts) in zip(placements, placed, strict=True)
        for geoid, share in tracts.items()
    )


def _signed(row: LedgerEntry) -> Decimal:
    return row.amount_usd if row.reverses is None else -row.amount_usd


def _lines(read: ReadRows, problems: dict[int, list[Problem]]) -> list[int]:
    return sorted({entry.line for entry in read.entries} | {line for line, found in problems.items() if found})


def _row(line: int, row: LedgerEntry | None, problems: list[Problem], alike: str, ticked: frozenset[int]) -> LedgerRow:
    what = ""
    if row is not None:
        payee = f", {row.payee}" if row.payee else ""
        amount = format_dollars(_signed(row))
        what = f"{BY_VALUE[row.stage].label} {amount}, {format_day(row.occurred_on)}, {row.funder.name}{payee}"
    if problems:
        return LedgerRow(line, "refused", what, problems=tuple(problems))
    if alike and line not in ticked:
        return LedgerRow(line, "ask", what, alike=alike)
    return LedgerRow(line, "add" if row is None or row.reverses is None else "reverse", what, alike=alike)


def _fingerprint(rows: tuple[LedgerRow, ...], ticked: frozenset[int]) -> str:
    plain = [(row.line, row.outcome, row.title, row.problems, row.alike) for row in rows]
    return fingerprint_of([plain, sorted(ticked)])

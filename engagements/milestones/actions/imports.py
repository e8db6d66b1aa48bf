"""Milestones from a table: tried out row by row inside a transaction, then kept as a whole or not at all."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pghistory.core
from django.core.exceptions import ValidationError

from atlas.formatting.dates import format_day
from engagements.access.engagements import engagement_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import notify_once
from engagements.base.editing import Conflict, FieldConflict
from engagements.base.table_import.keeping import commit_import, keep_keys, keys_of, note_row
from engagements.base.table_import.problems import problems_by_column
from engagements.base.table_import.results import ImportResult, Problem, RowResult
from engagements.base.table_import.transactions import preview_rows
from engagements.milestones.actions.dependencies import link
from engagements.milestones.actions.milestones import add_milestone, change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.import_rows import STAGES, STATUSES, ImportRow
from engagements.models import Engagement, Milestone, MilestoneDependency, TableKind, User
from engagements.permissions import IMPORT, LOG_PROGRESS

REQUIRED_OF_NEW = ("stage", "due_on")
Changes = dict[str, tuple[object, object]]  # field: (before, after)


def preview_import(
    *, engagement: int | str, wishes: tuple[ImportRow, ...], by: User, now: datetime, source_system: str = ""
) -> ImportResult:
    """What each row would do; nothing is kept. Raises NotFound."""
    within = engagement_for(by, engagement, IMPORT)
    return preview_rows(lambda: ImportResult.of(_carry_out(within, wishes, source_system, by, now)), by=by)


def import_milestones(
    *,
    engagement: int | str,
    wishes: tuple[ImportRow, ...],
    fingerprint: str,
    by: User,
    now: datetime,
    source_system: str = "",
    submission: UUID | None = None,
) -> ImportResult | None:
    """All rows in one transaction. Kept only when none is refused and each does what the person was shown.

    None when this submission was carried out before. Raises NotFound.
    """
    within = engagement_for(by, engagement, IMPORT)
    return commit_import(
        within,
        TableKind.MILESTONES,
        lambda: ImportResult.of(_carry_out(within, wishes, source_system, by, now)),
        source_system=source_system,
        fingerprint=fingerprint,
        by=by,
        now=now,
        submission=submission,
        tell=lambda: notify_once(within, by, now),
    )


class _Engagement:
    """What rows are matched with: milestones by id, by the tool's key and by title, people by address and by name."""

    def __init__(self, engagement: Engagement, wishes: tuple[ImportRow, ...], source_system: str):
        self.engagement, self.source_system = engagement, source_system
        rows = list(Milestone.objects.filter(engagement=engagement).select_related("owner"))
        self.by_id = {row.pk: row for row in rows}
        live = [row for row in rows if row.archived_at is None]
        self.by_title: dict[str, list[Milestone]] = {}
        for row in live:
            self.by_title.setdefault(row.title.strip().casefold(), []).append(row)
        self.by_key = keys_of(engagement, TableKind.MILESTONES, source_system, [wish.key for wish in wishes])
        people: list[User] = [*people_with(engagement, LOG_PROGRESS), *(row.owner for row in rows if row.owner)]
        self.people = {person.email.lower(): person.pk for person in people}
        names = Counter(person.name.casefold() for person in {p.pk: p for p in people}.values() if person.name)
        self.names = {p.name.casefold(): p.pk for p in people if names[p.name.casefold()] == 1}
        self.addresses: dict[int, str] = {person.pk: person.email for person in people}

    def person(self, text: str) -> int | None:
        """By address or by a name that only one of the team has; of several, the first that is known."""
        for part in [text, *text.replace(";", ",").split(",")]:
            plain = " ".join(part.split()).lower()
            if found := self.people.get(plain) or self.names.get(plain.casefold()):
                return found
        return None


def _carry_out(
    engagement: Engagement, wishes: tuple[ImportRow, ...], source_system: str, by: User, now: datetime
) -> tuple[RowResult, ...]:
    known = _Engagement(engagement, wishes, source_system)
    titles = Counter(wish.title.casefold() for wish in wishes)
    made: dict[int, Milestone] = {}  # line -> the row it is about
    before: dict[int, int | None] = {}  # line -> the version it had; None where it is new
    results = []
    for wish in wishes:
        note_row()
        result, row = _carry_out_row(known, wish, titles, by, now)
        if row is not None:
            made[wish.line], before[wish.line] = row, row.version if row.pk in known.by_id else None
        results.append(result)
    linked: dict[int, list[int]] = {}
    results = [_wait(known, wishes, made, wish, row, linked) for wish, row in zip(wishes, results, strict=True)]
    kept = {wish.line: wish.key for wish in wishes if wish.key and wish.line in made}
    keep_keys(
        engagement,
        TableKind.MILESTONES,
        source_system,
        {key: made[line].pk for line, key in kept.items()},
        known.by_key,
    )
    return _with_versions(results, made, before, linked)


def _with_versions(
    results: list[RowResult],
    made: dict[int, Milestone],
    before: dict[int, int | None],
    linked: dict[int, list[int]],
) -> tuple[RowResult, ...]:
    after = dict(Milestone.objects.filter(pk__in=[row.pk for row in made.values()]).values_list("pk", "version"))
    done = []
    for result in results:
        row = made.get(result.line)
        written: list[tuple[str, int, int | None, int]] = []
        if row is not None and after[row.pk] != before[result.line]:
            written.append(("milestone", row.pk, before[result.line], after[row.pk]))
        written += [("milestonedependency", pk, None, 0) for pk in linked.get(result.line, ())]
        done.append(replace(result, written=tuple(written)))
    return tuple(done)


def _carry_out_row(
    known: _Engagement, wish: ImportRow, titles: Counter[str], by: User, now: datetime
) -> tuple[RowResult, Milestone | None]:
    """The row's result, and what it is about as it was before, or as it was made."""
    target, problems = _match(known, wish, titles)
    wanted, notes = dict(wish.fields), []
    if text := wanted.get("owner"):
        wanted["owner"] = known.person(str(text))
        if wanted["owner"] is None:
            del wanted["owner"]
            stays = "the owner stays" if target and target.owner_id else "it has no owner"
            notes.append(f"Nobody in the team is “{str(text)[:80]}”: {stays}.")
    if problems:
        return _refuse(wish, problems), None
    try:
        if target is None:
            made = add_milestone(engagement=known.engagement.pk, by=by, now=now, **_of_new(wanted))
            notes += _move(made, wish, known, by, now)
            return RowResult(wish.line, "add", wish.title, notes=tuple(notes)), made
        changes = _differences(target, wanted)
        if changes:
            change_milestone(
                milestone=target.pk,
                changes={name: wanted[name] for name in changes},
                by=by,
                now=now,
                expected_version=wish.version or target.version,
                slip_reason=wish.slip_reason,
                slip_words=wish.slip_words,
                why="imported" if "due_on" not in changes else "",
            )
        notes += _move(target, wish, known, by, now)
    except ValidationError as refused:
        return _refuse(wish, problems_by_column(refused)), None
    except Conflict as conflict:
        return _refuse(wish, [_changed_meanwhile(each, known) for each in conflict.fields]), None
    return replace(_what_changed(wish, target, changes, known), notes=tuple(notes)), target


def _move(row: Milestone, wish: ImportRow, known: _Engagement, by: User, now: datetime) -> list[str]:
    """The status, logged as progress where it differs; what was done instead, in words."""
    status = wish.status
    notes: list[str] = []
    if not status or status == row.status or _is_as_it_was_seen(row, wish):
        return notes
    needs_approval = wish.fields.get("needs_approval", row.needs_approval)
    if status == "done" and needs_approval and row.status != "awaiting_review":
        status, notes = "awaiting_review", ["It needs approval: it waits for review instead of being done."]
        if row.status == status:
            return notes
    tool = known.source_system or "a table"
    labels = dict(STATUSES)
    line = f"Imported from {tool}: {labels[row.status]} → {labels[status]}"
    log_progress(milestone=row.pk, status=status, line=line, by=by, now=now)
    return notes


def _is_as_it_was_seen(row: Milestone, wish: ImportRow) -> bool:
    """Whether the row only repeats the status it was exported with: what others logged since stays.

    Raises Conflict where the file and somebody else both changed it.
    """
    if wish.version is None or wish.version >= row.version:
        return False
    (events,) = pghistory.core.event_models(tracks_model=Milestone)
    was: Any = events._default_manager.filter(pgh_obj_id=row.pk, version=wish.version).order_by("-pgh_id").first()
    if was is None or was.status == row.status:
        return False
    if was.status != wish.status:
        raise Conflict(row, (FieldConflict("status", was.status, row.status, wish.status),))
    return True


def _wait(
    known: _Engagement,
    wishes: tuple[ImportRow, ...],
    made: dict[int, Milestone],
    wish: ImportRow,
    result: RowResult,
    linked: dict[int, list[int]],
) -> RowResult:
    """What the row waits for, once all rows are there."""
    row = made.get(wish.line)
    if row is None or not wish.waits_for:
        return result
    numbers = {each.number: each for each in wishes}
    named = {each.title.casefold(): each for each in wishes}
    there = set(MilestoneDependency.objects.filter(milestone=row).values_list("needs_id", flat=True))
    notes, problems, added = list(result.notes), list(result.problems), []
    for name in wish.waits_for:
        other = numbers.get(name) or named.get(name.casefold())
        first = made.get(other.line) if other else None
        if first is None and (titled := known.by_title.get(name.casefold(), [])):
            first = titled[0]
        if first is None or first.pk == row.pk:
            notes.append(f"“{name[:60]}”, which it waits for, is no milestone of this table.")
        elif first.pk not in there:
            try:
                linked.setdefault(wish.line, []).append(link(row, first).pk)
                added.append(first.title)
            except ValidationError as refused:
                problems.append(("waits_for", " ".join(refused.messages)))
    if problems:
        return replace(result, outcome="refused", problems=tuple(problems), changes=())
    changes = (*result.changes, *(("waits_for", "", title) for title in added))
    outcome = "change" if added and result.outcome == "unchanged" else result.outcome
    return replace(result, outcome=outcome, changes=changes if outcome == "change" else (), notes=tuple(notes))


def _match(known: _Engagement, wish: ImportRow, titles: Counter[str]) -> tuple[Milestone | None, list[Problem]]:
    """By id, else by the tool's key, else by title. A title that is taken is not given again."""
    problems = list(wish.problems)
    here = known.engagement.city.name
    if wish.city and wish.city.casefold() not in (here.casefold(), str(known.engagement.city).casefold()):
        problems.append(("city", f"This row is of {wish.city[:60]}; this import is for {here}. Take the row out."))
    named = known.by_title.get(wish.title.casefold(), [])
    if wish.pk is not None:
        target = known.by_id.get(wish.pk)
        if target is None:
            problems.append(("id", f"This engagement has no milestone {wish.pk}."))
        elif target.archived_at is not None:
            problems.append(("id", "This milestone is archived. Restore it first."))
        elif target.title.strip().casefold() != wish.title.casefold() and (named or titles[wish.title.casefold()] > 1):
            problems.append(("title", "Another milestone has this title."))
        return target, problems
    if wish.key and (target := known.by_id.get(known.by_key.get(wish.key, 0))):
        if target.archived_at is not None:
            problems.append(("external_id", "The milestone of this key is archived. Restore it first."))
        return target, problems
    if wish.key:
        taken = set(known.by_key.values())
        named = [row for row in named if row.pk not in taken] if titles[wish.title.casefold()] == 1 else []
    if len(named) > 1:
        problems.append(("title", f"{len(named)} milestones have this title. Give the id of the one you mean."))
    return (named[0] if len(named) == 1 else None), problems


def _of_new(wanted: dict[str, object]) -> dict[str, Any]:
    """The fields of `add_milestone`. Raises ValidationError for one that is missing."""
    missing = {name: "A new milestone needs this." for name in REQUIRED_OF_NEW if not wanted.get(name)}
    if missing:
        raise ValidationError(missing)
    return wanted


def _differences(target: Milestone, wanted: dict[str, object]) -> Changes:
    current = {name: target.owner_id if name == "owner" else getattr(target, name) for name in wanted}
    return {name: (current[name], wanted[name]) for name in wanted if _plain(current[name]) != _plain(wanted[name])}


def _plain(value: object) -> object:
    """Spreadsheets change the ends of lines and of cells: that is no difference."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _what_changed(wish: ImportRow, target: Milestone, wanted: Changes, known: _Engagement) -> RowResult:
    """What was written in the end: fields left as they were seen keep what others made of them."""
    row = Milestone.objects.get(pk=target.pk)
    kept = {name: pair for name, pair in wanted.items() if _differences(row, {name: pair[0]})}
    if row.status != target.status:
        kept["status"] = (target.status, row.status)
    changes = tuple((name, _shown(name, a, known), _shown(name, b, known)) for name, (a, b) in kept.items())
    return RowResult(wish.line, "change" if changes else "unchanged", wish.title, changes)


def _shown(name: str, value: object, known: _Engagement) -> str:
    """A value in words."""
    if name == "owner":
        return known.addresses.get(value, "") if isinstance(value, int) else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return format_day(value)
    if name in ("stage", "status") and isinstance(value, str):
        return dict(STAGES if name == "stage" else STATUSES).get(value, value)
    return str(value or "")


def _refuse(wish: ImportRow, problems: list[Problem]) -> RowResult:
    return RowResult(wish.line, "refused", wish.title, problems=tuple(problems))


def _changed_meanwhile(conflict: FieldConflict, known: _Engagement) -> Problem:
    now = _shown(conflict.field, conflict.theirs, known)
    return conflict.field, f"Someone changed it since this file was exported: it is now “{now}”."

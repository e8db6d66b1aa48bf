"""Milestones from a table: tried out row by row inside a transaction, then kept as a whole or not at all."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from atlas.formatting.dates import format_day
from engagements.access.engagements import engagement_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import notify_once
from engagements.base.editing import Conflict, FieldConflict
from engagements.base.table_import.problems import problems_by_column
from engagements.base.table_import.results import ImportResult, Problem, RowResult
from engagements.base.table_import.transactions import commit_rows, preview_rows
from engagements.milestones.actions.milestones import add_milestone, change_milestone
from engagements.milestones.import_rows import STAGES, ImportRow
from engagements.models import Engagement, Milestone, User
from engagements.permissions import IMPORT, LOG_PROGRESS

REQUIRED_OF_NEW = ("stage", "due_on")
Changes = dict[str, tuple[object, object]]  # field: (before, after)


def preview_import(*, engagement: int | str, wishes: tuple[ImportRow, ...], by: User, now: datetime) -> ImportResult:
    """What each row would do; nothing is kept. Raises NotFound."""
    within = engagement_for(by, engagement, IMPORT)
    return preview_rows(lambda: ImportResult.of(_carry_out(within, wishes, by, now)), by=by)


def import_milestones(
    *,
    engagement: int | str,
    wishes: tuple[ImportRow, ...],
    fingerprint: str,
    by: User,
    now: datetime,
    submission: UUID | None = None,
) -> ImportResult | None:
    """All rows in one transaction. Kept only when none is refused and each does what the person was shown.

    None when this submission was carried out before. Raises NotFound.
    """
    within = engagement_for(by, engagement, IMPORT)

    def write_rows() -> ImportResult:
        Engagement.objects.select_for_update().get(pk=within.pk)  # two imports of one engagement follow one another
        return ImportResult.of(_carry_out(within, wishes, by, now))

    def done(result: ImportResult) -> Engagement:
        notify_once(within, by, now)
        return within

    return commit_rows(
        write_rows, by=by, action="import_milestones", fingerprint=fingerprint, submission=submission, done=done
    )


class _Engagement:
    """What rows are matched with: the engagement's milestones by id and title, people by address."""

    def __init__(self, engagement: Engagement):
        rows = list(Milestone.objects.filter(engagement=engagement).select_related("owner"))
        self.by_id = {row.pk: row for row in rows}
        live = [row for row in rows if row.archived_at is None]
        self.by_title: dict[str, list[Milestone]] = {}
        for row in live:
            self.by_title.setdefault(row.title.strip().casefold(), []).append(row)
        people: list[User] = [*people_with(engagement, LOG_PROGRESS), *(row.owner for row in rows if row.owner)]
        self.people = {person.email.lower(): person.pk for person in people}
        self.addresses: dict[int, str] = {person.pk: person.email for person in people}


def _carry_out(engagement: Engagement, wishes: tuple[ImportRow, ...], by: User, now: datetime) -> tuple[RowResult, ...]:
    known, titles = _Engagement(engagement), Counter(wish.title.casefold() for wish in wishes)
    return tuple(_carry_out_row(engagement, known, wish, titles, by, now) for wish in wishes)


def _carry_out_row(
    engagement: Engagement, known: _Engagement, wish: ImportRow, titles: Counter[str], by: User, now: datetime
) -> RowResult:
    target, problems = _match(known, wish, titles)
    wanted = dict(wish.fields)
    if address := wanted.get("owner"):
        wanted["owner"] = known.people.get(str(address))
        if wanted["owner"] is None:
            problems.append(("owner", f"Nobody in the team has the address {str(address)[:80]}."))
    if problems:
        return _refuse(wish, problems)
    try:
        if target is None:
            add_milestone(engagement=engagement.pk, by=by, now=now, **_of_new(wanted))
            return RowResult(wish.line, "add", wish.title)
        changes = _differences(target, wanted, known)
        if not changes:
            return RowResult(wish.line, "unchanged", wish.title)
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
    except ValidationError as refused:
        return _refuse(wish, problems_by_column(refused))
    except Conflict as conflict:
        return _refuse(wish, [_changed_meanwhile(each, known) for each in conflict.fields])
    return _what_changed(wish, target, changes, known)


def _match(known: _Engagement, wish: ImportRow, titles: Counter[str]) -> tuple[Milestone | None, list[Problem]]:
    """By id, else by title. A title that is taken is not given again."""
    problems = list(wish.problems)
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
    if len(named) > 1:
        problems.append(("title", f"{len(named)} milestones have this title. Give the id of the one you mean."))
    return (named[0] if len(named) == 1 else None), problems


def _of_new(wanted: dict[str, object]) -> dict[str, Any]:
    """The fields of `add_milestone`. Raises ValidationError for one that is missing."""
    missing = {name: "A new milestone needs this." for name in REQUIRED_OF_NEW if not wanted.get(name)}
    if missing:
        raise ValidationError(missing)
    return wanted


def _differences(target: Milestone, wanted: dict[str, object], known: _Engagement) -> Changes:
    current = {name: target.owner_id if name == "owner" else getattr(target, name) for name in wanted}
    return {name: (current[name], wanted[name]) for name in wanted if _plain(current[name]) != _plain(wanted[name])}


def _plain(value: object) -> object:
    """Spreadsheets change the ends of lines and of cells: that is no difference."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _what_changed(wish: ImportRow, target: Milestone, wanted: Changes, known: _Engagement) -> RowResult:
    """What was written in the end: fields left as they were seen keep what others made of them."""
    row = Milestone.objects.get(pk=target.pk)
    kept = {name: pair for name, pair in wanted.items() if _differences(row, {name: pair[0]}, known)}
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
    if name == "stage" and isinstance(value, str):
        return dict(STAGES).get(value, value)
    return str(value or "")


def _refuse(wish: ImportRow, problems: list[Problem]) -> RowResult:
    return RowResult(wish.line, "refused", wish.title, problems=tuple(problems))


def _changed_meanwhile(conflict: FieldConflict, known: _Engagement) -> Problem:
    now = _shown(conflict.field, conflict.theirs, known)
    return conflict.field, f"Someone changed it since this file was exported: it is now “{now}”."

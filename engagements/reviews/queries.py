"""Earlier decisions about one thing, and what changed since the one a reviewer compares with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engagements.models import ReviewDecision
from engagements.reviews.rules.changes import Change, ReviewedField, compare, read
from engagements.reviews.rules.checklists import AnsweredPoint

APPROVED, SENT_BACK = "approved", "sent_back"


@dataclass(frozen=True)
class Decision:
    """`points`: as they were given then; `open_comments`: not settled then; `label`: what it came to, in words."""

    pk: int
    outcome: str
    moved_to: str
    label: str
    by: str
    at: datetime
    why: str
    points: tuple[AnsweredPoint, ...]
    open_comments: int
    content: tuple[ReviewedField, ...]

    @property
    def answered(self) -> int:
        return sum(bool(point.answer) for point in self.points)

    @property
    def yes(self) -> int:
        return sum(point.answer == "yes" for point in self.points)


@dataclass(frozen=True)
class Baseline:
    """What is compared with. `key`: approved or sent_back, as the address names it."""

    key: str
    label: str
    at: datetime
    by: str
    content: tuple[ReviewedField, ...]


@dataclass(frozen=True)
class ChangesSince:
    """`chosen` is None where nothing was decided before: then `changes` is empty and the whole is new."""

    choices: tuple[Baseline, ...]
    chosen: Baseline | None
    changes: tuple[Change, ...]


def decisions(kind: str, pk: int) -> tuple[Decision, ...]:
    """Newest first. Who may read the thing's drafts reads them: the caller has fetched it. One statement."""
    return decisions_of(kind, (pk,)).get(pk, ())


def decisions_of(kind: str, pks: Iterable[int]) -> dict[int, tuple[Decision, ...]]:
    """By thing, newest first. One statement."""
    rows = ReviewDecision.objects.filter(**{f"{kind}__in": list(pks)}).select_related("decided_by")
    found: dict[int, list[Decision]] = {}
    for row in rows:
        found.setdefault(getattr(row, f"{kind}_id"), []).append(
            Decision(
                row.pk,
                row.outcome,
                row.moved_to,
                row.get_outcome_display(),
                str(row.decided_by),
                row.decided_at,
                row.why,
                tuple(AnsweredPoint(**point) for point in row.answers),
                row.open_comments,
                read(row.content),
            )
        )
    return {pk: tuple(made) for pk, made in found.items()}


def decided_together(found: Mapping[int, tuple[Decision, ...]]) -> tuple[Decision, ...]:
    """Decisions about several things at once as one each, newest first, with the content of all of them."""
    made: dict[tuple[datetime, str, str], Decision] = {}
    for each in found.values():
        for one in each:
            key = (one.at, one.moved_to, one.by)
            known = made.get(key)
            made[key] = replace(known, content=known.content + one.content) if known else one
    return tuple(sorted(made.values(), key=lambda one: (one.at, one.pk), reverse=True))


def changes_since(
    earlier: tuple[Decision, ...],
    now: Iterable[ReviewedField],
    wanted: str = "",
    published: Baseline | None = None,
) -> ChangesSince:
    """`wanted`: the key of a baseline; unknown or empty: the newest. `published`: for what was approved before
    decisions were kept.
    """
    choices = [
        Baseline(row.outcome, row.label, row.at, row.by, row.content)
        for outcome in (APPROVED, SENT_BACK)
        if (row := next((one for one in earlier if one.outcome == outcome and one.content), None))
    ]
    if published is not None and not any(one.key == APPROVED for one in choices):
        choices.append(published)
    choices.sort(key=lambda one: one.at, reverse=True)
    chosen = next((one for one in choices if one.key == wanted), choices[0] if choices else None)
    changes = compare(chosen.content, now) if chosen else ()
    return ChangesSince(tuple(choices), chosen, changes)

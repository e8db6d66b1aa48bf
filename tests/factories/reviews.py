"""A reviewer's answers, as a form and as the API send them."""

from collections.abc import Iterable
from datetime import datetime

from engagements.models import ReviewDecision, User
from engagements.models.abstract import Versioned
from engagements.reviews.rules.checklists import Answer, all_yes, field_of, words_field_of


def answers(kind: str, **no: str) -> dict[str, str]:
    """A complete checklist of a form; `no`: a sentence by point."""
    sent = {}
    for each in _answers(kind, no):
        sent |= {field_of(each.key): each.answer, words_field_of(each.key): each.words}
    return sent


def checklist_body(kind: str, **no: str) -> list[dict[str, str]]:
    """A complete checklist as the API takes it."""
    return [{"point": each.key, "answer": each.answer, "words": each.words} for each in _answers(kind, no)]


def decided(kind: str, things: Iterable[Versioned], by: User, to: str, at: datetime) -> None:
    """An approval of each as it is now, for tests that write the status straight into the table."""
    point = {"key": "a", "statement": "A.", "must": False, "answer": "yes", "words": ""}
    ReviewDecision.objects.bulk_create(
        ReviewDecision(
            **{f"{kind}_id": thing.pk},
            outcome="approved",
            moved_to=to,
            seen_version=thing.version,
            checklist_version=1,
            answers=[point],
            decided_by=by,
            decided_at=at,
        )
        for thing in things
    )


def _answers(kind: str, no: dict[str, str]) -> list[Answer]:
    return [Answer(each.key, "no", no[each.key]) if each.key in no else each for each in all_yes(kind)]

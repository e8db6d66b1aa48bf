"""A reviewer's answers, as a form and as the API send them."""

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


def _answers(kind: str, no: dict[str, str]) -> list[Answer]:
    return [Answer(each.key, "no", no[each.key]) if each.key in no else each for each in all_yes(kind)]

"""An operator says what a label's numbers are, or what a suffix of a county download means."""

from collections.abc import Mapping

from django.db import transaction

from atlas.models import Confirmation
from atlas.queries.units import SUFFIX_MEANINGS, confirmed_meanings, suffix_questions, unit_questions
from atlas.shown_labels import UNITS

Kind = Confirmation.Kind


class ConfirmationRefused(Exception):
    """Nothing was changed; the text says why."""


@transaction.atomic
def confirm(*, kind: str, subject: str, meaning: str, by: int | None = None) -> None:
    """Writes it down; it holds instead of what was said before, which is kept. `by` is None for the command line.

    Raises ConfirmationRefused for a label or suffix nobody asked about, and for a meaning the portal does not know.
    """
    asked = {q.subject for q in unit_questions()} if kind == Kind.UNIT else {q.suffix for q in suffix_questions()}
    known: Mapping[str, str] = UNITS if kind == Kind.UNIT else SUFFIX_MEANINGS
    if subject not in asked:
        listed = ", ".join(sorted(asked)) or "none"
        raise ConfirmationRefused(f"Nobody asks about “{subject[:80]}”. Open questions: {listed}. Nothing was changed.")
    if meaning not in known:
        raise ConfirmationRefused(
            f"“{meaning[:40]}” is not one of the answers: {', '.join(known)}. Nothing was changed."
        )
    if confirmed_meanings(kind).get(subject) != meaning:
        Confirmation.objects.create(kind=kind, subject=subject, meaning=meaning, by_id=by)

"""What a page of work says first."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.worklist.records import WorkCounts


def headline(counts: WorkCounts) -> str:
    """One sentence: what waits for the reader's review, and what is overdue; else what is due this week."""
    parts = []
    if counts.to_review:
        parts.append(
            ngettext(
                "{count} thing waits for your review", "{count} things wait for your review", counts.to_review
            ).format(count=spelled(counts.to_review))
        )
    if counts.overdue:
        parts.append(_overdue(counts))
    if not parts and counts.this_week:
        parts.append(
            ngettext("{count} task is due this week", "{count} tasks are due this week", counts.this_week).format(
                count=spelled(counts.this_week)
            )
        )
    if not parts:
        return _("Nothing is overdue and nothing waits for your review")
    words = "; ".join(parts)
    return words[0].upper() + words[1:]


def _overdue(counts: WorkCounts) -> str:
    late = ngettext("{count} task is overdue", "{count} tasks are overdue", counts.overdue)
    if counts.overdue_cities > 1:
        late = ngettext(
            "{count} task is overdue in {cities} cities", "{count} tasks are overdue in {cities} cities", counts.overdue
        )
    return late.format(count=spelled(counts.overdue), cities=spelled(counts.overdue_cities))


def spelled(number: int) -> str:
    """In words up to nine."""
    words = (
        _("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
    )  # fmt: skip
    return words[number] if number < len(words) else f"{number:,}"

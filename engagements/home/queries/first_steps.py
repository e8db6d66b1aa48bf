"""How far a new person is with the first steps of their role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.urls import reverse

from engagements.home.first_steps import STEPS, FirstStep, first_role, is_new
from engagements.models import (
    Activity,
    Comment,
    Document,
    EngagementRole,
    ExpertRequest,
    FirstStepsDismissal,
    HoursEntry,
    Indicator,
    IndicatorValue,
    Invitation,
    LedgerEntry,
    ProgressEntry,
    Record,
    Report,
    SavedView,
    User,
)

_ME = OuterRef("pk")
_DEEDS: dict[str, Callable[[], Combinable | Exists | Q]] = {
    "logged": lambda: (
        Exists(ProgressEntry.objects.filter(by=_ME))
        | Exists(Record.objects.filter(written_by=_ME))
        | Exists(HoursEntry.objects.filter(user=_ME))
    ),
    "profile": lambda: ~Q(title="") | ~Q(phone=""),
    "commented": lambda: Exists(Comment.objects.filter(author=_ME)),
    "invited": lambda: Exists(Invitation.objects.filter(invited_by=_ME)),
    "milestone": lambda: Exists(Activity.objects.filter(by=_ME, noun="milestone", verb="added")),
    "money": lambda: Exists(LedgerEntry.objects.filter(entered_by=_ME)),
    "indicator": lambda: Exists(Activity.objects.filter(by=_ME, noun=Indicator._meta.model_name, verb="added")),
    "value": lambda: Exists(IndicatorValue.objects.filter(entered_by=_ME)),
    "answered": lambda: Exists(ExpertRequest.objects.filter(answered_by=_ME)),
    "view": lambda: Exists(SavedView.objects.filter(user=_ME)),
    "report": lambda: Exists(Report.objects.filter(made_by=_ME)),
    "document": lambda: Exists(Document.objects.filter(uploaded_by=_ME)),
}


@dataclass(frozen=True)
class ShownStep:
    label: object
    address: str
    is_done: bool


def first_steps_of(user: User, now: datetime) -> tuple[ShownStep, ...]:
    """() for people who are not new, dismissed them, hold no role or did all three. Two statements at most, none for
    an account that is not new."""
    if not is_new(user.joined_at, now):
        return ()
    found = list(
        EngagementRole.objects.open()
        .filter(~Exists(FirstStepsDismissal.objects.filter(user=user)), user=user, initiative__archived_at=None)
        .order_by("-began_on", "-pk")
        .values_list("role", "initiative__slug", "engagement__slug", "initiative__engagements__slug")
    )
    role = first_role(frozenset(row[0] for row in found))
    if role is None:
        return ()
    _, initiative, engagement, any_engagement = next(row for row in found if row[0] == role)
    places = {"": "", "initiative": initiative, "engagement": engagement or any_engagement}
    done = _done(user, STEPS[role])
    if all(done.values()):
        return ()
    return tuple(
        ShownStep(step.label, _address(step, places[step.within]), done[step.deed])
        for step in STEPS[role]
        if not step.within or places[step.within]
    )


def _done(user: User, steps: tuple[FirstStep, ...]) -> dict[str, bool]:
    conditions = {step.deed: _DEEDS[step.deed]() for step in steps}
    rows = User.objects.filter(pk=user.pk).annotate(**{f"did_{deed}": each for deed, each in conditions.items()})
    found = rows.values(*(f"did_{deed}" for deed in conditions)).get()
    return {deed: bool(found[f"did_{deed}"]) for deed in conditions}


def _address(step: FirstStep, slug: str) -> str:
    return reverse(step.page, args=[slug] if step.within else [])

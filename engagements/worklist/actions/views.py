"""Keeping a view of work under a name, and removing it. Only what is asked is kept, never what was found."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from engagements import limits
from engagements.access.engagements import engagement_for
from engagements.access.own import work_view_for
from engagements.base.audited_transaction import audited_transaction
from engagements.base.erasures import record_erasure
from engagements.models import User, WorkView
from engagements.permissions import VIEW_PUBLISHED

MOST = 20
# Parameters of an address that say what is asked; others are left out.
KEPT = (
    "view", "who", "city", "due", "status", "theme", "q", "stage", "owner", "due_from", "due_to", "late", "archived",
    "order", "done",
)  # fmt: skip


def save_view(*, name: str, place: str, slug: str, query: str, by: User, now: datetime) -> WorkView:
    """`slug`: of the engagement whose milestones they are, else empty. A name of one's own that is there is replaced.

    Raises NotFound, ValidationError by field.
    """
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give the view a name.")})
    if len(name) > limits.SHORT_NAME:
        raise ValidationError({"name": _("At most {count} characters.").format(count=limits.SHORT_NAME)})
    if place not in WorkView.Place.values or (place == WorkView.Place.ONE) != bool(slug):
        raise ValidationError(_("This page has no views to save."))
    within = engagement_for(by, slug, VIEW_PUBLISHED) if slug else None
    kept = kept_query(query)
    if len(kept) > limits.FILTER_QUERY:
        raise ValidationError(_("These filters are too long to save."))
    with audited_transaction(by, "view saved"):
        User.objects.select_for_update().get(pk=by.pk)  # two tabs at once
        same = WorkView.objects.filter(user=by, name__iexact=name).first()
        if same is None and WorkView.objects.filter(user=by).count() >= MOST:
            raise ValidationError(_("You have {count} saved views. Remove one first.").format(count=MOST))
        row = same or WorkView(user=by, created_at=now)
        row.name, row.place, row.engagement, row.query = name, place, within, kept
        row.save()
    return row


def remove_view(*, view: int, by: User) -> None:
    """Raises NotFound."""
    row = work_view_for(by, view)
    with audited_transaction(by):
        record_erasure(row)
        row.delete()


def kept_query(query: str) -> str:
    """The known parameters of an address with a value, each once, in one order."""
    asked = QueryDict(query[:5_000])
    found = QueryDict(mutable=True)
    for name in KEPT:
        value = asked.get(name, "").strip()
        if value and "\x00" not in value:
            found[name] = value
    return found.urlencode()

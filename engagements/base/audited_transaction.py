"""A transaction whose every change records who made it and why; its entry in the activity feed; notifications."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

import pghistory
from django.db import models, transaction

from engagements import limits
from engagements.models import Activity, Engagement, FormIdempotencyKey, Notification, User
from engagements.permissions import Visibility


@contextmanager
def audited_transaction(by: User, why: str = "") -> Iterator[None]:
    """The triggers that keep history read person and reason from here."""
    with transaction.atomic(), pghistory.context(user=by.pk, why=why):
        yield


def begin_idempotent(by: User, action: str, submission: UUID | None) -> FormIdempotencyKey:
    """The row of this submission, locked by its maker until it is done: `object_id` is set when it was done before."""
    if submission is None:
        return FormIdempotencyKey(user=by, action=action)
    row, made = FormIdempotencyKey.objects.get_or_create(user=by, action=action, key=submission)
    return row if made else FormIdempotencyKey.objects.select_for_update().get(pk=row.pk)


def complete_idempotent(claimed: FormIdempotencyKey, thing: models.Model, version: int | None = None) -> None:
    """`version`: of what `thing` is an entry about, once it is written."""
    claimed.object_id, claimed.version = thing.pk, version
    if claimed.pk:
        claimed.save(update_fields=["object_id", "version"])


def readable(value: object) -> object:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _noun(thing: models.Model) -> str:
    """The name of its model, as the feed and notifications keep it: `quarterlyupdate`."""
    return type(thing).__name__.lower()


def add_activity(
    *,
    by: User | None,
    now: datetime,
    verb: str,
    thing: models.Model,
    engagement_id: int | None,
    title: str = "",
    line: str = "",
    why: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
    visibility: str = Visibility.TEAM.value,
) -> Activity:
    kept = {name: [readable(before), readable(after)] for name, (before, after) in (changes or {}).items()}
    return Activity.objects.create(
        by=by,
        at=now,
        verb=verb,
        noun=_noun(thing),
        object_id=thing.pk,
        engagement_id=engagement_id,
        title=(title or str(thing))[: limits.TITLE],
        line=line[: limits.LINE],
        why=why[: limits.WHY],
        changes=kept,
        visibility=visibility,
    )


def notify(
    people: Iterable[User | int | None],
    kind: str,
    *,
    thing: models.Model,
    engagement: Engagement | int | None,
    line: str,
    by: User | None,
    now: datetime,
) -> None:
    """A notification each, none to oneself and none for None. Mails go out from these rows, after the transaction."""
    named = (person.pk if isinstance(person, User) else person for person in people)
    ids = {pk for pk in named if pk is not None and (by is None or pk != by.pk)}
    engagement_id = engagement.pk if isinstance(engagement, Engagement) else engagement
    Notification.objects.bulk_create(
        Notification(
            user_id=pk,
            kind=kind,
            noun=_noun(thing),
            object_id=thing.pk,
            engagement_id=engagement_id,
            line=line[: limits.SENTENCE],
            actor=by,
            created_at=now,
        )
        for pk in sorted(ids)
    )


def notify_once(engagement: Engagement, by: User, now: datetime) -> None:
    """One notification for a person who was given many milestones in one transaction."""
    one_each = Notification.objects.filter(
        actor=by, created_at=now, engagement=engagement, noun="milestone", kind=Notification.Kind.ASSIGNMENT
    )
    for pk, count in Counter(one_each.values_list("user_id", flat=True)).items():
        if count > 1:
            one_each.filter(user_id=pk).delete()
            notify(
                [pk],
                Notification.Kind.ASSIGNMENT,
                thing=engagement,
                engagement=engagement,
                line=f"{count} milestones in {engagement.city}",
                by=by,
                now=now,
            )

"""The city's right of reply: asking its contact about an exact sentence, and the answer that travels with it."""

from datetime import UTC, date, datetime
from functools import cache

import holidays
from django.core.exceptions import ValidationError

from engagements.access.results import answerable_reply_request_for, result_for, search_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.base.editing import change, lock
from engagements.models import Notification, Organisation, ReplyRequest, User
from engagements.permissions import EDIT_RESULT, REPLY_RESULT
from engagements.results.actions.refusals import refuse
from engagements.results.rules.replies import reply_due, validate_answer


def ask_reply(
    *,
    by: User,
    now: datetime,
    result: int | None = None,
    search: int | None = None,
    contact: int | None = None,
    organisation: int | None = None,
    owner: int | None = None,
) -> ReplyRequest:
    """Of a result or a search as it reads now; asked twice about one sentence, the first request stands.

    `contact`: somebody who answers for the city here, or `organisation`: a partner without an account. `owner` follows
    it up, by default whoever asks. Raises NotFound, ValidationError by field.
    """
    if (result is None) == (search is None):
        raise ValidationError("Ask about one result or one search.")
    subject = result_for(by, result, EDIT_RESULT) if result is not None else search_for(by, search or 0, EDIT_RESULT)
    engagement = subject.engagement
    if (contact is None) == (organisation is None):
        raise ValidationError({"contact": "Choose one contact: a person of the city, or an organization."})
    if contact is not None and not people_with(engagement, REPLY_RESULT).filter(pk=contact).exists():
        raise ValidationError({"contact": "Choose someone who answers for this city."})
    partners = Organisation.objects.filter(partnerships__engagement=engagement)
    if organisation is not None and not partners.filter(pk=organisation).exists():
        raise ValidationError({"organisation": "Choose an organization of this engagement."})
    if owner is not None and not people_with(engagement, EDIT_RESULT).filter(pk=owner).exists():
        raise ValidationError({"owner": "Choose someone who writes results here."})
    with audited_transaction(by):
        locked = lock(subject)
        mine = {"result_id": locked.pk} if result is not None else {"search_id": locked.pk}
        there = ReplyRequest.objects.filter(sentence=locked.sentence, archived_at=None, **mine).first()
        if there is not None:
            return there
        asked_on = now.astimezone(UTC).date()
        row = ReplyRequest(
            engagement=engagement,
            sentence=locked.sentence,
            contact_id=contact,
            organisation_id=organisation,
            owner_id=owner or by.pk,
            asked_by=by,
            asked_at=now,
            asked_on=asked_on,
            due_on=reply_due(asked_on, is_federal_holiday),
            **mine,
        )
        row.save(force_insert=True)
        line = f"Reply by {row.due_on:%B} {row.due_on.day}, {row.due_on.year}: {row.sentence}"
        add_activity(by=by, now=now, verb="asked", thing=row, engagement_id=engagement.pk, title=row.sentence)
        notify([contact], Notification.Kind.ASSIGNMENT, thing=row, engagement=engagement, line=line, by=by, now=now)
    return row


def answer_reply(
    *, pk: int, answer: str, reply: str = "", received_how: str = "", expected_version: int, by: User, now: datetime
) -> ReplyRequest:
    """Agree, ask for a correction, or add up to 600 characters; also after the day it was due.

    `received_how`: of an organization, how its answer came. Raises NotFound, Conflict, ValidationError by field.
    """
    seen = answerable_reply_request_for(by, pk)
    with audited_transaction(by):
        row = lock(seen)
        refuse(validate_answer(answer, reply, received_how, is_passed_on=row.organisation_id is not None))
        record_answer(row, answer, reply, received_how, expected_version=expected_version, by=by, now=now)
    return row


def record_answer(
    row: ReplyRequest,
    answer: str,
    reply: str,
    received_how: str,
    *,
    expected_version: int,
    by: User | None,
    now: datetime,
) -> None:
    """Of a locked row, in the transaction of whoever looked at it. `by`: None of a reply by link. Raises Conflict."""
    wanted: dict[str, object] = {
        "answer": answer,
        "reply": reply.strip(),
        "received_how": received_how.strip(),
        "replied_at": now,
        "replied_by": by,
    }
    change(row, wanted, expected_version)
    add_activity(by=by, now=now, verb="replied", thing=row, engagement_id=row.engagement_id, title=row.sentence)
    words = {"agree": "agrees", "correct": "asks for a correction", "add": "adds to it"}[answer]
    notify(
        [row.owner_id],
        Notification.Kind.ASSIGNMENT,
        thing=row,
        engagement=row.engagement_id,
        line=f"{row.organisation or row.engagement.city} {words}: {row.sentence}",
        by=by,
        now=now,
    )


@cache
def _federal() -> holidays.HolidayBase:
    return holidays.country_holidays("US")


def is_federal_holiday(day: date) -> bool:
    return day in _federal()

"""A mail that came in: looked at, posted as its writer's own words, or left without telling anybody anything."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from engagements.access.discussion import permissions_on_request, request_for, update_for, visible_comments
from engagements.access.engagements import milestone_for
from engagements.access.errors import NotFound, first_or_not_found
from engagements.access.plans import plan_for
from engagements.access.results import result_for
from engagements.access.roles import permissions_in
from engagements.base.editing import Conflict
from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.documents import add_document
from engagements.discussion.actions.requests import answer_request
from engagements.discussion.files.acceptance import accept
from engagements.discussion.mail.reply_address import ANSWERED, read_reply_address
from engagements.mail_replies.rules.mail_service import is_automatic
from engagements.mail_replies.rules.quoting import cut_quoted
from engagements.models import Notification, ReceivedMail, User
from engagements.permissions import (
    ANSWER_REQUEST,
    UPLOAD_DOCUMENT,
    VIEW_PUBLISHED,
    VIEW_RESULT,
    Visibility,
    writable_levels,
)

MOST_BYTES = 10_000_000  # of all files of one mail
MOST_FILES = 10
_Outcome = ReceivedMail.Outcome


@dataclass(frozen=True)
class IncomingMail:
    """`token`: of the service's call; `headers` with names in lower case; `files` as they came."""

    token: str
    recipient: str
    sender: str
    text: str
    headers: dict[str, str]
    files: Sequence[UploadedFile]


@dataclass(frozen=True)
class Taken:
    """`row` None: this call came before. `tell`: the one person who may be told what became of it, if anybody."""

    row: ReceivedMail | None
    tell: User | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Posted:
    noun: str
    pk: int
    files: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Subject:
    """What a reply is a comment on; `writer`: who hears of it."""

    engagement: int
    level: str
    about: dict[str, int]
    section: str
    writer: int | None


def take_mail(mail: IncomingMail, *, now: datetime) -> Taken:
    """One call counts once, however often it comes; a mail that cannot be taken raises nothing."""
    digest = hashlib.sha256(mail.token.encode()).hexdigest()
    with transaction.atomic():
        row, is_new = ReceivedMail.objects.get_or_create(
            token_sha256=digest, defaults={"at": now, "outcome": _Outcome.NOT_OURS}
        )
        if not is_new:
            return Taken(None)
        return _decide(mail, row, now)


def _decide(mail: IncomingMail, row: ReceivedMail, now: datetime) -> Taken:
    target = read_reply_address(mail.recipient)
    found = Notification.objects.select_related("user").filter(pk=target.notification).first() if target else None
    if target is None or found is None:
        return Taken(row)
    row.notification, row.user = found, found.user
    if is_automatic(mail.headers):
        return _end(row, _Outcome.AUTOMATIC)
    if parseaddr(mail.sender)[1].lower() != found.user.email.lower():
        return _end(row, _Outcome.OTHER_SENDER)
    if not found.user.may_act:
        return _end(row, _Outcome.NOT_ALLOWED)
    if now > target.ends_at:
        return _end(row, _Outcome.EXPIRED, tell=found.user)
    words = cut_quoted(mail.text)
    if not words:
        return _end(row, _Outcome.EMPTY, tell=found.user)
    try:
        with transaction.atomic():
            posted = _post(found, words, mail, now)
    except (NotFound, PermissionDenied, Conflict, ValidationError):
        # Why not would say what is there: the page says it to whoever may see it.
        return _end(row, _Outcome.NOT_ALLOWED, tell=found.user)
    row.outcome, row.noun, row.object_id = _Outcome.POSTED, posted.noun, posted.pk
    row.files, row.files_refused = posted.files, len(posted.problems)
    row.save()
    return Taken(row, found.user if posted.problems else None, posted.problems)


def _end(row: ReceivedMail, outcome: str, tell: User | None = None) -> Taken:
    row.outcome = outcome
    row.save()
    return Taken(row, tell)


def _post(about: Notification, words: str, mail: IncomingMail, now: datetime) -> _Posted:
    """Raises NotFound, NotAllowed, Conflict, ValidationError."""
    by = about.user
    if about.noun not in ANSWERED:
        raise NotFound("This takes no reply.")
    once = uuid.uuid5(uuid.NAMESPACE_URL, f"mail {mail.token}")
    if about.noun == "expertrequest":
        request = request_for(by, about.object_id)
        if request.status == "open" and ANSWER_REQUEST in permissions_on_request(by, request):
            answer_request(
                request=request.pk, answer=words, expected_version=request.version, by=by, now=now, submission=once
            )
            kept, problems = _keep_files(request.engagement_id, None, Visibility.TEAM.value, mail, by, now)
            return _Posted("expertrequest", request.pk, kept, problems)
    told = _subject_of(about, by)
    comment = add_comment(
        engagement=told.engagement,
        body=words,
        visibility=told.level,
        by=by,
        now=now,
        milestone=told.about.get("milestone"),
        update=told.about.get("update"),
        request=told.about.get("request"),
        plan=told.about.get("plan"),
        result=told.about.get("result"),
        section=told.section,
        mentions=[told.writer] if told.writer else (),
        submission=once,
    )
    kept, problems = _keep_files(told.engagement, comment.milestone_id, told.level, mail, by, now)
    return _Posted("comment", comment.pk, kept, problems)


def _subject_of(about: Notification, by: User) -> _Subject:
    """A reply to a comment stands beside it: about the same thing, in the same section, at its level."""
    pk = about.object_id
    if about.noun == "comment":
        said = first_or_not_found(visible_comments(by).filter(pk=pk))
        beside = {name: getattr(said, f"{name}_id") for name in ("milestone", "update", "request", "plan", "result")}
        here = {name: one for name, one in beside.items() if one}
        return _Subject(said.engagement_id, said.visibility, here, said.section, said.author_id)
    if about.noun == "expertrequest":
        request = request_for(by, pk)
        if request.engagement_id is None:
            raise NotFound("A comment belongs to an engagement.")
        return _Subject(request.engagement_id, Visibility.TEAM.value, {"request": pk}, "", request.asked_by_id)
    place, name = _place_of(about, by)
    allowed = writable_levels(permissions_in(by, place))
    if not allowed:
        raise NotFound("Nobody there reads comments of this person.")
    return _Subject(place, allowed[0].value, {name: pk}, "", about.actor_id)


def _place_of(about: Notification, by: User) -> tuple[int, str]:
    """(engagement, what it is for a comment)."""
    pk = about.object_id
    if about.noun == "milestone":
        return milestone_for(by, pk, VIEW_PUBLISHED).engagement_id, "milestone"
    if about.noun == "plan":
        return plan_for(by, pk).engagement_id, "plan"
    if about.noun == "result":
        return result_for(by, pk, VIEW_RESULT).engagement_id, "result"
    return update_for(by, pk).engagement_id, "update"


def _keep_files(
    engagement: int | None, milestone: int | None, level: str, mail: IncomingMail, by: User, now: datetime
) -> tuple[int, tuple[str, ...]]:
    """(how many were kept, why others were not). What is said is posted whatever its files are."""
    if not mail.files:
        return 0, ()
    if engagement is None or UPLOAD_DOCUMENT not in permissions_in(by, engagement):
        return 0, ("Files can’t be kept there.",)
    size = sum(file.size or 0 for file in mail.files)
    if size > MOST_BYTES or len(mail.files) > MOST_FILES:
        return 0, (
            f"The attachments have {size / 10**6:.0f} MB together. "
            f"By mail at most {MOST_FILES} files and {MOST_BYTES // 10**6} MB are taken.",
        )
    kept, problems = 0, []
    for number, file in enumerate(mail.files):
        once = uuid.uuid5(uuid.NAMESPACE_URL, f"mail {mail.token} file {number}")
        try:
            add_document(
                engagement=engagement,
                file=accept(file, visibility=level),
                by=by,
                now=now,
                milestone=milestone,
                submission=once,
            )
            kept += 1
        except ValidationError as refused:
            problems.append(f"{file.name}: {' '.join(refused.messages)}")
    return kept, tuple(problems)

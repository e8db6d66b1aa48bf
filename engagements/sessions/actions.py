"""Beginning, noting and ending sessions. Ending is of two parts: the epoch, which counts, and the rows, which show."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from engagements.models import AccessToken, CalendarFeed, EngagementRole, User, UserSession
from engagements.security_log.actions.recording import Kind, record_security_event
from engagements.security_log.rules import browser_family

SHARED, SEEN = "shared_computer", "seen_at"  # keys of the session
IDLE_ROW = timedelta(hours=1)
WANTED = "shared_computer_wanted"  # said on the way in, before anybody is signed in


def begin_session(request: HttpRequest, user: User) -> None:
    """After somebody signed in: a row for the session, short if they said that the computer is shared."""
    session: Any = request.session
    if session.pop(WANTED, False):
        session[SHARED] = True
    if session.get(SHARED):
        session.set_expiry(0)  # the cookie goes with the browser
    note_session(request, user, timezone.now())


def note_session(request: HttpRequest, user: User, now: datetime) -> None:
    """Writes down that the session is used, and makes its row where there is none yet."""
    session: Any = request.session
    session[SEEN] = now.timestamp()
    if not session.session_key:
        session.save()
    browser = browser_family(request.headers.get("User-Agent", "")) if hasattr(request, "headers") else ""
    UserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user": user, "last_seen_at": now, "is_shared": bool(session.get(SHARED))},
        create_defaults={
            "user": user,
            "last_seen_at": now,
            "began_at": now,
            "is_shared": bool(session.get(SHARED)),
            "browser": browser,
        },
    )


def forget_session(session_key: str) -> None:
    UserSession.objects.filter(session_key=session_key).delete()


def end_one_session(*, session: int, by: User) -> bool:
    """One of one's own; whether there was one."""
    with transaction.atomic():
        row = UserSession.objects.select_for_update().filter(pk=session, user=by).first()
        if row is None:
            return False
        _delete([row])
        record_security_event(Kind.SESSIONS_ENDED, by=by, about=by, detail={"sessions": 1})
    return True


def end_sessions(*, person: User, by: User | None, why: str, keep: HttpRequest | None = None) -> int:
    """Everywhere at once, sessions nobody wrote down too; `keep`: the request whose own goes on. How many rows went.

    `why`: a word for the log, such as "asked", "password", "last_role".
    """
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
        person.refresh_from_db(fields=["session_epoch"])
        own = (keep.session.session_key or "") if keep is not None else ""
        count = _delete(UserSession.objects.filter(user=person).exclude(session_key=own))
        if keep is not None and isinstance(keep.user, User):
            keep.user.refresh_from_db(fields=["session_epoch"])
            update_session_auth_hash(keep, keep.user)  # under another key
            if not UserSession.objects.filter(session_key=own).update(session_key=keep.session.session_key):
                note_session(keep, person, timezone.now())
        record_security_event(Kind.SESSIONS_ENDED, by=by, about=person, detail={"sessions": count, "why": why})
    return count


def end_access_without_roles(*, person: User, by: User, now: datetime) -> bool:
    """After a role ended: who has none left, and operates nothing, is signed out and their keys end. Whether so."""
    if person.is_staff or person.is_superuser or EngagementRole.objects.open().filter(user_id=person.pk).exists():
        return False
    with transaction.atomic():
        end_sessions(person=person, by=by, why="last_role")
        for token in AccessToken.objects.filter(user=person, revoked_at=None):
            AccessToken.objects.filter(pk=token.pk).update(revoked_at=now)
            record_security_event(Kind.TOKEN_REVOKED, by=by, about=person, thing=token, detail={"why": "last_role"})
        for feed in CalendarFeed.objects.filter(user=person, revoked_at=None):
            CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=now)
            record_security_event(
                Kind.CALENDAR_LINK_ENDED, by=by, about=person, thing=feed, detail={"why": "last_role"}
            )
    return True


def forget_ended_sessions(*, now: datetime) -> int:
    """Sessions whose time is over, and rows of sessions that are gone. How many rows went."""
    engine = import_module(settings.SESSION_ENGINE)
    engine.SessionStore.clear_expired()
    gone = [
        row.pk
        for row in UserSession.objects.filter(last_seen_at__lt=now - IDLE_ROW).iterator()
        if not engine.SessionStore().exists(row.session_key)
    ]
    count, _by_model = UserSession.objects.filter(pk__in=gone).delete()
    return count


def _delete(rows: Iterable[UserSession]) -> int:
    engine = import_module(settings.SESSION_ENGINE)
    found = list(rows)
    for row in found:
        engine.SessionStore().delete(row.session_key)
    UserSession.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)

"""The erasure of a person: everything in one transaction, again without harm, and again after a restore."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pghistory
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.access.errors import NotFound
from engagements.base.erasures import erases, record_erasure
from engagements.models import (
    Absence,
    Activity,
    Contact,
    EngagementRole,
    ErasureRequest,
    Invitation,
    MailAddress,
    Notification,
    ReceivedMail,
    ReplyLink,
    SecurityEventSource,
    UpdateLink,
    User,
    Webhook,
    WebhookEnd,
)
from engagements.permissions import Role
from engagements.privacy.actions.names import history_of, replace_in_json, without_protection
from engagements.privacy.queries.people import FORMER_DOMAIN, FORMER_NAME, former_address, is_erased
from engagements.privacy.queries.preview import only_lead_of
from engagements.privacy.rules.inventory import INVENTORY, Fate
from engagements.security_log.actions.recording import Kind, address_key, record_security_event
from engagements.security_log.actions.retention import erase_sources_of
from engagements.sessions.actions import end_sessions
from engagements.webhooks.actions.webhooks import give_up_waiting

person_erased = Signal()  # sent with `email`, as it was, once the erasure is committed


def erase_person(*, person: int, by: User | None, now: datetime, confirmation: str) -> User:
    """Name, address, ways to sign in and everything of their own go; what they did for a city stays as by a former
    member. `by` None: whoever has the machine. `confirmation`: the address, typed. Again it changes nothing.

    Raises NotFound, ValidationError while it may not be done.
    """
    with _audited(by, "erasure of a person"):
        row = User.objects.select_for_update().filter(pk=person).first()
        if row is None:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        if is_erased(row):
            return row
        _check(row, by, confirmation)
        _erase(row, by, now)
        record_erasure(row)
        record_security_event(Kind.PERSON_ERASED, by=by, about=row)
    return row


@erases("engagements.User")
def erase_person_again(object_id: str) -> None:
    """After a restore of a backup from before: nobody is asked, and nothing is refused."""
    with _audited(None, "erasure of a person, repeated after a restore"):
        row = User.objects.select_for_update().filter(pk=int(object_id)).first()
        if row is not None:
            _erase(row, None, timezone.now())


@contextmanager
def _audited(by: User | None, why: str) -> Iterator[None]:
    who = {"user": by.pk} if by else {}
    with transaction.atomic(), pghistory.context(**who, why=why):
        yield


def _check(row: User, by: User | None, confirmation: str) -> None:
    if row.is_fictional:
        raise ValidationError(_("This is a demo account that many people share: it is nobody’s."))
    if by is not None and by.pk == row.pk:
        raise ValidationError(_("Another administrator must erase you: you would lock yourself out on the way."))
    if by is not None and row.is_superuser and not by.is_superuser:
        raise ValidationError(_("Only somebody with every right may erase somebody with every right."))
    _wait_for_other_leads(row)
    if led := only_lead_of(row):
        names = ", ".join(led)
        raise ValidationError(
            _("This person is the only lead of: %(names)s. Give somebody else the role first.") % {"names": names}
        )
    if confirmation.strip().lower() != row.email:
        raise ValidationError({"confirmation": _("Type the address of the account exactly.")})


def _wait_for_other_leads(row: User) -> None:
    """Of two leads who are erased at once the second is seen to be the only one."""
    leads = EngagementRole.objects.open().filter(role=Role.LEAD.value)
    places = leads.filter(user=row).values("initiative_id")
    list(leads.filter(initiative__in=places).order_by("pk").select_for_update())


def _erase(row: User, by: User | None, now: datetime) -> None:
    name, email = row.name, row.email
    who = by or row  # whoever ended something is known with when it was ended
    _end_roles(row, by, now)
    _end_links(row, who, now)
    contacts = list(Contact.objects.filter(email__iexact=email).values_list("pk", flat=True))
    _forget_titles(row, email, contacts)
    _forget_invitations(row, email, who, now)
    _forget_contacts(email, contacts, who, now)
    _forget_addresses(row, email)
    end_sessions(person=row, by=by, why="erased")
    erase_sources_of(person=row, by=by)
    SecurityEventSource.objects.filter(address_key=address_key(email)).delete()
    for label, held in INVENTORY.items():
        if held.fate is Fate.DELETED and held.path:
            apps.get_model(label)._base_manager.filter(**{held.path: row.pk}).delete()
    ErasureRequest.objects.filter(user=row, withdrawn_at=None, done_at=None).update(done_at=now)
    _empty(row)
    _forget_words(name)
    # A name of one word may be a word of the data ("White"): where it stands is listed for somebody to read.
    stored = [email, *([name] if " " in name and name != FORMER_NAME else [])]
    replace_in_json(dict.fromkeys(stored, FORMER_NAME))
    if not is_former(email):
        transaction.on_commit(lambda: person_erased.send(sender=None, email=email))


def is_former(email: str) -> bool:
    return email.endswith(f"@{FORMER_DOMAIN}")


def _empty(row: User) -> None:
    row.email, row.name, row.title, row.phone = former_address(row.pk), FORMER_NAME, "", ""
    row.organisation, row.last_login = None, None
    row.time_zone = User._meta.get_field("time_zone").get_default()
    row.digest, row.portfolio_digest = User.Digest.NONE, False
    row.is_active = row.is_staff = row.is_superuser = False
    row.set_unusable_password()
    row.save()


def _forget_words(name: str) -> None:
    """Parts of the name that misspelled words are compared with, where nothing that can be found has them any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM engagements_searchword w WHERE w.word = ANY(%s) AND NOT EXISTS ("
            "SELECT 1 FROM engagements_searchentry e WHERE e.words @@ plainto_tsquery('simple', w.word))",
            [re.findall(r"\w+", name.lower())],
        )


def _end_roles(row: User, by: User | None, now: datetime) -> None:
    today = timezone.localdate(now, UTC)
    for role in EngagementRole.objects.select_for_update().filter(user=row, ended_on=None):
        role.ended_on = max(today, role.began_on)
        role.save(update_fields=["ended_on"])
        record_security_event(
            Kind.ROLE_ENDED,
            by=by,
            about=row,
            engagement=role.engagement_id,
            initiative=role.initiative_id,
            thing=role,
            detail={"role": role.role},
        )
    Absence.objects.filter(Q(user=row) | Q(cover=row), ended_at=None).update(ended_at=now)


def _end_links(row: User, who: User, now: datetime) -> None:
    UpdateLink.objects.filter(user=row, used_at=None, revoked_at=None).update(revoked_at=now, revoked_by=who)
    for hook in Webhook.objects.select_for_update().filter(user=row):
        if hook.archived_at is None:
            hook.archived_at, hook.archived_by = now, who
            hook.save(update_fields=["archived_at", "archived_by"])
        give_up_waiting(hook)
        for end in WebhookEnd.objects.filter(webhook=hook):
            record_erasure(end)
            end.delete()


def _forget_invitations(row: User, email: str, who: User, now: datetime) -> None:
    sent = Invitation.objects.filter(Q(email=email) | Q(accepted_by=row))
    sent.filter(accepted_at=None, revoked_at=None).update(revoked_at=now, revoked_by=who)
    sent.update(email=former_address(row.pk), name="")


def _forget_contacts(email: str, found: list[int], who: User, now: datetime) -> None:
    """Somebody may stand in a city's list of contacts besides having an account."""
    gone = {"name": FORMER_NAME, "email": "", "phone": "", "title": "", "note": ""}
    history: Any = history_of(Contact)
    earlier = set(history.objects.filter(email__iexact=email).values_list("pgh_obj_id", flat=True))
    Contact.objects.filter(pk__in=found, archived_at=None).update(archived_at=now, archived_by=who)
    Contact.objects.filter(pk__in=found).update(**gone)
    with without_protection(history):
        history.objects.filter(pgh_obj_id__in=earlier, email__iexact=email).update(**gone)
        history.objects.filter(pgh_obj_id__in=found).update(**gone)


def _forget_addresses(row: User, email: str) -> None:
    MailAddress.objects.filter(address=email).delete()
    with without_protection(ReplyLink):
        ReplyLink.objects.filter(email__iexact=email).update(email=former_address(row.pk))
    ReceivedMail.objects.filter(user=row).exclude(outcome=ReceivedMail.Outcome.POSTED).update(user=None)


def _forget_titles(row: User, email: str, contacts: list[int]) -> None:
    """Lines of the feed on their roles and invitations begin with their name, whatever it was then; lines on a contact
    are about nothing else."""
    roles = list(EngagementRole.objects.filter(user=row).values_list("pk", flat=True))
    of_them = Q(email=email) | Q(accepted_by=row)
    invitations = list(Invitation.objects.filter(of_them).values_list("pk", flat=True))
    called = Activity.objects.filter(
        Q(noun="engagementrole", object_id__in=roles) | Q(noun="invitation", object_id__in=invitations)
    )
    with without_protection(Activity):
        for pk, title in list(called.values_list("pk", "title")):
            _name, colon, role = title.rpartition(": ")
            Activity.objects.filter(pk=pk).update(title=f"{FORMER_NAME}{colon}{role}" if colon else FORMER_NAME)
        about = Activity.objects.filter(noun="contact", object_id__in=contacts)
        about.update(title=FORMER_NAME, line="", changes={})
    Notification.objects.filter(noun="contact", object_id__in=contacts).delete()

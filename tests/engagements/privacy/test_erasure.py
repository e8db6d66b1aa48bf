"""A person is erased: nothing tells who they were, and what they did for a city is still there."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.test import Client
from django.utils import timezone

from engagements.base.audited_transaction import add_activity, notify
from engagements.base.editing import change
from engagements.finding.actions.index import learn_words
from engagements.models import (
    Activity,
    Comment,
    Contact,
    EngagementRole,
    ErasureRequest,
    MailAddress,
    SavedView,
    SecurityEvent,
    User,
)
from engagements.people.actions.invitations import accept_as_new, invite
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from engagements.privacy.actions.erasing import erase_person, erase_person_again
from engagements.privacy.queries.mentions import mentions_of
from engagements.privacy.queries.people import former_address
from engagements.privacy.queries.preview import preview_of
from engagements.security_log.actions.chain import link_events
from engagements.security_log.actions.recording import Kind, record_security_event
from engagements.security_log.queries.verification import verify
from mobility_portal.backup.erasures import Entry, replay
from mobility_portal.backup.models import Erasure
from tests.factories.engagements import NOW, PASSWORD, EngagementFactory, UserFactory, member

pytestmark = pytest.mark.django_db
EMAIL, NAME = "zelda.quux@city.gov", "Zelda Quux"


@pytest.fixture
def place():
    return EngagementFactory()


@pytest.fixture
def lead(place):
    return member(Role.LEAD, place)


@pytest.fixture
def operator():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def zelda(place, lead):
    """Somebody who has left traces in every kind of table."""
    _row, secret = invite(email=EMAIL, role="expert", name=NAME, engagement=place.pk, by=lead, now=timezone.now())
    assert secret is not None
    user = accept_as_new(secret=secret, name=NAME, password=PASSWORD, now=timezone.now())
    User.objects.filter(pk=user.pk).update(title="Analyst", phone="313 555 0100")
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    SocialAccount.objects.create(user=user, provider="x", uid="1", extra_data={"email": EMAIL, "name": NAME})
    Authenticator.objects.create(user=user, type="totp", data={})
    MailAddress.objects.create(address=EMAIL, refusals=1, reason=f"{EMAIL} unknown", failed_at=NOW)
    make_access_token(name="A script", scopes=["read"], expires_at=timezone.now() + timedelta(days=9), by=user, now=NOW)
    contact = Contact.objects.create(engagement=place, name=NAME, email=EMAIL.title(), phone="1", note="Calls back.")
    change(contact, {"title": "Analyst"}, None)
    SavedView.objects.create(user=user, initiative=place.initiative, name="Mine", created_at=NOW)
    Comment.objects.create(engagement=place, author=user, body="We met.", created_at=NOW)
    add_activity(
        by=user, now=NOW, verb="changed", thing=contact, engagement_id=place.pk, changes={"owner": (None, NAME)}
    )
    notify([user], "mention", thing=contact, engagement=place, line=f"for {NAME}", by=lead, now=NOW)
    record_security_event(Kind.SIGN_IN_FAILED, typed_address=EMAIL)
    ErasureRequest.objects.create(user=user, asked_at=NOW)
    return User.objects.get(pk=user.pk)


def rows_that_say(*words: str) -> dict[str, int]:
    """Every table of the database with one of the words in any of its texts."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.app_label == "pghistory":
            continue
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        wanted = Q()
        for name in texts:
            for word in words:
                wanted |= Q(**{f"said_{name}__icontains": word})
        shown = {f"said_{name}": Cast(name, TextField()) for name in texts}
        if wanted and (number := model._base_manager.annotate(**shown).filter(wanted).count()):
            found[model._meta.label] = number
    return found


def erase(person, by):
    return erase_person(person=person.pk, by=by, now=timezone.now(), confirmation=person.email)


def test_nothing_in_any_table_tells_who_it_was(zelda, operator, place):
    client = Client()
    assert client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD}).status_code == 302
    before = rows_that_say(EMAIL, NAME)
    assert learn_words(now=timezone.now())
    assert {"engagements.User", "engagements.ContactEvent", "engagements.Activity"} <= set(before)
    erase(zelda, operator)
    assert rows_that_say(EMAIL, NAME, "Zelda", "Calls back") == {}
    zelda.refresh_from_db()
    assert (str(zelda), zelda.email, zelda.title, zelda.phone) == (
        "Former member",
        former_address(zelda.pk),
        "",
        "",
    )
    assert not zelda.is_active and not zelda.has_usable_password()
    assert Comment.objects.get().body == "We met." and Comment.objects.get().author == zelda
    assert not EngagementRole.objects.open().filter(user=zelda).exists()
    assert client.get("/me/").status_code == 302
    assert ErasureRequest.objects.get().done_at is not None
    assert Client().post("/accounts/login/", {"login": EMAIL, "password": PASSWORD}).status_code == 200


def test_it_is_recorded_by_id_once_and_again_it_changes_nothing(zelda, operator):
    erase(zelda, operator)
    erase_person(person=zelda.pk, by=operator, now=timezone.now(), confirmation="")
    assert [(row.model, row.object_id) for row in Erasure.objects.filter(model="engagements.User")] == [
        ("engagements.User", str(zelda.pk))
    ]
    event = SecurityEvent.objects.get(kind="person_erased")
    assert (event.actor_id, event.subject_id) == (operator.pk, zelda.pk)


def test_a_restore_of_a_backup_from_before_erases_again(zelda, operator):
    """The rows as the backup has them come back, then the list of erasures is replayed."""
    snapshot = timezone.now()
    point = transaction.savepoint()
    erase(zelda, operator)
    entries = [Entry(uuid4(), row.model, row.object_id, row.at) for row in Erasure.objects.all()]
    transaction.savepoint_rollback(point)  # what a restore brings back
    assert rows_that_say(EMAIL, NAME)
    done, refused = replay(entries, snapshot)
    assert refused == [] and done == len(entries)
    assert rows_that_say(EMAIL, NAME) == {}
    erase_person_again(str(zelda.pk))
    erase_person_again("999999999")
    assert str(User.objects.get(pk=zelda.pk)) == "Former member"


def test_the_only_lead_and_others_who_may_not_are_refused(zelda, operator, lead, place):
    for person, by, typed in (
        (lead, operator, lead.email),
        (zelda, operator, "somebody@else.gov"),
        (operator, operator, operator.email),
        (operator, UserFactory(is_staff=True), operator.email),
        (UserFactory(is_fictional=True), operator, ""),
    ):
        with pytest.raises(ValidationError):
            erase_person(person=person.pk, by=by, now=timezone.now(), confirmation=typed)
        person.refresh_from_db()
        assert person.is_active
    assert preview_of(lead).only_lead_of == (place.initiative.name,)
    member(Role.LEAD, place)
    erase(lead, operator)


def test_free_text_is_listed_and_not_changed(zelda, operator, place, lead):
    said = Comment.objects.create(engagement=place, author=lead, body=f"Ask {NAME}, not Zelda Q.", created_at=NOW)
    Comment.objects.create(engagement=place, author=lead, body="Zelda Quuxington", created_at=NOW)
    listed = [(row.model, row.object_id, row.field, row.is_earlier) for row in mentions_of(zelda)]
    comments = [row for row in listed if row[0] == "engagements.Comment"]
    assert comments == [
        ("engagements.Comment", said.pk, "body", False),
        ("engagements.Comment", said.pk, "body", True),
    ]
    assert {row.city for row in mentions_of(zelda) if row.model == "engagements.Comment"} == {place.city.name}
    erase(zelda, operator)
    said.refresh_from_db()
    assert NAME in said.body


def test_the_security_log_still_verifies(zelda, operator):
    link_events()
    erase(zelda, operator)
    link_events()
    assert verify(anchors=[], now=timezone.now()).problems == ()


def test_history_says_who_erased_and_append_only_holds_again(zelda, operator):
    erase(zelda, operator)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_context FROM engagements_engagementroleevent WHERE user_id = %s ORDER BY pgh_id DESC LIMIT 1",
            [zelda.pk],
        )
        context = cursor.fetchone()[0]
    assert (json.loads(context) if isinstance(context, str) else context)["user"] == operator.pk
    with pytest.raises(Exception, match="append_only|Cannot update"), transaction.atomic():
        Activity.objects.update(title="x")


def test_a_name_of_one_word_changes_no_other_word(operator, place, lead):
    white = member(Role.EXPERT, place, name="White", email="white@city.gov")
    other = member(Role.EXPERT, place, name="Whitehall Roe")
    roles = {user: user.roles.get() for user in (white, other)}
    for user, role in roles.items():
        add_activity(
            by=lead,
            now=NOW,
            verb="joined",
            thing=role,
            engagement_id=place.pk,
            title=f"{user}: Expert",
            changes={"group": ("White", "Black")},
        )
    erase(white, operator)
    told = {row.object_id: row for row in Activity.objects.filter(noun="engagementrole")}
    assert told[roles[white].pk].title == "Former member: Expert"
    assert told[roles[other].pk].title == "Whitehall Roe: Expert"
    assert all(row.changes == {"group": ["White", "Black"]} for row in told.values())

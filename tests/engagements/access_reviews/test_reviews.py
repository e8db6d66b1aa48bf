"""Reviews of access: opened each quarter once, answered role by role, ended roles really end, leads are told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from engagements.access.errors import NotFound
from engagements.access_reviews.actions import decide, open_reviews
from engagements.access_reviews.mail import send_review_mails
from engagements.access_reviews.rules import due_on, quarter_of, reminders_until
from engagements.home.queries.tasks import tasks_of
from engagements.models import AccessReview, SecurityEvent, User
from engagements.permissions import Role
from tests.factories.engagements import PASSWORD, EngagementFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(hour=16)  # nine in the morning or later in every zone of the country


@pytest.fixture
def place():
    return EngagementFactory()


@pytest.fixture
def lead(place):
    return member(Role.LEAD, place)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of(place) -> AccessReview:
    return AccessReview.objects.get(engagement=place)


@pytest.mark.parametrize(
    ("today", "sent"),
    [
        (date(2026, 10, 1), (0,)),
        (date(2026, 10, 15), (0, 1)),
        (date(2026, 10, 22), (0, 1)),
        (date(2026, 10, 23), (0, 1, 2)),
    ],
)
def test_when_leads_are_told(today, sent):
    assert due_on(date(2026, 10, 1)) == date(2026, 10, 22)
    assert reminders_until(date(2026, 10, 22), today) == sent
    assert (quarter_of(date(2026, 12, 31)), quarter_of(date(2027, 1, 1))) == ((2026, 4), (2027, 1))


def test_one_review_for_each_place_in_each_quarter(place, lead, now):
    member(Role.EXPERT, place)
    EngagementFactory(initiative=place.initiative)  # nobody works there
    assert open_reviews(now=now) == 2 and open_reviews(now=now) == 0
    assert {(row.engagement, row.initiative) for row in AccessReview.objects.all()} == {
        (place, place.initiative), (None, place.initiative),
    }  # fmt: skip
    assert open_reviews(now=now + timedelta(days=93)) == 2


def test_each_role_is_confirmed_or_ended_and_then_the_review_is_finished(place, lead, now):
    kept, gone = member(Role.EXPERT, place), member(Role.ADVISER, place)
    open_reviews(now=now)
    client, out = signed_in(lead), signed_in(gone)
    address = f"/access-reviews/{of(place).pk}/"
    page = client.get(address)
    assert [row.name for row in page.context["waiting"]] == [str(gone), str(kept)]
    assert client.post(address, {"role": kept.roles.get().pk, "answer": "keep"}).status_code == 302
    assert client.post(address, {"role": gone.roles.get().pk, "answer": "end"}).status_code == 422, "it says why"
    assert out.get("/me/").status_code == 200
    assert client.post(address, {"role": gone.roles.get().pk, "answer": "end", "why": "left"}).status_code == 302
    assert out.get("/me/").status_code == 302, "signed out"
    assert gone.roles.get().ended_on == timezone.localdate() and kept.roles.get().ended_on is None
    review = of(place)
    assert review.closed_by == lead
    assert {(d.role.user, d.answer, d.decided_by) for d in review.decisions.all()} == {
        (kept, "keep", lead), (gone, "end", lead),
    }  # fmt: skip
    assert SecurityEvent.objects.filter(kind="review_decided", engagement=place).count() == 2
    with pytest.raises(ValidationError):
        decide(review=review.pk, role=kept.roles.get().pk, answer="end", why="x", by=lead, now=now)
    assert len(client.get(address).context["answered"]) == 2


def test_nobody_confirms_their_own_role_where_another_lead_could(place, lead, now):
    open_reviews(now=now)
    review = AccessReview.objects.get(engagement=None)
    own = lead.roles.get().pk
    other = member(Role.LEAD, place)
    with pytest.raises(ValidationError):
        decide(review=review.pk, role=own, answer="keep", by=lead, now=now)
    decide(review=review.pk, role=own, answer="keep", by=other, now=now)
    with pytest.raises(ValidationError):
        decide(review=review.pk, role=own, answer="keep", by=other, now=now)


def test_the_only_lead_confirms_their_own_role(place, lead, now):
    open_reviews(now=now)
    decide(
        review=AccessReview.objects.get(engagement=None).pk, role=lead.roles.get().pk, answer="keep", by=lead, now=now
    )
    assert AccessReview.objects.get(engagement=None).closed_by == lead


@pytest.mark.parametrize("role", [Role.ADVISER, Role.EXPERT, Role.CITY_STAFF, Role.LOCAL_PARTNER, Role.FUNDER])
def test_nobody_else_sees_or_answers(place, lead, now, role):
    person, elsewhere = member(role, place), member(Role.LEAD, EngagementFactory())
    open_reviews(now=now)
    review = of(place) if AccessReview.objects.filter(engagement=place).exists() else AccessReview.objects.first()
    for other in (person, elsewhere):
        client = signed_in(other)
        assert client.get(f"/access-reviews/{review.pk}/").status_code == 404
        sent = {"role": lead.roles.get().pk, "answer": "end", "why": "x"}
        assert client.post(f"/access-reviews/{review.pk}/", sent).status_code == 404
        with pytest.raises(NotFound):
            decide(review=review.pk, role=lead.roles.get().pk, answer="keep", by=other, now=now)
    assert signed_in(person).get("/access-reviews/").status_code == 404
    assert Client().get("/access-reviews/").status_code == 302


def test_a_role_of_another_place_is_not_answered_here(place, lead, now):
    member(Role.EXPERT, place)
    stranger = member(Role.EXPERT, EngagementFactory(initiative=place.initiative))
    open_reviews(now=now)
    with pytest.raises(NotFound):
        decide(review=of(place).pk, role=stranger.roles.get().pk, answer="end", why="x", by=lead, now=now)


def test_operators_see_every_review_and_answer_none(place, lead, now):
    member(Role.EXPERT, place)
    open_reviews(now=now)
    operator = signed_in(User.objects.create_user("op@city.gov", PASSWORD, is_staff=True))
    page = operator.get("/access-reviews/")
    assert page.status_code == 200 and len(page.context["open"]) == 2 and not page.context["mine"]
    assert operator.get(f"/access-reviews/{of(place).pk}/").status_code == 404


def test_a_lead_finds_it_among_their_tasks_overdue_too(place, lead, now):
    member(Role.EXPERT, place)
    open_reviews(now=now)
    today = timezone.localdate(now)
    (task,) = [task for task in tasks_of(lead, today=today) if task.noun == "accessreview"]
    assert (task.verb, task.is_overdue, task.due_on) == ("review", False, due_on(today))
    late = [task for task in tasks_of(lead, today=today + timedelta(days=30)) if task.noun == "accessreview"]
    assert late[0].is_overdue
    assert signed_in(lead).get("/todo/").status_code == 200


def test_one_mail_when_it_opens_one_before_it_is_due_one_after(place, lead, now, mailoutbox):
    member(Role.EXPERT, place)
    open_reviews(now=now)
    for days, count in ((0, 1), (1, 1), (15, 2), (16, 2), (23, 3), (40, 3)):
        send_review_mails(now=now + timedelta(days=days))
        assert len(mailoutbox) == count, days
    assert {mail.to[0] for mail in mailoutbox} == {lead.email}
    assert "/access-reviews/" in mailoutbox[0].body


def test_an_answer_is_kept_as_it_was_given(place, lead, now):
    expert = member(Role.EXPERT, place)
    open_reviews(now=now)
    made = decide(review=of(place).pk, role=expert.roles.get().pk, answer="keep", by=lead, now=now)
    for statement in ("UPDATE {} SET answer = 'end' WHERE id = %s", "DELETE FROM {} WHERE id = %s"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format("engagements_accessdecision"), [made.pk])

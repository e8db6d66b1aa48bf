"""Quotas: refused in a sentence at form and API, shown to leads, and never passed by two at once."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from engagements.base.quotas import Kind, QuotaReached, forget_old_uses, quotas_of, spend, spend_rows
from engagements.discussion.actions.documents import NewFile, add_document
from engagements.models import AccessToken, Document, QuotaUse, SecurityEvent
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from tests.factories.engagements import NOW, EngagementFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(settings):
    settings.QUOTAS = {"documents": 10, "rows": 10, "exports": 2, "tokens": 2}


@pytest.fixture
def place():
    return EngagementFactory()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def bring(place, by, size=6):
    file = NewFile(ContentFile(b"x" * size), "a.txt", "text/plain", "A")
    return add_document(engagement=place.pk, file=file, by=by, now=NOW)


def used(place) -> dict[str, int]:
    return {quota.kind: quota.used for quota in quotas_of(place, now=timezone.now())}


def test_documents_are_counted_by_bytes_and_the_one_too_many_is_refused(small, place):
    lead = member(Role.LEAD, place)
    bring(place, lead)
    with pytest.raises(QuotaReached) as refused:
        bring(place, lead)
    assert "file" in refused.value.message_dict
    bring(place, lead, size=4)
    assert used(place)["documents"] == 10
    client = signed_in(lead)
    sent = {"file": SimpleUploadedFile("b.txt", b"more"), "title": "B", "visibility": "team"}
    assert client.post(f"/engagements/{place.slug}/documents/new/", sent).status_code == 422
    assert Document.objects.filter(engagement=place).count() == 2
    bring(EngagementFactory(initiative=place.initiative), lead)  # another engagement has its own


def test_rows_are_counted_by_day(small, place):
    now = timezone.now()
    spend_rows(place.pk, 7, now=now)
    with pytest.raises(QuotaReached):
        spend_rows(place.pk, 4, now=now)
    spend_rows(place.pk, 3, now=now)
    spend_rows(place.pk, 10, now=now + timedelta(days=1))
    assert used(place)["rows"] == 10
    assert forget_old_uses(today=(now + timedelta(days=40)).date()) == 2


def test_exports_beyond_the_days_are_refused_and_recorded(small, place):
    client = signed_in(member(Role.LEAD, place))
    address = f"/engagements/{place.slug}/milestones/export.csv"
    assert [client.get(address).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert SecurityEvent.objects.filter(kind="exported", engagement=place).count() == 2
    assert SecurityEvent.objects.filter(kind="quota_reached", engagement=place).count() == 2
    assert client.get(f"/engagements/{place.slug}/milestones/import/template.csv").status_code == 200


def test_tokens_of_everybody_in_the_engagement_are_counted(small, place):
    now = timezone.now()
    people = [member(Role.EXPERT, place) for _ in range(3)]
    ends = now + timedelta(days=9)
    for person in people[:2]:
        make_access_token(name="x", scopes=["read"], expires_at=ends, by=person, now=now)
    with pytest.raises(ValidationError):
        make_access_token(name="x", scopes=["read"], expires_at=ends, by=people[2], now=now)
    sent = {"name": "x", "scopes": ["read"], "days": "30", "submission": "12345678-1234-5678-1234-567812345678"}
    assert signed_in(people[2]).post("/me/tokens/", sent).status_code == 422
    AccessToken.objects.update(revoked_at=now)
    make_access_token(name="x", scopes=["read"], expires_at=ends, by=people[2], now=now)


def test_no_limit_is_no_limit(settings, place):
    settings.QUOTAS = dict.fromkeys(("documents", "rows", "exports", "tokens"), 0)
    assert spend(place.pk, Kind.ROWS, 10**9, now=timezone.now())
    bring(place, member(Role.LEAD, place))
    assert not QuotaUse.objects.exists()


def test_leads_see_what_is_used_of_how_much(small, place):
    lead = member(Role.LEAD, place)
    bring(place, lead, size=9)
    page = signed_in(lead).get(f"/engagements/{place.slug}/limits/")
    rows = {row["quota"].kind: row for row in page.context["rows"]}
    assert (rows["documents"]["quota"].used, rows["documents"]["quota"].limit) == (9, 10)
    assert rows["documents"]["is_near"] and not rows["rows"]["is_near"]
    assert signed_in(member(Role.EXPERT, place)).get(f"/engagements/{place.slug}/limits/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_take_the_same(small):
    place = EngagementFactory()
    lead = member(Role.LEAD, place)
    done: list[str] = []
    start = threading.Barrier(4)

    def work():
        try:
            start.wait()
            try:
                bring(place, lead)
                done.append("document")
            except QuotaReached:
                done.append("refused")
            for _ in range(4):
                done.append("row" if spend(place.pk, Kind.ROWS, 1, now=timezone.now()) else "none")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.count(each) for each in ("document", "refused", "row", "none")] == [1, 3, 10, 6]
    assert QuotaUse.objects.get(kind="rows").used == 10

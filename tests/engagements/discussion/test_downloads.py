"""Who gets which document, and what a browser may do with it."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from engagements.discussion.actions.documents import add_document, archive_document
from engagements.discussion.files.acceptance import accept
from engagements.permissions import Role
from tests.factories.engagements import NOW, UserFactory, everybody, pair

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
PDF = b"%PDF-1.7\n%%EOF\n"
READERS = {
    "team": {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF},
    "city": set(Role) - {Role.FUNDER},
    "all": set(Role),
}
ELSEWHERE = {"team": {Role.LEAD}, "city": {Role.LEAD}, "all": {Role.LEAD, Role.ADVISER, Role.CITY_STAFF, Role.FUNDER}}


@pytest.fixture
def cities():
    return pair()


def bring(engagement, by, visibility="team", name="plan.pdf", content=PDF):
    new = accept(SimpleUploadedFile(name, content), visibility=visibility)
    return add_document(engagement=engagement.pk, file=new, by=by, now=NOW)


def status(client, person, pk) -> int:
    client.force_login(person)
    answer = client.get(f"/documents/{pk}/")
    assert answer.status_code == 404 or b"".join(answer.streaming_content) == PDF
    return answer.status_code


@pytest.mark.parametrize("level", READERS)
def test_each_role_gets_what_the_table_says_and_others_get_what_missing_ones_do(client, cities, level):
    here, there = cities
    people, others = everybody(here), everybody(there)
    made = bring(here, people[Role.LEAD], level)
    assert {role for role in Role if status(client, people[role], made.pk) == 200} == READERS[level]
    assert {role for role in Role if status(client, others[role], made.pk) == 200} == ELSEWHERE[level]
    client.force_login(others[Role.LOCAL_PARTNER])
    theirs, missing = (client.get(f"/documents/{pk}/") for pk in (made.pk, made.pk + 999))
    assert theirs.status_code == missing.status_code == 404
    assert _TOKEN.sub(b"", theirs.content) == _TOKEN.sub(b"", missing.content)


def test_strangers_are_asked_to_sign_in_and_somebody_without_role_finds_nothing(client, cities):
    made = bring(cities[0], everybody(cities[0])[Role.LEAD], "all")
    answer = client.get(f"/documents/{made.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next=/documents/{made.pk}/")
    for person in (UserFactory(), UserFactory(is_staff=True), UserFactory(is_staff=True, is_superuser=True)):
        assert status(client, person, made.pk) == 404


def test_it_is_saved_never_run_and_kept_by_nobody_between(client, cities):
    lead = everybody(cities[0])[Role.LEAD]
    made = bring(cities[0], lead, name='a"; filename=evil.html\r\nX: 1.pdf')
    client.force_login(lead)
    answer = client.get(f"/documents/{made.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="a__ filename_evil.htmlX_ 1.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert "X" not in answer


def test_bytes_lie_outside_the_web_root_under_a_random_name(client, cities, settings):
    lead = everybody(cities[0])[Role.LEAD]
    made = bring(cities[0], lead, name="plan.pdf")
    kept = Path(made.file.path)
    assert re.fullmatch(r"(..)/\1[0-9a-f]{30}", str(kept.relative_to(settings.DOCUMENTS_DIR)))
    assert kept.stat().st_mode & 0o077 == 0
    assert not kept.is_relative_to(settings.STATIC_ROOT)
    client.force_login(lead)
    for guess in (f"/media/{made.file.name}", f"/documents/{made.file.name}"):
        assert client.get(guess).status_code == 404


def test_archived_or_lost_documents_are_not_there(client, cities):
    lead = everybody(cities[0])[Role.LEAD]
    archived, lost = bring(cities[0], lead), bring(cities[0], lead)
    archive_document(document=archived.pk, expected_version=archived.version, by=lead, now=NOW, why="Twice here")
    lost.file.storage.delete(lost.file.name)
    assert [status(client, lead, made.pk) for made in (archived, lost)] == [404, 404]

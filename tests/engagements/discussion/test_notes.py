"""Local notes: written by those who work in the city, about it or one of its tracts, and read by everybody."""

import pytest

from atlas.models import City
from engagements.models import LocalNote
from engagements.permissions import Role
from tests.engagements.discussion.discussion import SUBMISSION, allowed, as_
from tests.factories import portal
from tests.factories.engagements import EngagementFactory, UserFactory, everybody

pytestmark = pytest.mark.django_db
WRITERS = {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}
NOTE = {"body": "The library opened.", "began_on": "2010-05-01", "submission": SUBMISSION}


@pytest.fixture
def springfield(tmp_path):
    portal.build(tmp_path)
    here = EngagementFactory(city=City.objects.get(slug="springfield"))
    return here, everybody(here), everybody(EngagementFactory(initiative=here.initiative))


def write(person, **typed):
    return as_(person).post("/cities/springfield/notes/new/", NOTE | typed)


def test_who_works_there_writes_and_for_others_there_is_no_such_page(springfield, client):
    _, people, others = springfield
    url = "/cities/springfield/notes/new/"
    assert allowed(people, url) == WRITERS
    assert allowed(others, url) == {Role.LEAD}
    assert as_(people[Role.LEAD]).get("/cities/nowhere/notes/new/").status_code == 404
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
    link = 'href="/cities/springfield/notes/new/"'
    shown = {role for role in Role if link in as_(people[role]).get("/cities/springfield/").content.decode()}
    assert shown == WRITERS
    assert link not in client.get("/cities/springfield/").content.decode()


def test_it_is_published_once_signed_on_city_and_tract_pages(springfield, client):
    _, people, _ = springfield
    tract = portal.CITY_TRACTS[0]
    for _ in range(2):
        assert write(people[Role.CITY_STAFF], tract_geoid=tract)["Location"] == "/cities/springfield/#notes"
    made = LocalNote.objects.get()
    for page in ("/cities/springfield/", f"/tracts/{tract}/"):
        words = client.get(page).content.decode()
        assert "The library opened." in words and f"Written by {people[Role.CITY_STAFF]}" in words
        assert f"/notes/{made.pk}/edit/" not in words
    assert f"/notes/{made.pk}/edit/" in as_(people[Role.CITY_STAFF]).get("/cities/springfield/").content.decode()


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"tract_geoid": "06037101110"}, "06037101110 is no tract of this city"),
        ({"tract_geoid": "99999999999"}, "is no tract of this city"),
        ({"tract_geoid": "2616351"}, "has 11 digits"),
        ({"tract_geoid": "2616350010٣"}, "has 11 digits"),
        ({"body": ""}, "This field is required"),
        ({"body": "bell\x07"}, "control characters"),
        ({"body": "nul\x00"}, "Null characters"),
        ({"body": "long" * 501}, "at most 2000 characters"),
        ({"ended_on": "2009-01-01"}, "The end is before the beginning"),
        ({"began_on": "yesterday"}, "Give a day such as"),
    ],
)
def test_what_is_refused_says_why_at_its_field(springfield, wrong, words):
    refused = write(springfield[1][Role.ADVISER], **wrong)
    assert refused.status_code == 422 and words in refused.content.decode()
    assert not LocalNote.objects.exists()


def test_changed_and_archived_by_who_wrote_it_or_leads(springfield, client):
    _, people, others = springfield
    write(people[Role.CITY_STAFF])
    made = LocalNote.objects.get()
    edit, archive = f"/notes/{made.pk}/edit/", f"/notes/{made.pk}/archive/"
    found = {role: as_(person).get(edit).status_code for role, person in people.items()}
    assert {role for role, status in found.items() if status == 200} == {Role.LEAD, Role.CITY_STAFF}
    assert set(found.values()) == {200, 403}
    assert as_(UserFactory()).get(edit).status_code == 403 and client.get(edit).status_code == 302
    change = NOTE | {"body": "The new library opened.", "version": made.version}
    assert as_(people[Role.CITY_STAFF]).post(edit, change).status_code == 302
    assert as_(people[Role.LEAD]).post(edit, change | {"body": "Other"}).status_code == 409
    backwards = change | {"ended_on": "2009-01-01", "version": made.version + 1}
    assert as_(people[Role.CITY_STAFF]).post(edit, backwards).status_code == 422
    made.refresh_from_db()
    sent = {"why": "Twice", "version": made.version, "submission": SUBMISSION}
    assert as_(people[Role.LEAD]).post(archive, sent).status_code == 302
    assert "library" not in client.get("/cities/springfield/").content.decode()

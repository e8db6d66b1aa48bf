"""Pages of documents and of records, by role."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.discussion.actions.records import add_record
from engagements.models import Document, Record
from engagements.permissions import Role
from tests.engagements.discussion.discussion import SUBMISSION, allowed, as_, house
from tests.engagements.discussion.test_downloads import PDF, READERS, bring
from tests.engagements.discussion.test_files import tagged
from tests.factories.engagements import NOW, MilestoneFactory

pytestmark = pytest.mark.django_db
WRITERS = set(Role) - {Role.FUNDER}


def send(person, engagement, query="", name="plan.pdf", content=PDF, **typed):
    sent = {"file": SimpleUploadedFile(name, content), "visibility": "team", "submission": SUBMISSION} | typed
    return as_(person).post(f"/engagements/{engagement.slug}/documents/new/{query}", sent)


@pytest.mark.parametrize("level", READERS)
def test_the_list_shows_each_role_what_it_may_open(level):
    here, _, people, _ = house()
    bring(here, people[Role.LEAD], level, name="the plan.pdf")
    url = f"/engagements/{here.slug}/documents/"
    shown = {role for role, person in people.items() if "the plan" in as_(person).get(url).content.decode()}
    assert shown == READERS[level]
    assert allowed(people, url) == set(Role)


def test_who_may_bring_one_is_who_may_write_at_a_level():
    here, _, people, others = house()
    url = f"/engagements/{here.slug}/documents/new/"
    assert allowed(people, url) == WRITERS
    assert allowed(others, url) == {Role.LEAD}
    assert send(people[Role.FUNDER], here).status_code == 403


def test_it_is_for_the_team_unless_somebody_chooses_otherwise_and_made_once():
    here, _, people, _ = house()
    page = as_(people[Role.CITY_STAFF]).get(f"/engagements/{here.slug}/documents/new/")
    assert page.context["form"].fields["visibility"].initial == "team"
    for _ in range(2):
        assert send(people[Role.CITY_STAFF], here).status_code == 302
    (made,) = Document.objects.all()
    assert (made.visibility, made.title, made.media_type) == ("team", "plan.pdf", "application/pdf")
    assert send(people[Role.LOCAL_PARTNER], here, visibility="team").status_code == 422


def test_a_photograph_of_people_needs_their_consent_and_nothing_typed_is_lost():
    here, _, people, _ = house()
    photo = {"name": "site.jpg", "content": tagged("JPEG"), "shows_people": "on", "title": "The site"}
    refused = send(people[Role.ADVISER], here, **photo)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "needs their consent" in page and 'value="The site"' in page
    assert send(people[Role.ADVISER], here, **photo, has_consent="on").status_code == 302
    kept = Document.objects.get()
    assert kept.shows_people and b"A camera" not in kept.file.read()
    kept.file.close()


def test_a_bad_file_is_refused_at_its_field():
    here, _, people, _ = house()
    refused = send(people[Role.ADVISER], here, name="map.svg", content=b"<svg/>")
    assert refused.status_code == 422 and "SVG drawings can carry scripts" in refused.content.decode()
    assert "file is empty" in send(people[Role.ADVISER], here, content=b"").content.decode()
    assert not Document.objects.exists()


def test_of_a_milestone_of_this_engagement_only():
    here, there, people, _ = house()
    mine, theirs = MilestoneFactory(engagement=here), MilestoneFactory(engagement=there)
    assert send(people[Role.ADVISER], here, f"?milestone={mine.pk}").status_code == 302
    assert Document.objects.get().milestone == mine
    for pk in (theirs.pk, 999_999, "x"):
        assert send(people[Role.ADVISER], here, f"?milestone={pk}").status_code == 404


def test_archived_by_who_brought_it_or_leads_with_a_reason():
    here, _, people, _ = house()
    made = bring(here, people[Role.CITY_STAFF])
    url = f"/documents/{made.pk}/archive/"
    found = {role: as_(person).get(url).status_code for role, person in people.items()}
    assert found == {
        Role.LEAD: 200,
        Role.ADVISER: 403,
        Role.EXPERT: 403,
        Role.CITY_STAFF: 200,
        Role.LOCAL_PARTNER: 404,
        Role.FUNDER: 404,
    }
    sent = {"why": "Replaced", "version": made.version, "submission": SUBMISSION}
    assert as_(people[Role.CITY_STAFF]).post(url, sent).status_code == 302
    assert as_(people[Role.LEAD]).get(url).status_code == 404


def test_lists_cost_the_same_for_two_and_for_many_and_come_in_pages():
    here, _, people, _ = house()
    client = as_(people[Role.ADVISER])
    counts = []
    for wanted in (2, 60):
        while Document.objects.count() < wanted:
            bring(here, people[Role.ADVISER], name=f"plan {Document.objects.count()}.pdf")
            add_record(engagement=here.pk, kind="note", title="N", on=NOW.date(), by=people[Role.LEAD], now=NOW)
        for noun in ("documents", "records"):
            with CaptureQueriesContext(connection) as found:
                page = client.get(f"/engagements/{here.slug}/{noun}/")
            counts.append((noun, len(found)))
            assert len(page.context[noun]) == min(wanted, 50)
    assert counts[:2] == counts[2:]
    assert len(client.get(f"/engagements/{here.slug}/documents/?page=2").context["documents"]) == 10
    assert client.get(f"/engagements/{here.slug}/documents/?page=-7x").context["number"] == 1


def test_records_are_written_by_advisers_and_leads_and_read_by_level():
    here, _, people, others = house()
    url = f"/engagements/{here.slug}/records/new/"
    assert allowed(people, url) == {Role.LEAD, Role.ADVISER}
    assert allowed(others, url) == {Role.LEAD}
    sent = {
        "kind": "meeting",
        "title": "First meeting",
        "on": "2026-11-20",
        "body": "",
        "visibility": "city",
        "attendees": [people[Role.EXPERT].pk],
        "submission": SUBMISSION,
    }
    for _ in range(2):
        assert as_(people[Role.ADVISER]).post(url, sent).status_code == 302
    (made,) = Record.objects.all()
    shown = {
        role
        for role, person in people.items()
        if "First meeting" in as_(person).get(f"/engagements/{here.slug}/records/").content.decode()
    }
    assert shown == READERS["city"]
    edit, archive = f"/records/{made.pk}/edit/", f"/records/{made.pk}/archive/"
    assert allowed(people, edit) == allowed(people, archive) == {Role.LEAD, Role.ADVISER}
    change = {"title": "Kick-off", "on": "2026-11-20", "body": "", "visibility": "city", "version": made.version}
    for title, status in (("Kick-off", 302), ("Start", 409)):
        sent = change | {"title": title, "submission": SUBMISSION}
        assert as_(people[Role.LEAD]).post(edit, sent).status_code == status
    made.refresh_from_db()
    sent = {"why": "Twice", "version": made.version, "submission": SUBMISSION}
    assert as_(people[Role.LEAD]).post(archive, sent).status_code == 302
    assert as_(people[Role.LEAD]).get(edit).status_code == 404

"""The quick log: what is due is chosen already, one line saves it, nothing typed is lost, the next one is offered."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from engagements.milestones.actions.progress import log_progress
from engagements.models import Document, Milestone, ProgressEntry
from engagements.permissions import Role
from tests.factories.engagements import NOW, TODAY, MilestoneFactory, UserFactory, everybody, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path
    here, there = pair()
    return here, there, everybody(here)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(page, **typed) -> dict:
    """What a browser would send of the page's form."""
    chosen, form = page.context["chosen"], page.context["form"]
    return {
        "milestone": chosen.pk,
        "status": form["status"].value(),
        "submission": str(form["submission"].value()),
        "version": chosen.version,
        "version_of": chosen.pk,
    } | typed


def test_the_most_due_of_ones_own_is_chosen_and_the_next_is_offered(work):
    here, _, people = work
    adviser = people[Role.ADVISER]
    MilestoneFactory(engagement=here, due_on=TODAY - timedelta(40), title="Of a colleague")
    first = MilestoneFactory(engagement=here, owner=adviser, due_on=TODAY - timedelta(3), title="Mine, late")
    then = MilestoneFactory(engagement=here, owner=adviser, due_on=TODAY + timedelta(3), title="Mine, soon")
    MilestoneFactory(engagement=here, owner=adviser, due_on=TODAY - timedelta(9), status="done", done_on=TODAY)
    client = client_of(adviser)
    page = client.get("/log/")
    assert page.context["chosen"].pk == first.pk and page.context["form"]["status"].value() == "in_progress"
    answer = client.post("/log/", sent(page, line="Met the mayor"), follow=True)
    first.refresh_from_db()
    entry = ProgressEntry.objects.get()
    assert (entry.line, entry.by, first.status) == ("Met the mayor", adviser, "in_progress")
    assert answer.context["chosen"].pk == then.pk and "Saved." in answer.content.decode()
    assert client.get(f"/log/?milestone={first.pk}").context["chosen"].pk == first.pk


def test_a_double_click_makes_one_line(work):
    here, _, people = work
    MilestoneFactory(engagement=here)
    client = client_of(people[Role.EXPERT])
    typed = sent(client.get("/log/"), line="Once")
    assert {client.post("/log/", typed).status_code for _ in range(2)} == {302}
    assert ProgressEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"line": " "}, "Write what happened in one sentence."),
        ({"line": "x" * 20_001}, "20000 characters"),
        ({"line": "Kept words", "status": ""}, "Choose where it stands now."),
        ({"line": "Kept words", "status": "cancelled"}, "is for others to decide"),
        ({"line": "Kept words", "status": "planned"}, "go from"),
        ({"line": "Kept words", "submission": "x"}, "Nothing was saved"),
        ({"line": "Kept words", "version": 99}, "exist yet"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(work, typed, words):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, status="in_progress", started_on=TODAY)
    client = client_of(people[Role.EXPERT])
    answer = client.post("/log/", sent(client.get("/log/"), **typed))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page.replace("&#x27;", "’") and ProgressEntry.objects.count() == 0
    assert typed["line"].strip() in page and answer.context["chosen"].pk == milestone.pk


def test_of_three_thousand_characters_none_is_lost(work):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here)
    client = client_of(people[Role.ADVISER])
    told = "The lawyer read the agreement and asked for two changes. " * 55
    assert client.post("/log/", sent(client.get("/log/"), line=told)).status_code == 302
    entry = ProgressEntry.objects.get()
    assert len(entry.line) <= 500 and entry.line.endswith(".") and f"{entry.line} {entry.note}" == told.strip()
    assert entry.note[-200:] in client.get(f"/milestones/{milestone.pk}/").content.decode()


def test_a_status_somebody_else_changed_meanwhile_shows_both_and_can_still_be_saved(work):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, status="in_progress", started_on=TODAY)
    client = client_of(people[Role.ADVISER])
    typed = sent(client.get("/log/"), line="Goes well", status="at_risk")
    log_progress(milestone=milestone.pk, status="blocked", line="No data", by=people[Role.CITY_STAFF], now=NOW)
    answer = client.post("/log/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409 and all(
        words in page for words in ("In progress", "Blocked", "At risk", "Goes well")
    )
    again = dict(answer.context["typed"]) | {"version": answer.context["version"]}
    assert client.post("/log/", again).status_code == 302
    milestone.refresh_from_db()
    assert milestone.status == "at_risk" and ProgressEntry.objects.count() == 2


def test_another_milestone_may_be_chosen_without_scripts(work):
    here, _, people = work
    MilestoneFactory(engagement=here, due_on=TODAY)
    other = MilestoneFactory(engagement=here, due_on=TODAY + timedelta(5))
    other.title = "Changed since"
    other.save()
    client = client_of(people[Role.ADVISER])
    typed = sent(client.get("/log/"), line="For the other", milestone=other.pk)
    assert client.post("/log/", typed).status_code == 302
    assert ProgressEntry.objects.get().milestone == other


@pytest.mark.parametrize("role", [Role.LOCAL_PARTNER, Role.FUNDER])
def test_who_may_not_log_has_nothing_to_log_and_gets_what_is_missing(work, role):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here)
    client = client_of(people[role])
    assert "Your role can read" in client.get("/log/").content.decode()
    assert client.get(f"/log/?milestone={milestone.pk}").status_code == 404
    typed = {"milestone": milestone.pk, "status": "in_progress", "line": "x", "submission": uuid4()}
    assert (
        client.post("/log/", typed).status_code == client.post("/log/", typed | {"milestone": 10**9}).status_code == 404
    )
    assert ProgressEntry.objects.count() == 0


def test_another_citys_milestone_is_not_there_for_an_adviser(work):
    here, there, people = work
    MilestoneFactory(engagement=here)
    foreign = MilestoneFactory(engagement=there)
    client = client_of(people[Role.ADVISER])
    assert client.get(f"/log/?milestone={foreign.pk}").status_code == 404
    assert client.post("/log/", sent(client.get("/log/"), line="x", milestone=foreign.pk)).status_code == 404
    assert client_of(UserFactory()).get("/log/").status_code == 200


def photo() -> SimpleUploadedFile:
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    Image.new("RGB", (40, 30), "green").save(stream, "JPEG", exif=exif)
    return SimpleUploadedFile("visit.jpg", stream.getvalue(), "image/jpeg")


def test_a_photo_is_kept_for_the_team_without_its_metadata_and_people_need_consent(work):
    here, _, people = work
    MilestoneFactory(engagement=here)
    client = client_of(people[Role.ADVISER])
    typed = sent(client.get("/log/"), line="The first visit")
    refused = client.post("/log/", typed | {"file": photo(), "shows_people": "on"})
    assert refused.status_code == 422 and "needs their consent" in refused.content.decode()
    assert Document.objects.count() == ProgressEntry.objects.count() == 0
    assert client.post("/log/", typed | {"file": photo(), "shows_people": "on", "has_consent": "on"}).status_code == 302
    document = Document.objects.get()
    assert (document.visibility, document.shows_people, document.has_consent) == ("team", True, True)
    with document.file.open() as kept:
        assert b"SECRET CAMERA" not in kept.read()
    assert ProgressEntry.objects.get().document == document


def test_a_lying_file_is_refused_at_its_field_and_no_line_is_written(work):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here)
    client = client_of(people[Role.ADVISER])
    lying = SimpleUploadedFile("visit.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = client.post("/log/", sent(client.get("/log/"), line="Kept", file=lying))
    assert answer.status_code == 422 and "file" in answer.context["form"].errors and "Kept" in answer.content.decode()
    assert ProgressEntry.objects.count() == 0 and Milestone.objects.get(pk=milestone.pk).status == "planned"


def test_the_choices_are_few_whatever_there_is(work):
    here, _, people = work
    Milestone.objects.bulk_create(
        Milestone(engagement=here, title=f"Step {n}", stage="field", due_on=TODAY + timedelta(n)) for n in range(90)
    )
    last = Milestone.objects.order_by("-due_on").first()
    client = client_of(people[Role.ADVISER])
    assert len(client.get("/log/").context["choices"]) == 40
    page = client.get(f"/log/?milestone={last.pk}")
    assert len(page.context["choices"]) == 41 and page.context["chosen"].pk == last.pk

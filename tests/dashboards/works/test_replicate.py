"""The replication guide of a published pilot, its PDF, and the draft that starts from its plan; rows with a pilot."""

import pytest
from django.test import Client

from engagements.models import Pilot
from engagements.permissions import Role
from engagements.pilots.queries.works import beside_of
from engagements.pilots.rules.beside import Beside
from tests.engagements.discussion.discussion import SUBMISSION, as_
from tests.engagements.pilots.worked_pilot import COLUMNS, analyze, make_worked, publish
from tests.factories.engagements import EngagementFactory, UserFactory, everybody

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked():
    found = make_worked()
    analyze(found)
    publish(found)
    return found


def test_a_row_leads_to_its_pilot_with_its_smallest_worthwhile_effect(worked):
    page = Client().get("/what-works/").content.decode()
    assert f'<a href="/pilots/{worked.pilot.pk}/">' in page and f"/pilots/{worked.pilot.pk}/replicate/" in page
    assert "m-worth" in page and "tag-verdict tag-done" in page
    file = Client().get("/what-works/export.csv").content.decode("utf-8-sig").splitlines()
    row = dict(zip(file[0].split(","), file[1].split(","), strict=False))
    assert row["pilot"] == str(worked.pilot.pk)


def test_the_guide_says_all_of_it_to_a_stranger_and_names_nobody(worked):
    answer = Client().get(f"/pilots/{worked.pilot.pk}/replicate/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "A coach for three months.",
        "Adults on the waiting list",
        "No cost was recorded",
        "Randomized by person.",
        "had_job",
        "residents in all groups",
        "Results here may not repeat elsewhere",
    ):
        assert words in page, words
    assert "Sam Stopper" not in page and "555-0100" not in page and "Create a draft pilot" not in page


def test_the_guide_is_a_pdf(worked):
    answer = Client().get(f"/pilots/{worked.pilot.pk}/replicate.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert Client().get(f"/pilots/{worked.pilot.pk}/replicate.pdf?page=2").status_code == 400


def test_before_its_verdict_is_public_there_is_no_guide():
    found = make_worked()
    analyze(found)
    for client in (Client(), as_(found.desk.lead)):
        for end in ("replicate/", "replicate.pdf"):
            assert client.get(f"/pilots/{found.pilot.pk}/{end}").status_code == 404


def test_another_city_starts_from_the_plan_in_one_click(worked):
    there = EngagementFactory()
    people = everybody(there)
    client = as_(people[Role.CITY_STAFF])
    page = client.get(f"/pilots/{worked.pilot.pk}/replicate/").content.decode()
    assert there.slug in page and worked.desk.city.slug not in page.split("start-title")[1].split("</form>")[0]
    sent = {"home": there.slug, "submission": SUBMISSION}
    answers = [client.post(f"/pilots/{worked.pilot.pk}/copy/", sent) for _ in range(2)]  # the second click
    made = Pilot.objects.get(engagement=there)
    assert {one.url for one in answers} == {f"/pilots/{made.pk}/registration/edit/"}
    assert made.state == "draft" and made.copied_from_id == worked.pilot.pk
    assert made.draft["design"] == "people" and made.draft["smallest_worthwhile"] == 4.0
    assert not made.draft.get("starts_on") and not made.draft.get("cities")
    assert not made.draft.get("human_subjects", {}).get("determination")


def test_nobody_starts_a_pilot_where_they_may_not_write(worked):
    there = EngagementFactory()
    people = everybody(there)
    url, sent = f"/pilots/{worked.pilot.pk}/copy/", {"home": there.slug, "submission": SUBMISSION}
    assert Client().post(url, sent).status_code == 401
    assert as_(UserFactory()).post(url, sent).status_code == 404
    assert as_(people[Role.FUNDER]).post(url, sent).status_code == 404
    other = as_(everybody(EngagementFactory())[Role.ADVISER]).post(url, sent)
    assert other.status_code == 422 and "Nothing was saved." in other.content.decode()
    assert not Pilot.objects.filter(engagement=there).exists()


def test_two_tests_of_one_outcome_stand_beside_each_other(worked, django_user_model):
    second = make_worked(columns=COLUMNS | {"total": [792, 811]})
    analyze(second)
    row = publish(second)
    found = beside_of(worked.desk.lead, row.pk)
    assert isinstance(found, Beside) and found.rows[0].is_this and len(found.rows) == 2 and found.worthwhile == 4.0
    assert beside_of(Client().get("/").wsgi_request.user, row.pk) == found

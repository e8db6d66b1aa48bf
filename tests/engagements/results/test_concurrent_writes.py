"""Two people at the same time, on two connections: one of two equal results or projects is refused at its field."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from engagements.models import Project, Result
from engagements.results.actions.projects import add_project, change_project
from engagements.results.actions.results import add_result, change_result
from engagements.results.records import ProjectFields
from tests.factories.engagements import NOW
from tests.factories.results import Desk, make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def both_at_once(*deeds):
    """What each of the two gave back or raised, begun at the same moment on a connection of its own."""
    together = Barrier(len(deeds))

    def run(deed):
        try:
            together.wait(10)
            return deed()
        except ValidationError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def only_one_at(found, field):
    (refused,) = [one for one in found if isinstance(one, ValidationError)]
    assert list(refused.message_dict) == [field]


@pytest.mark.parametrize("turn", range(3))
def test_two_edits_that_make_one_result_twice(desk, turn):
    rows = [desk.draft(finding=f"that group {n} had a job", effect=None, low=None, high=None, level=None,
                       size_in_words="more", size_source="The report") for n in (1, 2)]  # fmt: skip
    wanted = {"finding": "that more had a job"}
    found = both_at_once(
        *(
            lambda row=row: change_result(
                pk=row.pk, changes=wanted, expected_version=row.version, by=desk.adviser, now=NOW
            )
            for row in rows
        )
    )
    only_one_at(found, "finding")
    assert Result.objects.filter(finding=wanted["finding"]).count() == 1


def test_an_edit_and_a_new_result_that_are_one(desk):
    row = desk.draft(finding="that fewer had a job")
    new = desk.fields(finding="that more had a job")
    found = both_at_once(
        lambda: change_result(
            pk=row.pk, changes={"finding": new.finding}, expected_version=row.version, by=desk.staff, now=NOW
        ),
        lambda: add_result(engagement=desk.city.pk, fields=new, by=desk.adviser, now=NOW),
    )
    only_one_at(found, "finding")


def test_two_projects_of_one_name(desk):
    rows = [add_project(engagement=desk.city.pk, fields=ProjectFields(name), by=desk.adviser, now=NOW) for name in "AB"]
    found = both_at_once(
        lambda: change_project(
            pk=rows[0].pk, changes={"title": "Help"}, expected_version=rows[0].version, by=desk.staff, now=NOW
        ),
        lambda: change_project(
            pk=rows[1].pk, changes={"title": "help"}, expected_version=rows[1].version, by=desk.adviser, now=NOW
        ),
        lambda: add_project(engagement=desk.city.pk, fields=ProjectFields("HELP"), by=desk.lead, now=NOW),
    )
    assert len([one for one in found if isinstance(one, ValidationError) and "title" in one.message_dict]) == 2
    assert Project.objects.filter(title__iexact="help").count() == 1


def test_by_api_the_second_reads_why_at_the_field(desk):
    rows = [desk.draft(finding=f"that {word} had a job") for word in ("many", "few")]

    def send(row):
        client = Client()
        client.force_login(desk.adviser)
        body = {"version": row.version, "finding": "that more had a job"}
        return client.patch(f"/api/v1/results/{row.pk}/", body, content_type="application/json")

    found = both_at_once(*(lambda row=row: send(row) for row in rows))
    assert sorted(answer.status_code for answer in found) == [200, 400]
    assert "finding" in str(next(answer for answer in found if answer.status_code == 400).json())

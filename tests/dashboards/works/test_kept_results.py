"""What is read once for everybody is read again as soon as something public changed; nobody reads another's part."""

import pytest
from django.test import Client

from dashboards.works.studies import studies
from engagements.evidence.actions import add_evidence, review_evidence
from engagements.evidence.queries import EvidenceFilter
from engagements.permissions import Role
from engagements.pilots.queries.works import _kept
from engagements.reviews.rules.checklists import all_yes
from tests.engagements.discussion.discussion import as_
from tests.engagements.seeds.test_evidence_library import GOOD
from tests.factories.engagements import NOW, CityFactory, EngagementFactory, everybody
from tests.factories.results import make_desk

pytestmark = pytest.mark.django_db(transaction=True)
OWN = {"own_data": "Our survey", "verdict": "worked"}
WRITTEN = GOOD.intervention


def rows(client: Client) -> int:
    return client.get("/what-works/?q=coaching").content.decode().count('<tr class="finding-row">')


def test_a_new_result_is_there_at_once_and_nothing_is_read_twice():
    _kept.cache_clear()
    desk, client = make_desk(), Client()
    desk.published(**OWN)
    assert [rows(client), rows(client)] == [1, 1] and _kept.cache_info().hits == 1
    gone = desk.published(**OWN, outcome="Rent paid")
    assert rows(client) == 2
    desk.move(gone, "retracted", desk.expert, why="Wrong")
    assert rows(client) == 1


def test_a_row_that_is_drawn_once_leads_each_reader_where_they_may_go():
    desk = make_desk()
    desk.published(**OWN)
    money = f"/engagements/{desk.city.slug}/money/entries/"
    for _ in range(2):
        assert money in as_(desk.lead).get("/what-works/").content.decode()
        assert money not in as_(make_desk().staff).get("/what-works/").content.decode()


def test_studies_are_kept_for_everybody_and_drafts_only_shown_to_who_writes_them():
    people = everybody(EngagementFactory(city=CityFactory(slug="tulsa", name="Tulsa")))
    row = add_evidence(fields=GOOD, by=people[Role.EXPERT], now=NOW)
    reader, writer = as_(people[Role.FUNDER]), as_(people[Role.EXPERT])

    def shown() -> list[bool]:
        return [WRITTEN in one.get("/what-works/?show=studies").content.decode() for one in (reader, writer, reader)]

    assert shown() == [False, True, False]
    review_evidence(
        key=row.key,
        status="reviewed",
        expected_version=row.version,
        by=people[Role.LEAD],
        now=NOW,
        answers=all_yes("evidence"),
    )
    assert shown() == [True, True, True]
    reads = [studies(people[role], EvidenceFilter(), {}, writes=True) for role in (Role.EXPERT, Role.LEAD)]
    assert reads[0] is reads[1]

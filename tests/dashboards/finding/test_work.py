"""What people wrote, on the search page, in its suggestions and in the API."""

import pytest
from django.test import Client

from engagements import models
from engagements.finding.actions.index import learn_words
from engagements.permissions import Role
from tests.factories.engagements import NOW, CommentFactory, EngagementFactory, MilestoneFactory, everybody
from tests.factories.plans import EvidenceFactory

pytestmark = pytest.mark.django_db
OURS = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def work():
    engagement = EngagementFactory()
    people = everybody(engagement)
    for number in range(7):
        MilestoneFactory(engagement=engagement, title=f"Landlord survey {number}")
    CommentFactory(engagement=engagement, author=people[Role.LEAD], body="Ask the <b>landlord</b> again in May.")
    EvidenceFactory(key="landlords", intervention="Letters to landlords")
    learn_words(now=NOW)
    return engagement, people


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_groups_what_was_found_and_shows_its_words_in_context(work):
    _, people = work
    answer = signed_in(people[Role.LEAD]).get("/search/", {"q": "landlord"})
    page = answer.content.decode()
    kinds = [group.kind for group in answer.context["found"].groups]
    assert kinds == ["milestone", "evidence", "comment"]
    assert page.count("<mark>Landlord</mark> survey") == 5 and "&lt;b&gt;<mark>landlord</mark>&lt;/b&gt;" in page
    assert 'href="/search/?q=landlord&amp;kind=milestone"' in page and "no-store" in answer["Cache-Control"]


def test_one_kind_is_listed_further(work):
    _, people = work
    page = signed_in(people[Role.LEAD]).get("/search/", {"q": "landlord", "kind": "milestone"}).content.decode()
    assert page.count("<mark>Landlord</mark> survey") == 7 and "/evidence/landlords/" not in page
    assert 'href="/search/?q=landlord"' in page


def test_a_stranger_finds_what_is_public(work, client):
    page = client.get("/search/", {"q": "landlord"}).content.decode()
    assert 'href="/evidence/landlords/"' in page and "survey" not in page.split("<main")[1]


def test_suggestions_name_their_kind_and_show_the_text_where_the_title_says_nothing(work):
    _, people = work
    shown = signed_in(people[Role.LEAD]).post("/search/suggestions/", {"q": "landl"}, **OURS).json()["suggestions"]
    assert len(shown) <= 10 and len({one["kind"] for one in shown}) == 3
    comment = next(one for one in shown if one["address"].startswith("/comments/"))
    assert "<b>landlord</b> again" in comment["text"] and "text" not in shown[0]


def test_a_misspelled_word_is_answered_with_what_is_close(work):
    _, people = work
    answer = signed_in(people[Role.FUNDER]).get("/search/", {"q": "lanldord"})
    group = answer.context["found"].groups[0]
    assert group.kind == "milestone" and group.is_similar


@pytest.mark.parametrize(
    "typed", ["x" * 230, "l", "%", "%%", "\x00", "a\x00b", "مرحبا بالعالم", "\u202eabc", "' OR 1=1 --", "\\", "????"]
)
@pytest.mark.parametrize("who", ["lead", "stranger"])
def test_whatever_is_typed_is_answered_with_a_sentence(work, client, typed, who):
    reader = signed_in(work[1][Role.LEAD]) if who == "lead" else client
    answer = reader.get("/search/", {"q": typed})
    said = answer.content.decode().split("<main")[1]
    assert answer.status_code == 200 and (
        'class="message"' in said or 'class="empty"' in said or "section-note" in said
    )
    assert reader.post("/search/suggestions/", {"q": typed}, **OURS).json() == {"suggestions": []}


def test_an_address_is_looked_up_and_what_was_written_of_it_is_found_too(work, settings):
    engagement, people = work
    MilestoneFactory(engagement=engagement, title="2 Elm Street opens")
    page = signed_in(people[Role.LEAD]).get("/search/", {"q": "2 Elm Street"}).content.decode()
    assert "U.S. Census Bureau" in page and "opens" in page


def test_the_api_answers_as_the_page_does(work):
    _, people = work
    reader = signed_in(people[Role.FUNDER])
    found = reader.get("/api/v1/search/", {"q": "landlord"}).json()
    assert [group["kind"] for group in found["groups"]] == ["milestone", "evidence"] and found["messages"] == []
    milestones = found["groups"][0]
    assert milestones["has_more"] and len(milestones["hits"]) == 5
    first = milestones["hits"][0]
    assert reader.get(first["path"]).status_code == 200
    alone = reader.get("/api/v1/search/", {"q": "landlord", "kind": "milestone"}).json()
    assert len(alone["groups"][0]["hits"]) == 7
    for wrong in ({}, {"q": "landlord", "kind": "nothing"}, {"q": "x" * 101}, {"q": "a\x00"}, {"words": "x"}):
        assert reader.get("/api/v1/search/", wrong).status_code == 400, wrong


def test_every_hit_opens_for_who_found_it(work):
    engagement, people = work
    models.LocalNote.objects.create(
        city=engagement.city, began_on="2020-01-01", body="A landlord left", source="A book", created_at=NOW
    )
    for role, user in people.items():
        reader = signed_in(user)
        for group in reader.get("/api/v1/search/", {"q": "landlord"}).json()["groups"]:
            for hit in group["hits"]:
                if group["kind"] != "note":  # a city of a test has no map
                    assert reader.get(hit["path"]).status_code in (200, 302), (role, hit)

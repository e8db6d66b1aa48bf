"""Lists, an engagement, a milestone, the history: for each role what the table of permissions says."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.milestones.actions.milestones import change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.models import Milestone, Participation
from engagements.permissions import (
    APPROVE_MILESTONE,
    EDIT_MILESTONE,
    ELSEWHERE,
    INITIATIVE_ROLES,
    LOG_PROGRESS,
    PERMISSIONS,
    VIEW_PUBLISHED,
    VIEW_TEAM,
    Role,
)
from tests.factories.engagements import NOW, TODAY, MilestoneFactory, UserFactory, everybody, make_many, pair

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words_of(answer) -> str:
    """The page without the token that differs in each."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


@pytest.fixture
def work():
    here, there = pair()
    Participation.objects.create(engagement=here, status="active", began_on=TODAY, source="a test")
    return here, there, everybody(here)


def addresses(engagement, milestone) -> dict[str, str]:
    """Which permission each page needs."""
    at = f"/engagements/{engagement.slug}/"
    return {
        at: VIEW_PUBLISHED,
        f"{at}history/": VIEW_PUBLISHED,
        f"{at}call/": VIEW_TEAM,
        f"{at}milestones/": VIEW_PUBLISHED,
        f"{at}milestones/?view=timeline": VIEW_PUBLISHED,
        f"{at}milestones/add/": EDIT_MILESTONE,
        f"{at}milestones/template/": EDIT_MILESTONE,
        f"/milestones/{milestone.pk}/": VIEW_PUBLISHED,
        f"/milestones/{milestone.pk}/edit/": EDIT_MILESTONE,
        f"/log/?milestone={milestone.pk}": LOG_PROGRESS,
    }


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reads_what_the_table_says_in_its_own_city_and_in_another(work, role):
    here, there, people = work
    client = client_of(people[role])
    elsewhere = PERMISSIONS[role] if role in INITIATIVE_ROLES else ELSEWHERE.get(role, frozenset())
    for engagement, held in ((here, PERMISSIONS[role]), (there, elsewhere)):
        for url, permission in addresses(engagement, MilestoneFactory(engagement=engagement)).items():
            assert client.get(url).status_code == (200 if permission in held else 404), (role, url)


WRITES = {
    "review/": (APPROVE_MILESTONE, {"status": "done", "line": "Seen"}),
    "archive/": (EDIT_MILESTONE, {"why": "Not needed"}),
    "restore/": (EDIT_MILESTONE, {}),
    "dependency/": (EDIT_MILESTONE, {"act": "add"}),
    "edit/": (EDIT_MILESTONE, {"title": "Other"}),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("end", WRITES)
def test_others_things_answer_a_post_as_missing_ones_do(work, role, end):
    here, there, people = work
    permission, sent = WRITES[end]
    for engagement in (here, there):
        client = client_of(people[role])
        milestone = MilestoneFactory(engagement=engagement)
        own = engagement is here or role in INITIATIVE_ROLES
        answer = client.post(f"/milestones/{milestone.pk}/{end}", sent)
        if own and permission in PERMISSIONS[role]:
            assert answer.status_code in (302, 422)
        else:
            missing = client.post(f"/milestones/{10**9}/{end}", sent)
            assert (answer.status_code, words_of(answer)) == (404, words_of(missing))
            milestone.refresh_from_db()
            assert milestone.version == 1


def test_funders_and_partners_read_no_internal_word(work):
    here, _, people = work
    milestone = MilestoneFactory(
        engagement=here, owner=people[Role.ADVISER], acceptance_evidence="Secret minutes", title="Agree on data"
    )
    log_progress(milestone=milestone.pk, status="blocked", line="The lawyer is ill", by=people[Role.ADVISER], now=NOW)
    change_milestone(
        milestone=milestone.pk,
        changes={"due_on": TODAY},
        expected_version=2,
        slip_reason="legal",
        slip_words="A strike",
        by=people[Role.LEAD],
        now=NOW,
    )
    urls = [url for url, permission in addresses(here, milestone).items() if permission == VIEW_PUBLISHED]
    hidden = ("Secret minutes", "The lawyer is ill", "A strike")
    team = "".join(client_of(people[Role.CITY_STAFF]).get(url).content.decode() for url in urls)
    assert all(words in team for words in hidden)
    for role in (Role.FUNDER, Role.LOCAL_PARTNER):
        for url in (*urls, "/", "/engagements/", "/milestones/", "/todo/"):
            page = client_of(people[role]).get(url).content.decode()
            assert not [words for words in hidden if words in page], (role, url)
        assert "Blocked" in "".join(client_of(people[role]).get(url).content.decode() for url in urls)
    funder = "".join(client_of(people[Role.FUNDER]).get(url).content.decode() for url in urls)
    assert "Blocked" in funder and people[Role.ADVISER].email not in funder and "Owner" not in funder


LISTS = ("engagements", "milestones", "comments", "documents", "activity", "requests", "updates")


def test_every_list_costs_the_same_statements_for_2_and_2000_milestones():
    (few, people), (many, crowd) = make_many(2, 2, 20), make_many(2, 2_000, 200)

    def cost(role, user, engagement) -> dict[str, int]:
        client, found = client_of(user), {}
        milestone = Milestone.objects.filter(engagement=engagement).first()
        paths = (
            "todo/",
            "log/" if role != Role.FUNDER else "todo/",
            "engagements/",
            "milestones/",
            "requests/",
            *(f"api/v1/{name}/" for name in LISTS),
        )
        own = (
            "",
            "milestones/",
            "milestones/?view=timeline",
            "milestones/?late=on&order=stage",
            "history/",
            "documents/",
            "records/",
            "updates/",
            "people/",
            *(("call/",) if role != Role.FUNDER else ()),
        )
        for name, url in (
            *((path, f"/{path}") for path in paths),
            *((f"one {path}", f"/engagements/{engagement.slug}/{path}") for path in own),
            ("milestone", f"/milestones/{milestone.pk}/"),
        ):
            client.get(url)  # what the cities' own pages remember is not counted
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200, url
            found[name] = len(seen)
        return found

    for role in (Role.LEAD, Role.ADVISER, Role.FUNDER):
        assert cost(role, people[role], few[0]) == cost(role, crowd[role], many[0]), role


def test_a_list_is_paged_and_filtered_and_says_how_many(work):
    here, _, people = work
    Milestone.objects.bulk_create(
        Milestone(engagement=here, title=f"Step {n:03d}", stage=("scoping", "field")[n % 2], due_on=TODAY)
        for n in range(120)
    )
    client = client_of(people[Role.FUNDER])
    at = f"/engagements/{here.slug}/milestones/"
    first = client.get(at).content.decode()
    assert "1 to 50 of 120 milestones" in first and "Step 049" in first and "Step 050" not in first
    last = client.get(f"{at}?page=3").content.decode()
    assert "101 to 120 of 120" in last and "Step 119" in last
    assert "60 milestones" in client.get(f"{at}?stage=field&page=1").content.decode().replace("1 to 50 of ", "")
    assert "No milestones match this filter" in client.get(f"{at}?q=nothing").content.decode()
    assert client.get(f"{at}?page=0").status_code == client.get(f"{at}?page=x").status_code == 404
    assert "Write the date as 2026-11-23" in client.get(f"{at}?due_from=yesterday").content.decode()


def test_the_history_says_who_what_when_before_after_and_why_and_is_paged(work):
    here, _, people = work
    milestone = MilestoneFactory(engagement=here, title="Scope")
    change_milestone(
        milestone=milestone.pk,
        changes={"owner": people[Role.ADVISER].pk, "due_on": TODAY},
        expected_version=1,
        slip_reason="data",
        by=people[Role.LEAD],
        now=NOW,
        why="The register came late",
    )
    client, at = client_of(people[Role.CITY_STAFF]), f"/engagements/{here.slug}/history/"
    page = client.get(f"{at}?noun=milestone").content.decode()
    for words in (
        str(people[Role.LEAD]),
        "changed",
        "The register came late",
        "from Dec 15 to Nov 23, 2026",
        str(people[Role.ADVISER]),
    ):
        assert words in page
    Milestone.objects.bulk_create(
        Milestone(engagement=here, title=f"Step {n:03d}", stage="field", due_on=TODAY) for n in range(70)
    )
    seen, url = [], f"{at}?noun=milestone"
    while url:
        page = client.get(url)
        seen += [(entry.at, entry.event) for entry in page.context["entries"]]
        older = page.context["older"]
        url = f"{at}?noun=milestone&before={older.replace('+', '%2B')}" if older else ""
    assert len(seen) == len(set(seen)) == 72 and seen == sorted(seen, reverse=True)
    for broken in ("x", "2026-01-01,1", "2026-13-01T00:00:00Z,1", "2026-01-01T00:00:00Z,x"):
        assert client.get(f"{at}?before={broken}").status_code == 200
    funder = client_of(people[Role.FUNDER]).get(at).content.decode()
    assert "Scope" not in funder and "status of the engagement" in funder


def test_home_is_what_each_came_for_and_strangers_read_the_cities(work, client):
    here, _, people = work
    MilestoneFactory(engagement=here, owner=people[Role.ADVISER], title="Meet the team", due_on=TODAY)
    assert client.get("/").status_code == 200
    assert client_of(UserFactory()).get("/").status_code == 200
    homes = {role: client_of(person).get("/").url for role, person in people.items()}
    assert homes == {role: "/portfolio/" if role == Role.FUNDER else "/todo/" for role in people}
    adviser = client_of(people[Role.ADVISER]).get("/todo/").content.decode()
    assert "Meet the team" in adviser and "/log/?milestone=" in adviser and "/log/?kind=hours" in adviser
    assert f"/engagements/{here.slug}/" in adviser
    assert "/log/" not in client_of(people[Role.FUNDER]).get("/todo/").content.decode()


def test_a_city_page_leads_to_its_engagement_where_one_may_see_it(work):
    here, there, people = work
    for user, engagement, leads in (
        (people[Role.LOCAL_PARTNER], here, True),
        (people[Role.LOCAL_PARTNER], there, False),
        (people[Role.FUNDER], there, True),
        (UserFactory(), here, False),
    ):
        page = client_of(user).get(f"/cities/{engagement.city.slug}/").content.decode()
        assert (f"/engagements/{engagement.slug}/" in page) == leads

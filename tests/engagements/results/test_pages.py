"""Pages of results in every role: who opens what, forms that lose nothing, the way of a result to the public."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from engagements import limits
from engagements.models import EvidenceRow, Project, ReplyRequest, Result, User
from engagements.permissions import Role
from tests.factories.engagements import EngagementFactory, UserFactory, member
from tests.factories.results import Desk, make_desk
from tests.factories.reviews import answers


@pytest.fixture
def desk(db) -> Desk:
    return make_desk()


WHO = ("stranger", "nobody", "elsewhere", *(role.value for role in Role))
# Who gets a page (200) of those above; everybody else the status beside it.
TEAM = {"lead", "adviser", "expert", "city_staff"}
WRITERS = {"lead", "adviser", "city_staff"}
INSIDE = TEAM | {"local_partner", "funder", "elsewhere"}


@pytest.fixture
def clients(desk) -> dict[str, Client]:
    other = EngagementFactory(initiative=desk.city.initiative)
    people = {role.value: person for role, person in desk.people.items()}
    people |= {"nobody": UserFactory(), "elsewhere": member(Role.ADVISER, other)}
    made = {"stranger": Client()}
    for who, person in people.items():
        made[who] = Client()
        made[who].force_login(person)
    return made


def opened(clients, address) -> dict[str, int]:
    return {who: client.get(address).status_code for who, client in clients.items()}


def test_every_role_at_every_address(desk, clients):
    draft, public = desk.draft(finding="a draft"), desk.published()
    request = desk.ask(draft)
    slug = desk.city.slug
    expected = {
        f"/engagements/{slug}/results/": (INSIDE, 404),
        f"/engagements/{slug}/results/new/": (WRITERS, None),
        f"/engagements/{slug}/projects/new/": (WRITERS, None),
        f"/engagements/{slug}/searches/new/": (WRITERS, None),
        f"/projects/{desk.project.pk}/edit/": (WRITERS, 404),
        f"/projects/{desk.project.pk}/archive/": (WRITERS, 404),
        f"/results/{public.pk}/": (set(WHO), 404),
        f"/results/{draft.pk}/": (TEAM, 404),
        f"/results/{draft.pk}/edit/": (WRITERS, 404),
        f"/results/{draft.pk}/review/": (TEAM, 404),
        f"/results/{draft.pk}/ask/": (WRITERS, 404),
        f"/results/{draft.pk}/archive/": (WRITERS, 404),
        f"/replies/{request.pk}/": (TEAM, 404),
    }
    for address, (allowed, other) in expected.items():
        for who, status in opened(clients, address).items():
            if who in allowed:
                assert status == 200, (address, who)
            elif who == "stranger" and not address.startswith(f"/results/{draft.pk}/") or "edit" in address:
                assert status in (302, 404), (address, who)
            else:
                assert status in ({other} if other else {403, 404}) | ({302} if who == "stranger" else set()), (
                    address,
                    who,
                )


def sent(page) -> dict[str, str]:
    """Hidden fields of the page's last form, as a browser sends them."""
    form = page.content.decode().rsplit("<form", 1)[1]
    found = {}
    for tag in re.findall(r"<input[^>]+>", form):
        name = re.search(r'name="([^"]+)"', tag)
        if name and 'type="hidden"' in tag:
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = value[1] if value else ""
    return found


def test_six_fields_make_a_draft_and_nothing_typed_is_lost(desk, clients):
    address = f"/engagements/{desk.city.slug}/results/new/"
    client = clients["adviser"]
    page = client.get(address)
    first = page.content.decode().split('class="folds"')[0]
    assert (
        len(re.findall(r'<(?:input|select|textarea)(?![^>]*hidden)[^>]* name="(?!csrf)', first.rsplit("<form", 1)[1]))
        == 6
    )
    typed = sent(page) | {
        "project": desk.project.pk,
        "finding": "that more had a job",
        "outcome": "Jobs",
        "design": "description",
        "source_0_title": "Our report",
        "source_0_url": "http://example.org/report",
        "effect": "5",
        "reported_by": "The city",
        "scale": "difference",
        "wanted": "more",
        "context": "A <b>boom</b>",
    }
    again = client.post(address, typed)
    text = again.content.decode()
    assert again.status_code == 422 and not Result.objects.exists()
    assert "A &lt;b&gt;boom" in text and "that more had a job" in text
    for field in ("id_unit_error", "id_no_interval_reason_error", "id_source_0_url_error"):
        assert field in text
    good = typed | {"source_0_url": "https://example.org/report", "unit": "in 100", "no_interval_reason": "Not printed"}
    for _ in range(2):  # a second click finds what the first one made
        answer = client.post(address, good)
    row = Result.objects.get()
    assert answer.status_code == 302 and answer.url == f"/results/{row.pk}/" and row.tried == desk.project.title


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source_0_title": "", "source_0_url": ""}, "source_0_title"),
        ({"source_0_url": "http://example.org"}, "source_0_url"),
        ({"unit": ""}, "unit"),
        ({"effect": "12"}, "effect"),
        ({"effect": "five"}, "effect"),
        ({"level": ""}, "level"),
        ({"participants": "9", "arm_0_name": "A", "arm_0_number": "4", "arm_1_name": "B", "arm_1_number": "4"},
         "participants"),
        ({"verdict": "worked"}, "verdict"),
        ({"measured_from": "2019-01-01"}, "measured_from"),
        ({"reported_on": "2019-01-01", "reported_precision": "year"}, "reported_on"),
        ({"reported_on": "", "reported_precision": "month"}, "reported_on"),
        ({"size_in_words": "a lot", "size_source": "1"}, "size_source"),
        ({"finding": "that 5 more in 100 had a job"}, "finding"),
        ({"reach_number": "7"}, "reach_unit"),
        ({"project": "999999"}, "project"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_at_its_field(desk, clients, changes, field):
    desk.draft()
    client, address = clients["adviser"], f"/engagements/{desk.city.slug}/results/new/"
    typed = sent(client.get(address)) | {
        "project": desk.project.pk, "finding": "that more had a job", "outcome": "Employed after a year",
        "design": "randomized", "source_0_title": "The report", "source_0_url": "https://example.org/report",
        "effect": "5", "unit": "in 100", "low": "1", "high": "9", "level": "95", "reported_by": "The city",
        "scale": "difference", "wanted": "more", "tried": "Coaching", "context": "A boom that stays typed",
    }  # fmt: skip
    answer = client.post(address, typed | changes)
    text = answer.content.decode()
    assert answer.status_code == 422 and f'id="id_{field}_error"' in text, field
    assert "A boom that stays typed" in text and Result.objects.count() == 1


def test_any_number_of_groups_and_sources_without_a_script(desk, clients):
    client, address = clients["adviser"], f"/engagements/{desk.city.slug}/results/new/"
    typed = sent(client.get(address)) | {
        "project": desk.project.pk, "finding": "that more had a job", "outcome": "Jobs", "design": "randomized",
        "source_0_title": "A", "source_0_url": "https://example.org/a", "reported_by": "The city",
        "scale": "difference", "wanted": "more", "is_outside": "",
    }  # fmt: skip
    for wanted in range(3, 7):
        more = client.post(address, typed | {"more": "arm", "arm_0_name": "Group A"})
        text = more.content.decode()
        assert more.status_code == 200 and not Result.objects.exists()
        assert f'name="arm_{wanted - 1}_name"' in text and "Group A" in text and "that more had a job" in text
        typed |= {f"arm_{n}_name": f"Group {'ABCDEFG'[n]}" for n in range(wanted)}
    typed |= {f"source_{n}_title": f"Source {n}" for n in range(1, 8)}
    typed |= {f"source_{n}_url": f"https://example.org/{n}" for n in range(1, 8)}
    typed |= {"reported_on": "2026-03-17", "reported_precision": "month"}
    typed |= {"size_in_words": "five times", "size_source": "7"}
    wrong = client.post(address, typed | {"source_6_url": "http://example.org/6"})
    assert wrong.status_code == 422 and "id_source_6_url_error" in wrong.content.decode()
    made = client.post(address, typed)
    row = Result.objects.get()
    assert made.status_code == 302 and len(row.arms) == 6 and len(row.sources) == 8
    assert row.size_source == "Source 7" and str(row.reported_on) == "2026-03-01"
    text = client.get(made.url).content.decode()
    assert "March 2026" in text and "five times" in text and "size not published" not in text
    edited = client.get(f"/results/{row.pk}/edit/").content.decode()
    assert 'name="source_7_title"' in edited and 'name="arm_5_name"' in edited and 'value="7" selected' in edited
    changed = client.post(f"/results/{row.pk}/edit/", sent(client.get(f"/results/{row.pk}/edit/")) | typed | {
        "arm_5_name": "", "source_3_title": "", "source_3_url": ""})  # fmt: skip
    row.refresh_from_db()
    assert changed.status_code == 302 and len(row.arms) == 5 and len(row.sources) == 7


def test_rows_without_end_are_not_shown(desk, clients):
    client, address = clients["adviser"], f"/engagements/{desk.city.slug}/results/new/"
    page = client.post(address, sent(client.get(address)) | {"more": "arm", "arm_999_name": "x"})
    assert page.content.decode().count('data-row="arm"') == limits.RESULT_ARMS
    assert page.content.decode().count('name="more"') == 1


def test_the_way_to_the_public(desk, clients):
    row = desk.draft()
    ask = clients["adviser"].post(
        f"/results/{row.pk}/ask/", sent(clients["adviser"].get(f"/results/{row.pk}/ask/")) | {"contact": desk.staff.pk}
    )
    assert ask.status_code == 302
    review = f"/results/{row.pk}/review/"
    clients["adviser"].post(review, sent(clients["adviser"].get(review)) | {"status": "in_review"})
    form = sent(clients["expert"].get(review))
    ticked = answers("result")
    assert clients["expert"].post(review, form | ticked | {"status": "published"}).status_code == 422
    request = ReplyRequest.objects.get()
    page = clients["city_staff"].get(f"/replies/{request.pk}/")
    assert request.sentence in page.content.decode().replace("&#x27;", "'")
    short = clients["city_staff"].post(f"/replies/{request.pk}/", sent(page) | {"answer": "add", "reply": ""})
    assert short.status_code == 422
    clients["city_staff"].post(f"/replies/{request.pk}/", sent(page) | {"answer": "add", "reply": "300 took part."})
    half = clients["expert"].post(review, form | {"status": "published", "point_words": "yes"})
    assert (
        half.status_code == 422
        and 'name="point_words" value="yes" id="id_point_words_0" checked' in half.content.decode()
    )
    assert clients["expert"].post(review, form | ticked | {"status": "published"}).status_code == 302
    text = clients["stranger"].get(f"/results/{row.pk}/").content.decode()
    assert "300 took part." in text and "https://example.org/report" in text
    listed = clients["funder"].get(f"/engagements/{desk.city.slug}/results/").content.decode()
    assert f"/results/{row.pk}/" in listed and "300 took part." in listed


def test_two_people_see_both_versions(desk, clients):
    row = desk.draft()
    address = f"/results/{row.pk}/edit/"
    fields = {
        "project": desk.project.pk, "finding": row.finding, "outcome": row.outcome, "design": "randomized",
        "source_0_title": "The report", "source_0_url": "https://example.org/report", "effect": "5", "unit": "in 100",
        "low": "1", "high": "9", "level": "95", "tried": "Coaching", "reported_by": "The city", "scale": "difference",
        "wanted": "more", "reported_on": "2026-06-01",
    }  # fmt: skip
    mine = sent(clients["adviser"].get(address)) | fields
    theirs = sent(clients["lead"].get(address)) | fields
    assert clients["lead"].post(address, theirs | {"against": "Usual help"}).status_code == 302
    answer = clients["adviser"].post(address, mine | {"against": "No help"})
    assert answer.status_code == 409
    assert "Usual help" in answer.content.decode() and "No help" in answer.content.decode()


def test_the_page_of_a_reply_speaks_to_its_reader_and_asks_for_nothing_after_the_answer(desk, clients):
    asked = desk.ask(desk.draft(), timezone.now())
    address = f"/replies/{asked.pk}/"
    assert "You can agree, ask for a correction" in clients["city_staff"].get(address).content.decode()
    assert "The city can agree, ask for a correction" in clients["adviser"].get(address).content.decode()
    form = sent(clients["city_staff"].get(address)) | {"answer": "agree"}
    assert clients["city_staff"].post(address, form).status_code == 302
    for who in ("city_staff", "adviser"):
        assert "can agree, ask for a correction" not in clients[who].get(address).content.decode()


def test_who_writes_down_an_organizations_reply_is_asked_how_it_came(desk, clients):
    asked = desk.ask_an_organization(desk.draft(), timezone.now())
    address = f"/replies/{asked.pk}/"
    page = clients["adviser"].get(address)
    text = page.content.decode()
    assert "A Partner can agree, ask for a correction" in text and "Write down its reply here" in text
    assert "Save reply" in text and "Its reply" in text and page.context["form"]["received_how"].field.required
    missing = clients["adviser"].post(address, sent(page) | {"answer": "agree"})
    assert missing.status_code == 422
    asked.refresh_from_db()
    assert not asked.answer


def test_the_form_of_a_search_names_whoever_searched_and_never_by_email(desk, clients):
    """What it says is published. Who has no name types one."""
    for name in ("Ann Ames", ""):
        User.objects.filter(pk=desk.people[Role.ADVISER].pk).update(name=name)
        form = clients["adviser"].get(f"/engagements/{desk.city.slug}/searches/new/").context["form"]
        assert form["searched_by"].value() == name


def test_projects_and_searches_by_form(desk, clients):
    client, slug = clients["adviser"], desk.city.slug
    address = f"/engagements/{slug}/projects/new/"
    client.post(address, sent(client.get(address)) | {"title": "A second one", "status": "planned", "test": "none"})
    project = Project.objects.get(title="A second one")
    wrong = client.post(
        address, sent(client.get(address)) | {"title": "a SECOND one", "status": "planned", "test": "none"}
    )
    assert wrong.status_code == 422
    address = f"/engagements/{slug}/searches/new/"
    search = {"project": project.pk, "searched_by": "Ann", "what": "A result", "places": "example.org"}
    client.post(address, sent(client.get(address)) | search | {"searched_on": "2026-11-20"})
    row = project.searches.get()
    assert clients["funder"].post(f"/searches/{row.pk}/publish/", {"version": 1}).status_code == 404
    refused = clients["expert"].post(f"/searches/{row.pk}/publish/", {"version": 1}, follow=True)
    row.refresh_from_db()
    assert row.published_at is None and "not replied" in refused.content.decode()
    text = clients["stranger"].get(f"/engagements/{slug}/results/")
    assert text.status_code == 302


def test_what_is_made_up_is_not_for_strangers(desk, clients):
    row = desk.published()
    desk.city.is_fictional = True
    desk.city.save()
    assert clients["stranger"].get(f"/results/{row.pk}/").status_code == 404
    assert clients["funder"].get(f"/results/{row.pk}/").status_code == 200


def test_statements_do_not_grow_with_results(desk, clients, django_assert_max_num_queries):
    for number in range(4):
        desk.published(finding=f"finding {number}")
    with django_assert_max_num_queries(30):
        assert clients["funder"].get(f"/engagements/{desk.city.slug}/results/").status_code == 200


def test_a_result_becomes_a_finding_in_review_with_one_click(desk, clients):
    row, address = desk.published(), "/results/{}/library/"
    assert clients["adviser"].post(address.format(row.pk)).status_code == 403
    for _ in range(2):
        answer = clients["expert"].post(address.format(row.pk))
        assert answer.status_code == 302 and answer.url.endswith("/edit/")
    made = EvidenceRow.objects.get()
    assert made.effect_words == "+5 in 100 (95% likely range +1 to +9)"
    assert made.status == "draft" and made.effect is None and made.finding == "positive" and made.tier == "rct"
    assert "https://example.org/report" in made.source and clients["expert"].get(answer.url).status_code == 200
    assert clients["expert"].post(address.format(desk.draft(finding="a draft").pk)).status_code == 404


def test_the_team_reads_who_changed_what(desk, clients):
    desk.published()
    for noun in ("result", "project", "replyrequest"):
        address = f"/engagements/{desk.city.slug}/history/?noun={noun}"
        assert str(desk.adviser) in clients["lead"].get(address).content.decode(), noun
        assert str(desk.adviser) not in clients["funder"].get(address).content.decode().split("<main")[1], noun

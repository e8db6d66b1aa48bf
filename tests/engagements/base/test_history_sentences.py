"""What the history says of each kind of thing, to whom it gives a link, and how it is filtered."""

from datetime import UTC, date, datetime, timedelta

import pghistory
import pghistory.core
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from engagements.base.history_sentences import THINGS, told
from engagements.base.labels import NOUNS
from engagements.base.queries.history import Change, HistoryEntry, group_tracts, history
from engagements.base.queries.history_sources import BY_LEVEL, MANAGERS, PUBLISHED, TEAM
from engagements.discussion.actions.comments import add_comment
from engagements.milestones.actions.milestones import archive_milestone, change_milestone
from engagements.models import Absence, EvidenceRow, HoursEntry, Milestone, MilestoneDependency, NotificationChoice
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW, MilestoneFactory

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)


def entry(noun="milestone", verb="update", title="Draft the ordinance", changes=(), **more) -> HistoryEntry:
    made = tuple(Change(*change) for change in changes)
    return HistoryEntry(AT, 1, "Ana Ruiz", verb, noun, 7, title, more.pop("why", ""), made, **more)


def said(one: HistoryEntry) -> str:
    (line,) = told((one,), "detroit")
    return strip_tags(line.sentence).replace("&#x27;", "'")


def test_a_moved_date_reads_as_somebody_would_say_it():
    (line,) = told((entry(changes=[("due_on", "2026-11-03", "2026-11-17")], why="capacity"),), "detroit")
    words = "Ana Ruiz moved the due date of “Draft the ordinance” from Nov 3 to Nov 17, 2026."
    assert strip_tags(line.sentence) == words
    assert 'href="/milestones/7/"' in line.sentence and line.reason == "Capacity"
    assert "from Nov 3, 2025 to Nov 17, 2026" in said(entry(changes=[("due_on", "2025-11-03", "2026-11-17")]))


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (entry(verb="insert"), "Ana Ruiz added the milestone “Draft the ordinance”."),
        (
            entry(changes=[("owner_id", None, "Bo"), ("archived_at", None, None)][:1]),
            "Ana Ruiz set the owner of “Draft the ordinance” to Bo.",
        ),
        (
            entry(changes=[("owner_id", "Bo", None)]),
            "Ana Ruiz removed the owner of “Draft the ordinance”, which was Bo.",
        ),
        (
            entry(changes=[("status", "planned", "done"), ("done_on", None, "2026-11-30")]),
            "Ana Ruiz changed “Draft the ordinance”: status from Not started to Done; "
            "day it was done set to Nov 30, 2026.",
        ),
        (entry(changes=[("archived_at", None, "2026-11-30T00:00:00Z")]), "Ana Ruiz archived “Draft the ordinance”."),
        (entry(changes=[("archived_at", "2026-11-30T00:00:00Z", None)]), "Ana Ruiz restored “Draft the ordinance”."),
        (
            entry("record", changes=[("title", "A", "B")], title="B", row_kind="decision"),
            "Ana Ruiz changed the title of the decision “B” from A to B.",
        ),
        (entry("comment", "insert", title="Agreed."), "Ana Ruiz commented “Agreed.”."),
        (
            entry("engagementrole", "insert", title="Bo: Adviser"),
            "Ana Ruiz gave Bo the role of adviser.",
        ),
        (
            entry("plantract", "insert", title="1, 2", count=2, names={"plan_id": "Homes"}, about={"plan_id": 3}),
            "Ana Ruiz added 2 tracts to the plan “Homes”: 1, 2.",
        ),
        (
            entry("hoursentry", "insert", title="Read it", changes=[("hours", None, 1.5)]),
            "Ana Ruiz logged 1.5 hours for “Read it”.",
        ),
    ],
)
def test_worked_sentences(one, words):
    assert said(one) == words


def test_long_texts_stand_below_and_markup_stays_text():
    (line,) = told((entry(changes=[("funder_note", "a" * 200, "b")], title="<i>x</i>"),), "detroit")
    assert line.texts[0][1:] == ("a" * 200, "b") and "aaaa" not in line.sentence
    assert "&lt;i&gt;" in line.sentence and "<i>" not in line.sentence


@pytest.mark.parametrize("value", [[{"title": "A"}], ["x"], {"a": 1}, [], 3, 0, 2.5, True, None, "2026-13-99", "x"])
def test_any_value_a_column_keeps_can_be_told(value):
    both = [("sources", value, "y"), ("due_on", value, 1)]
    for changes in ([("sources", None, value)], [("sources", value, None)], both):
        assert said(entry("result", changes=changes)).startswith("Ana Ruiz ")


def test_what_is_archived_by_now_has_no_link_unless_its_page_stays():
    for noun, linked in (("document", False), ("comment", False), ("milestone", True)):
        (line,) = told((entry(noun, is_gone=True),), "detroit")
        assert ("<a" in line.sentence) is linked, noun


def test_every_tracked_model_is_in_the_history_and_has_its_words():
    tracked = {
        model
        for model in apps.get_app_config("engagements").get_models()
        if not issubclass(model, pghistory.models.Event) and pghistory.core.event_models(tracks_model=model)
    }
    known = {*BY_LEVEL, *PUBLISHED, *TEAM, *MANAGERS}
    alone = {Absence, NotificationChoice, EvidenceRow}  # of one person, and of the library: no engagement has them
    assert tracked - known == alone
    for model in known:
        noun = model._meta.model_name
        assert noun in NOUNS and (noun in THINGS or noun == "record"), noun
        for verb in ("insert", "update", "delete"):
            assert said(entry(noun, verb)).startswith("Ana Ruiz "), noun


def test_tracts_brought_together_are_one_entry():
    tracts = tuple(entry("plantract", "insert", title=f"2616350{n:04d}") for n in range(9))
    (one,) = group_tracts(tracts)
    assert one.count == 9 and "and 3 more" in one.title


@pytest.mark.django_db
def test_filters_stay_in_the_address_and_each_finds_its_own():
    here, _, people, _ = house()
    lead, adviser, today = people[Role.LEAD], people[Role.ADVISER], date.today()
    Milestone.objects.bulk_create(
        Milestone(engagement=here, title=f"Step {n}", stage="field", due_on=today) for n in range(60)
    )
    milestone = MilestoneFactory(engagement=here, title="Scope")  # by no person
    change_milestone(milestone=milestone.pk, changes={"title": "Scope it"}, expected_version=1, by=lead, now=NOW)
    add_comment(engagement=here.pk, body="Fine.", visibility="team", by=adviser, now=NOW)
    client, at = as_(adviser), f"/engagements/{here.slug}/history/"

    def found(query):
        return [strip_tags(line.sentence) for line in client.get(at + query).context["told"]]

    assert all(words.startswith(str(lead)) for words in found(f"?who={lead.pk}")) and found(f"?who={lead.pk}")
    assert found("?noun=comment") == [f"{adviser} commented “Fine.”."]
    assert "The portal added the milestone “Scope”." in found("?who=portal&noun=milestone")
    assert found(f"?from={today - timedelta(days=1)}&to={today + timedelta(days=1)}")
    assert not found(f"?to={today - timedelta(days=2)}") and not found(f"?from={today + timedelta(days=2)}")
    for nonsense in ("?who=x&from=y&to=9999999&noun=z", "?from=0001-01-01", "?who=99999999999999999999"):
        assert client.get(at + nonsense).status_code == 200
    page = client.get(f"{at}?who=portal&noun=milestone")
    assert len(page.context["told"]) == 50
    assert "?who=portal&amp;noun=milestone&amp;before=" in page.content.decode()


@pytest.mark.django_db
def test_names_to_filter_by_are_for_the_team_alone():
    here, _, people, others = house()
    at = f"/engagements/{here.slug}/history/"
    offered = {role for role, person in people.items() if as_(person).get(at).context["people"]}
    assert offered == {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}
    secret = MilestoneFactory(engagement=here, title="Hidden step")
    for role in (Role.FUNDER, Role.LOCAL_PARTNER):
        assert "Hidden step" not in as_(people[role]).get(f"{at}?who=portal").content.decode()
    assert as_(others[Role.EXPERT]).get(at).status_code == 404 and secret.pk


@pytest.mark.django_db
def test_links_titles_and_the_number_of_statements():
    here, _, people, _ = house()
    client, at = as_(people[Role.LEAD]), f"/engagements/{here.slug}/history/"
    counts = []
    for _ in range(2):
        first, second = MilestoneFactory(engagement=here, title="First"), MilestoneFactory(engagement=here)
        MilestoneDependency.objects.create(engagement=here, milestone=second, needs=first)
        HoursEntry.objects.create(
            engagement=here, user=people[Role.LEAD], on=NOW.date(), hours=1, what="Read", created_at=NOW
        )
        archive_milestone(milestone=first.pk, expected_version=1, by=people[Role.LEAD], now=NOW, why="Twice")
        with CaptureQueriesContext(connection) as made:
            page = client.get(at).content.decode()
        counts.append(len(made))
    assert counts[0] == counts[1]
    assert "wait for “First”" in page and f'href="/milestones/{second.pk}/"' in page
    gone = history(people[Role.LEAD], here.pk, noun="milestone", object_id=first.pk)
    assert all(one.is_gone for one in gone)

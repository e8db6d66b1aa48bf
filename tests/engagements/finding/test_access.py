"""What a search finds is what somebody may open: every role, every kind, drafts and published words apart."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.models import City
from engagements import models
from engagements.access.discussion import (
    document_for,
    request_for,
    risk_for,
    update_for,
    visible_comments,
)
from engagements.access.engagements import engagement_for, milestone_for
from engagements.access.errors import NotFound
from engagements.access.pilots import pilot_for
from engagements.access.plans import evidence_for, indicator_for, plan_for
from engagements.access.results import result_for
from engagements.access.roles import cached_permissions, held_rights, permissions_in
from engagements.finding.actions.index import learn_words
from engagements.finding.queries.kinds import KINDS, PUBLIC
from engagements.finding.queries.statements import write_statements
from engagements.finding.queries.work import MOST, MOST_OF_ONE, find_words, find_work
from engagements.people.queries.team import team
from engagements.permissions import VIEW_PUBLISHED, VIEW_TEAM, Role
from tests.factories.engagements import NOW, TODAY, CommentFactory, MilestoneFactory, UserFactory, give, member
from tests.factories.plans import EvidenceFactory, make_plan
from tests.factories.results import make_desk

pytestmark = pytest.mark.django_db
LEVELS = ("team", "city", "all")


def work_of(desk, other) -> dict[str, list]:
    """Something of every kind about a quagga, in two cities of an initiative, at every level."""
    lead = desk.lead
    found: dict[str, list] = {kind: [] for kind in KINDS}
    for city in (desk.city, other):
        city.theme = "Quagga housing"
        city.save()
        found["engagement"].append(city)
        for archived in (None, NOW):
            found["milestone"].append(
                MilestoneFactory(
                    engagement=city,
                    title="Count the quaggas",
                    archived_at=archived,
                    archived_by=lead if archived else None,
                )
            )
            found["progress"].append(
                models.ProgressEntry.objects.create(
                    engagement=city,
                    milestone=found["milestone"][-1],
                    old_status="planned",
                    status="planned",
                    line="One quagga seen",
                    at=NOW,
                    by=lead,
                )  # fmt: skip
            )
        for level in LEVELS:
            found["comment"].append(CommentFactory(engagement=city, body="A quagga?", visibility=level, author=lead))
            found["record"].append(
                models.Record.objects.create(
                    engagement=city,
                    kind="decision",
                    title="Keep the quagga",
                    on=TODAY,
                    visibility=level,
                    written_by=lead,
                    created_at=NOW,
                )  # fmt: skip
            )
            found["document"].append(
                models.Document.objects.create(
                    engagement=city,
                    title="Quagga survey",
                    original_name="survey.txt",
                    media_type="text/plain",
                    size=9,
                    sha256="0" * 64,
                    visibility=level,
                    uploaded_by=lead,
                    uploaded_at=NOW,
                )  # fmt: skip
            )
            found["risk"].append(
                models.Risk.objects.create(
                    engagement=city,
                    title="The quagga leaves",
                    likelihood=1,
                    severity=2,
                    opened_on=TODAY,
                    visibility=level,
                )  # fmt: skip
            )
        found["request"].append(
            models.ExpertRequest.objects.create(
                kind="question",
                engagement=city,
                question="How many quaggas?",
                due_on=TODAY,
                asked_by=lead,
                asked_at=NOW,
            )  # fmt: skip
        )
        found["indicator"].append(
            models.Indicator.objects.create(
                engagement=city,
                kind="performance",
                name="Quaggas housed",
                definition="Each once",
                unit="people",
                direction="rising",
                outcome_family="other",
            )  # fmt: skip
        )
        found["pilot"].append(
            models.Pilot.objects.create(engagement=city, title="Quagga letters", written_by=lead, created_at=NOW)
        )
        found["plan"].append(make_plan(city, lead, title="Homes for quaggas"))
        found["update"].append(
            models.QuarterlyUpdate.objects.create(
                engagement=city, year=2026, quarter=2, what_we_did="Fed the quagga", written_by=lead
            )
        )
    shared = found["record"][3]  # of the other city, for its team
    models.RecordPlace.objects.create(record=shared, engagement=desk.city)
    published = found["plan"][0]
    for name in ("what_we_did",):
        models.PublishedUpdate.objects.create(
            update=found["update"][0], number=1, **{name: "Fed the quagga"}, approved_by=lead, published_at=NOW
        )
    found["update"][0].published_at = NOW
    found["update"][0].save()
    models.PlanPublication.objects.create(
        plan=published, number=1, content={"title": "Homes for quaggas", "interventions": []}, figures={},
        approved_by=lead, published_by=lead, published_at=NOW,
    )  # fmt: skip
    models.Plan.objects.filter(pk=published.pk).update(published_at=NOW)
    found["result"] = [desk.draft(outcome="Quaggas employed"), desk.draft(outcome="Quaggas at school")]
    models.ResultPublication.objects.create(
        result=found["result"][0], number=1, kind="published", content={"outcome": "Quaggas employed"},
        sentence="It is said.", published_at=NOW,
    )  # fmt: skip
    found["evidence"] = [
        EvidenceFactory(intervention="Quagga coaching"),
        EvidenceFactory(intervention="Quagga grants", status="draft", reviewed_at=None, reviewed_by=None),
    ]
    found["note"] = [
        models.LocalNote.objects.create(
            city=desk.city.city, began_on=date(1870, 1, 1), body="The last quagga", source="A book", created_at=NOW
        )
    ]
    found["person"] = [member(Role.EXPERT, city, name="Quagga Smith") for city in (desk.city, other)]
    return found


def may_open(user, kind: str, row) -> bool:
    """By the functions that pages fetch with."""
    signed_in = user.is_authenticated
    fetch = {
        "engagement": lambda: signed_in and engagement_for(user, row.pk, VIEW_PUBLISHED),
        "milestone": lambda: signed_in and row.archived_at is None and milestone_for(user, row.pk, VIEW_PUBLISHED),
        "progress": lambda: (
            signed_in
            and VIEW_TEAM in permissions_in(user, row.engagement_id)
            and milestone_for(user, row.milestone_id, VIEW_PUBLISHED)
        ),
        "comment": lambda: signed_in and visible_comments(user).filter(pk=row.pk).exists(),
        "record": lambda: signed_in and models.Record.objects.get(pk=row.pk) and _record(user, row),
        "document": lambda: signed_in and document_for(user, row.pk),
        "risk": lambda: signed_in and risk_for(user, row.pk),
        "request": lambda: signed_in and request_for(user, row.pk),
        "indicator": lambda: signed_in and indicator_for(user, row.pk),
        "plan": lambda: plan_for(user, row.pk),
        "result": lambda: result_for(user, row.pk),
        "pilot": lambda: pilot_for(user, row.pk),
        "evidence": lambda: evidence_for(user, row.key),
        "update": lambda: signed_in and update_for(user, row.pk),
        "note": lambda: True,
        "person": lambda: (
            signed_in
            and any(row.pk == one.user_id for city in models.Engagement.objects.all() for one in team(user, city.pk))
        ),
    }
    try:
        return bool(fetch[kind]())
    except NotFound:
        return False


def _record(user, row) -> bool:
    from engagements.access.discussion import visible_records

    return visible_records(user).filter(pk=row.pk).exists()


@pytest.fixture
def world():
    desk = make_desk()
    other = models.Engagement.objects.create(
        initiative=desk.city.initiative,
        city=City.objects.create(
            slug="elsewhere", name="Elsewhere", state_name="Michigan", state_usps="MI", longitude=-83, latitude=42,
            place_geoid="2699999",
        ),
        slug="elsewhere",
        starts_on=date(2026, 1, 1),
    )  # fmt: skip
    things = work_of(desk, other)
    readers = {
        **desk.people,
        "of the other city": member(Role.ADVISER, other),
        "partner there": member(Role.LOCAL_PARTNER, other),
        "left": UserFactory(),
        "no role": UserFactory(),
        "operator": UserFactory(is_staff=True, is_superuser=True),
        "stranger": AnonymousUser(),
    }
    gone = member(Role.LEAD, desk.city)
    gone.roles.update(ended_on=date(2026, 2, 1))
    gone.is_active = False
    gone.save()
    readers["left"] = gone
    learn_words(now=NOW)
    return things, readers


def test_a_search_finds_what_each_reader_may_open_and_nothing_else(world):
    things, readers = world
    words = find_words("quagga")
    for name, user in readers.items():
        found = find_work(user, words, most=MOST_OF_ONE).hits
        for kind, rows in things.items():
            hits = {hit.pk for hit in found.get(kind, ())}
            assert hits == {row.pk for row in rows if may_open(user, kind, row)}, (name, kind)


def test_every_role_costs_the_same_statements(world):
    _, readers = world
    counts = {}
    for name in Role:
        with CaptureQueriesContext(connection) as asked:
            find_work(readers[name], find_words("quagga"))
        counts[name] = len(asked)
    assert len(set(counts.values())) == 1 and max(counts.values()) <= 11, counts


def test_a_kept_statement_ends_with_the_right_it_was_written_for(world):
    things, readers = world
    words = find_words("quagga")
    adviser, home = readers["adviser"], things["engagement"][0]

    def seen() -> set[tuple[str, int]]:
        hits = find_work(adviser, words, most=MOST_OF_ONE).hits
        return {(kind, hit.pk) for kind, found in hits.items() for hit in found}

    def allowed() -> set[tuple[str, int]]:
        return {(kind, row.pk) for kind, rows in things.items() for row in rows if may_open(adviser, kind, row)}

    before = seen()
    home.initiative.archived_at = NOW
    home.initiative.archived_by = adviser
    home.initiative.save()
    archived = seen()
    assert archived == allowed()
    adviser.roles.update(ended_on=TODAY)
    assert seen() == allowed() < archived <= before
    give(adviser, Role.LEAD, home)
    assert seen() == allowed()


def test_a_statement_is_written_from_rights_alone(world):
    """Nothing is read while it is written, and no clock but the day of the rights: it can be kept by `held_rights`."""
    _, readers = world
    for user in readers.values():
        with cached_permissions(user), CaptureQueriesContext(connection) as asked:
            rights = held_rights(user) if user.is_authenticated else None
            texts = [
                text
                for kind in (KINDS if user.is_authenticated else PUBLIC)
                for text in write_statements.__wrapped__(rights, kind, MOST)
            ]
        assert [one["sql"] for one in asked] == []
        days = {one for _, given in texts for one in given if isinstance(one, date)}
        assert days <= ({rights.today} if rights else set())


def test_rights_are_told_apart_only_while_they_are_held_still(world):
    with pytest.raises(RuntimeError, match="inside cached_permissions"):
        held_rights(world[1]["lead"])

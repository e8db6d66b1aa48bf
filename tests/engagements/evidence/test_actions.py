"""The library in the database: seeded once, changed by experts, read by everybody as it was last reviewed."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from engagements.access.errors import NotAllowed, NotFound
from engagements.base.editing import Conflict
from engagements.evidence.actions import add_evidence, archive_evidence, change_evidence, review_evidence
from engagements.evidence.queries import EvidenceFilter, evidence_page, evidence_rows, evidence_versions
from engagements.evidence.records import ESTIMANDS, FAMILIES, FINDINGS, TIERS
from engagements.models import Activity, Estimand, EvidenceRow, OutcomeFamily
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from engagements.seeds.evidence import seed_evidence
from engagements.seeds.evidence_library import starter_library
from tests.engagements.seeds.test_evidence_library import GOOD
from tests.factories.engagements import NOW, CityFactory, EngagementFactory, UserFactory, everybody, member

pytestmark = pytest.mark.django_db
YES = all_yes("evidence")
STRANGER = AnonymousUser()


@pytest.fixture
def tulsa():
    return CityFactory(slug="tulsa", name="Tulsa")


@pytest.fixture
def people(tulsa):
    return everybody(EngagementFactory(city=tulsa))


def add(by, **changes):
    return add_evidence(fields=replace(GOOD, **changes), by=by, now=NOW)


def reviewed(people, **changes):
    row = add(people[Role.EXPERT], **changes)
    return review_evidence(
        key=row.key, status="reviewed", expected_version=row.version, by=people[Role.LEAD], now=NOW, answers=YES
    )


def read(viewer, key="a-trial"):
    return evidence_page(viewer, key).row


def test_words_are_those_of_the_tables():
    assert list(FAMILIES) == OutcomeFamily.choices and list(TIERS) == EvidenceRow.Tier.choices
    assert list(FINDINGS) == EvidenceRow.Finding.choices and list(ESTIMANDS)[:2] == Estimand.choices


# --- Seeding ------------------------------------------------------------------------------------


def test_the_library_is_seeded_once_whole_and_public(tulsa, django_assert_num_queries):
    assert seed_evidence() == 132
    rows = evidence_rows(STRANGER)
    assert {row.key: replace(row.fields, tried_in=()) for row in rows} == {
        row.key: replace(row, tried_in=()) for row in starter_library()
    }
    assert {row.key for row in rows if row.fields.tried_in} == {
        row.key for row in starter_library() if "tulsa" in row.tried_in
    }
    assert all(row.is_shipped and not row.is_waiting for row in rows)
    versions = list(EvidenceRow.objects.order_by("pk").values_list("version", flat=True))
    with django_assert_num_queries(4):  # two statements between the ends of the transaction
        assert seed_evidence() == 0
    assert list(EvidenceRow.objects.order_by("pk").values_list("version", flat=True)) == versions


def test_a_changed_seed_follows_until_somebody_touched_the_row(people):
    rows = tuple(row for row in starter_library() if row.intervention.startswith("Year Up"))
    seed_evidence(rows)
    edited, archived, taken_back, left, same = (row.key for row in rows)
    expert, lead = people[Role.EXPERT], people[Role.LEAD]
    change_evidence(key=edited, changes={"fadeout": "Ours"}, expected_version=1, by=expert, now=NOW)
    archive_evidence(key=archived, expected_version=1, by=lead, now=NOW, why="Twice there")
    review_evidence(key=taken_back, status="draft", expected_version=1, by=lead, now=NOW)
    changed = tuple(row if row.key == same else replace(row, fadeout="New", tried_in=("tulsa",)) for row in rows)
    assert seed_evidence(changed) == 1 and seed_evidence(changed) == 0
    found = {row.key: row.fadeout for row in EvidenceRow.objects.all()}
    assert found[left] == "New" and found[edited] == "Ours" and "New" not in (found[archived], found[taken_back])
    assert read(STRANGER, left).fields.tried_in == ("tulsa",)


# --- Who may do what ----------------------------------------------------------------------------


def test_experts_and_leads_write_and_review_and_nobody_else(people):
    for role, person in people.items():
        if role in (Role.EXPERT, Role.LEAD):
            add(person, key=f"by-{role.value.replace('_', '-')}")
            continue
        with pytest.raises(NotAllowed):
            add(person, key="no")
    reviewed(people)
    for role in set(Role) - {Role.EXPERT, Role.LEAD}:
        for deed in (
            lambda by: change_evidence(key="a-trial", changes={}, expected_version=1, by=by, now=NOW),
            lambda by: review_evidence(key="a-trial", status="draft", expected_version=1, by=by, now=NOW),
            lambda by: archive_evidence(key="a-trial", expected_version=1, by=by, now=NOW, why="x"),
        ):
            with pytest.raises(NotAllowed):
                deed(people[role])


def test_a_new_row_waits_for_somebody_else_and_is_then_public(people):
    expert = people[Role.EXPERT]
    row = add(expert)
    for viewer in (STRANGER, people[Role.ADVISER], people[Role.FUNDER]):
        with pytest.raises(NotFound):
            read(viewer)
    assert read(expert).is_waiting and read(people[Role.LEAD]).is_waiting
    with pytest.raises(ValidationError, match="Someone else reviews it"):
        review_evidence(key="a-trial", status="reviewed", expected_version=row.version, by=expert, now=NOW, answers=YES)
    review_evidence(
        key="a-trial", status="reviewed", expected_version=row.version, by=people[Role.LEAD], now=NOW, answers=YES
    )
    assert read(STRANGER).fields == GOOD and read(STRANGER).reviewed_by == str(people[Role.LEAD])


# --- Changing -----------------------------------------------------------------------------------


def test_while_a_change_waits_everybody_else_reads_what_was_reviewed(people):
    row = reviewed(people)
    change_evidence(
        key="a-trial",
        changes={"effect": 0.25, "tried_in": ()},
        expected_version=row.version,
        by=people[Role.LEAD],
        now=NOW,
        why="Erratum",
    )
    for viewer in (STRANGER, people[Role.ADVISER]):
        seen = read(viewer)
        assert seen.fields.effect == 0.2 and seen.is_earlier and not seen.is_waiting
        assert [one.fields.effect for one in evidence_rows(viewer)] == [0.2]
    assert read(people[Role.EXPERT]).fields.effect == 0.25
    now = EvidenceRow.objects.get()
    review_evidence(
        key="a-trial", status="reviewed", expected_version=now.version, by=people[Role.EXPERT], now=NOW, answers=YES
    )
    assert read(STRANGER).fields == replace(GOOD, effect=0.25, tried_in=())
    assert [v.fields.effect for v in evidence_versions(STRANGER, "a-trial")] == [0.25, 0.2]
    assert evidence_versions(STRANGER, "a-trial")[0].why == "Erratum"


def test_a_review_taken_back_takes_the_row_out_of_sight(people):
    row = reviewed(people)
    review_evidence(key="a-trial", status="draft", expected_version=row.version, by=people[Role.EXPERT], now=NOW)
    with pytest.raises(NotFound):
        read(STRANGER)
    assert evidence_rows(STRANGER) == () and len(evidence_rows(people[Role.LEAD])) == 1


def test_two_people_change_one_row(people):
    row = reviewed(people)
    expert, lead, version = people[Role.EXPERT], people[Role.LEAD], row.version

    def change(by, **changes):
        return change_evidence(key="a-trial", changes=changes, expected_version=version, by=by, now=NOW)

    change(expert, fadeout="None seen")
    assert change(lead, duration="Two years").fadeout == "None seen"  # other fields merge
    with pytest.raises(Conflict) as both:
        change(lead, fadeout="Gone in a year")
    assert both.value.theirs == {"fadeout": "None seen"} and both.value.yours == {"fadeout": "Gone in a year"}


def test_cities_are_part_of_the_version(people):
    CityFactory(slug="newark")
    row = reviewed(people)
    expert, lead = people[Role.EXPERT], people[Role.LEAD]

    def change(by, version, cities, seen):
        return change_evidence(
            key="a-trial", changes={"tried_in": cities}, expected_version=version, by=by, now=NOW, tried_in_seen=seen
        )

    first = change(expert, row.version, ("newark", "tulsa"), ("tulsa",))
    assert first.version > row.version and first.status == "draft"
    assert Activity.objects.latest("pk").changes == {"tried_in": [["tulsa"], ["newark", "tulsa"]]}
    change(lead, row.version, ("tulsa",), ("tulsa",))  # left as it was seen
    assert read(lead).fields.tried_in == ("newark", "tulsa")
    with pytest.raises(Conflict) as both:
        change(lead, row.version, (), ("tulsa",))
    assert both.value.theirs == {"tried_in": "newark, tulsa"}
    assert change(lead, both.value.version, (), ("tulsa",)).tried_in.count() == 0  # on purpose, the newest known


def test_nothing_changed_is_no_new_version(people):
    row = reviewed(people)
    change_evidence(
        key="a-trial",
        changes={"effect": 0.2, "tried_in": ("tulsa",)},
        expected_version=row.version,
        by=people[Role.LEAD],
        now=NOW,
    )
    assert EvidenceRow.objects.get().version == row.version and read(STRANGER).version == row.version


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": ""}, "unit"),
        ({"tried_in": ("atlantis",)}, "tried_in"),
        ({"effect": 9.0}, "effect"),
        ({"verified_on": date(2030, 1, 1)}, "verified_on"),
        ({"cost_price_year": None}, "cost_price_year"),
    ],
)
def test_the_rules_of_the_library_hold_when_adding_and_when_changing(people, changes, field):
    with pytest.raises(ValidationError) as refused:
        add(people[Role.EXPERT], key="other", **changes)
    assert field in refused.value.message_dict
    row = reviewed(people)
    with pytest.raises(ValidationError) as refused:
        change_evidence(key="a-trial", changes=changes, expected_version=row.version, by=people[Role.LEAD], now=NOW)
    assert field in refused.value.message_dict
    assert read(STRANGER).fields == GOOD and EvidenceRow.objects.get().status == "reviewed"


def test_a_key_is_given_once_and_a_second_click_makes_nothing(people):
    expert, click = people[Role.EXPERT], "12345678-1234-5678-1234-567812345678"
    first = add_evidence(fields=GOOD, by=expert, now=NOW, submission=click)
    assert add_evidence(fields=GOOD, by=expert, now=NOW, submission=click) == first
    with pytest.raises(ValidationError) as refused:
        add(expert)
    assert "key" in refused.value.message_dict and EvidenceRow.objects.count() == 1


def test_review_is_of_the_words_that_were_read(people):
    row = add(people[Role.EXPERT])
    change_evidence(
        key="a-trial", changes={"effect": 0.3}, expected_version=row.version, by=people[Role.EXPERT], now=NOW
    )
    with pytest.raises(ValidationError, match="changed since you read it"):
        review_evidence(
            key="a-trial", status="reviewed", expected_version=row.version, by=people[Role.LEAD], now=NOW, answers=YES
        )


def test_an_archived_row_is_gone_and_stays_in_the_history(people):
    row = reviewed(people)
    with pytest.raises(ValidationError, match="Say why"):
        archive_evidence(key="a-trial", expected_version=row.version, by=people[Role.LEAD], now=NOW, why=" ")
    archive_evidence(key="a-trial", expected_version=row.version, by=people[Role.LEAD], now=NOW, why="Retracted")
    for viewer in (STRANGER, people[Role.LEAD]):
        with pytest.raises(NotFound):
            read(viewer)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        EvidenceRow.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    "values",
    [
        {"unit": ""},
        {"se": 0},
        {"study_takeup": 1.5},
        {"estimand": "all"},
        {"cost_price_year": None},
        {"is_verified": False, "verified_on": None},
        {"ci_low": 0.25},
        {"source": ""},
    ],
)
def test_the_database_refuses_it_too(people, values):
    reviewed(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceRow.objects.update(**values)


# --- Reading ------------------------------------------------------------------------------------


def test_filters(people):
    seed_evidence()
    expert = people[Role.EXPERT]

    def keys(**where):
        return {row.key for row in evidence_rows(expert, EvidenceFilter(**where))}

    assert keys(finding="no_estimate") == {"saveusa-savings", "seed-ok-earnings", "universal-basic-mobility"}
    assert keys(gap="employment", tier="rct", city="tulsa") == {
        "workadvance-earnings-2",
        "workadvance-earnings-3",
        "workadvance-earnings-10",
        "workadvance-tulsa",
    }
    assert keys(family="transport") == {"free-transit-card-use", "free-transit-annual-pass", "universal-basic-mobility"}
    assert keys(words="boston PRESCHOOL tests") == {"boston-prek-tests"}
    add(expert)
    assert keys(only_waiting=True) == {"a-trial"}


def test_the_number_of_statements_does_not_grow_with_rows(people, django_assert_max_num_queries):
    expert = people[Role.EXPERT]
    row = reviewed(people, key="one")
    change_evidence(key="one", changes={"effect": 0.25}, expected_version=row.version, by=expert, now=NOW)
    seed_evidence()
    for viewer, statements in ((STRANGER, 5), (people[Role.ADVISER], 7), (expert, 4)):
        with django_assert_max_num_queries(statements):
            assert len(evidence_rows(viewer)) == 133


def test_plans_that_use_a_row_are_shown_to_who_sees_their_drafts(people, tulsa):
    from engagements.models import Plan, PlanIntervention

    row = reviewed(people)
    engagement = tulsa.engagements.get()
    plan = Plan.objects.create(
        engagement=engagement, title="Work first", price_year=2026, written_by=people[Role.ADVISER]
    )
    PlanIntervention.objects.create(
        plan=plan,
        evidence=row,
        evidence_version=row.version,
        name="Training",
        offered=10,
        takeup=0.5,
        cost_usd=10,
        cost_price_year=2026,
    )
    strange = member(Role.ADVISER, EngagementFactory())
    for viewer in (STRANGER, UserFactory(), strange, people[Role.FUNDER], people[Role.LOCAL_PARTNER]):
        assert evidence_page(viewer, "a-trial").plans == ()
    for role in (Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF):
        (using,) = evidence_page(people[role], "a-trial").plans
        assert (using.title, using.city, using.version) == ("Work first", "Tulsa", row.version)

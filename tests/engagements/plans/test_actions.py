"""Plans as people write them: what is kept, what is refused in words, and what the database refuses by itself."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from atlas.ingest import areas
from engagements.access.discussion import visible_comments
from engagements.access.errors import NotAllowed, NotFound
from engagements.base.editing import Conflict
from engagements.discussion.actions.comments import add_comment
from engagements.models import (
    Activity,
    Comment,
    EvidenceRow,
    Notification,
    Plan,
    PlanIntervention,
    PlanPublication,
    PlanTract,
)
from engagements.permissions import Role
from engagements.plans.actions.interventions import (
    add_intervention,
    archive_intervention,
    change_intervention,
    move_intervention,
    use_current_evidence,
)
from engagements.plans.actions.links import set_links
from engagements.plans.actions.plans import archive_plan, change_plan, start_plan
from engagements.plans.actions.status import make_public, move_plan
from engagements.plans.actions.tracts import set_tracts
from engagements.plans.queries.figures import figures_of, load_plan
from engagements.plans.queries.plans import plan_page, plans
from engagements.reviews.rules.checklists import all_yes
from tests.factories import grid
from tests.factories.engagements import NOW, TODAY, MilestoneFactory, UserFactory, member, pair
from tests.factories.plans import EvidenceFactory, city_house, itt_row, make_plan, planned, publish

pytestmark = pytest.mark.django_db
TRACTS = grid.geoids(3)


@pytest.fixture
def house(tmp_path):
    return city_house(tmp_path)


def refused(field: str, work, match: str = "") -> str:
    with pytest.raises(ValidationError) as caught:
        work()
    said = " ".join(caught.value.message_dict.get(field, ())) if hasattr(caught.value, "error_dict") else ""
    assert said, caught.value
    assert match in said
    return said


def draft(house, **more):
    engagement, people = house
    given = {"tracts": TRACTS, "interventions": 1} | more
    return make_plan(engagement, people[Role.ADVISER], **given), people


# Starting and changing.


def test_a_plan_is_started_once_whatever_is_clicked_twice(house):
    engagement, people = house
    key = "12345678-1234-5678-1234-567812345678"
    first, again = (
        start_plan(engagement=engagement.pk, title="Moves", by=people[Role.ADVISER], now=NOW, submission=key)
        for _ in range(2)
    )
    assert first.pk == again.pk and first.status == "draft" and first.price_year == 2025
    assert Activity.objects.filter(noun="plan", verb="started").count() == 1


def test_only_those_who_edit_plans_start_one(house):
    engagement, people = house
    for role in (Role.EXPERT, Role.LOCAL_PARTNER, Role.FUNDER):
        with pytest.raises(NotFound):
            start_plan(engagement=engagement.pk, title="Moves", by=people[role], now=NOW)


BAD_PLANS = (
    ({"title": "  "}, "title", ""),
    ({"price_year": 1990}, "price_year", "price index"),
    ({"budget_usd": Decimal(-5)}, "budget_usd", "more than $0"),
    ({"budget_usd": Decimal("20000000000")}, "budget_usd", "extra zeros"),
    ({"cost_per_child_usd": Decimal(0)}, "cost_per_child_usd", ""),
    ({"starts_on": TODAY, "ends_on": NOW.date().replace(year=2025)}, "ends_on", "before it starts"),
    (
        {"transport": "range", "transport_low": 0.5, "transport_high": 0.5, "transport_reason": "x"},
        "transport_high",
        "not one value",
    ),
    ({"transport": "range", "transport_low": 0.2, "transport_high": 0.9}, "transport_reason", "Write why"),
    (
        {"transport": "range", "transport_low": 0.2, "transport_high": 1.4, "transport_reason": "x"},
        "transport_high",
        "",
    ),
    (
        {
            "transport": "triangular",
            "transport_low": 0.2,
            "transport_high": 0.6,
            "transport_mode": 0.7,
            "transport_reason": "x",
        },
        "transport_mode",
        "between",
    ),
    ({"groups_are_distinct": True}, "distinct_reason", "Write why"),
)


def test_what_a_plan_may_not_say_is_refused_at_its_field(house):
    plan, people = draft(house)
    for changes, field, match in BAD_PLANS:
        refused(
            field,
            lambda changes=changes: change_plan(
                plan=plan.pk, changes=changes, by=people[Role.ADVISER], expected_version=plan.version, now=NOW
            ),
            match,
        )
    plan.refresh_from_db()
    assert plan.title == "Moves to opportunity" and plan.budget_usd is None


def test_unknown_transport_is_all_of_nothing_to_everything(house):
    plan, people = draft(house, transport="range", transport_low=0.2, transport_high=0.5, transport_reason="Alike")
    done = change_plan(
        plan=plan.pk, changes={"transport": "unknown"}, expected_version=plan.version, by=people[Role.ADVISER], now=NOW
    )
    assert (done.transport_low, done.transport_high, done.transport_mode) == (0, 1, None)


def test_other_fields_merge_and_the_same_one_shows_both_versions(house):
    plan, people = draft(house)
    seen = plan.version
    one, two = people[Role.ADVISER], people[Role.CITY_STAFF]
    change_plan(plan=plan.pk, changes={"need": "Theirs"}, expected_version=seen, by=one, now=NOW)
    change_plan(plan=plan.pk, changes={"not_claimed": "Mine"}, expected_version=seen, by=two, now=NOW)
    with pytest.raises(Conflict) as both:
        change_plan(plan=plan.pk, changes={"need": "Mine"}, expected_version=seen, by=two, now=NOW)
    assert both.value.theirs == {"need": "Theirs"} and both.value.yours == {"need": "Mine"}


def test_a_plan_is_changed_as_a_draft_or_in_review_only(house):
    plan, people = draft(house)
    publish(plan, people)
    with pytest.raises(ValidationError, match="take it back to draft first"):
        change_plan(plan=plan.pk, changes={"need": "x"}, expected_version=plan.version, by=people[Role.LEAD], now=NOW)


# The area.


def test_tracts_are_chosen_changed_and_counted_as_a_new_version(house):
    plan, people = draft(house, tracts=())
    done = set_tracts(
        plan=plan.pk,
        geoids=TRACTS,
        area_name="East",
        area_rule="picked",
        expected_version=plan.version,
        by=people[Role.ADVISER],
        now=NOW,
    )
    assert done.version > plan.version and set(done.tracts.values_list("geoid", flat=True)) == set(TRACTS)
    again = set_tracts(
        plan=plan.pk,
        geoids=TRACTS[1:],
        area_name="East",
        area_rule="picked",
        expected_version=done.version,
        by=people[Role.ADVISER],
        now=NOW,
    )
    assert again.version > done.version and again.tracts.count() == 2


def test_tracts_of_another_city_are_refused_by_name(house):
    plan, people = draft(house, tracts=())
    said = refused(
        "geoids",
        lambda: set_tracts(
            plan=plan.pk,
            geoids=[TRACTS[0], "06037101110"],
            expected_version=plan.version,
            by=people[Role.ADVISER],
            now=NOW,
        ),
    )
    assert "06037101110" in said and TRACTS[0] not in said and "Springfield" in said
    refused(
        "geoids",
        lambda: set_tracts(plan=plan.pk, geoids=[], expected_version=plan.version, by=people[Role.ADVISER], now=NOW),
        "at least one",
    )


def test_a_saved_area_is_copied_with_its_rule_and_stays_when_the_area_goes(house):
    plan, people = draft(house, tracts=())
    mine = people[Role.ADVISER]
    token = areas.create_area("picked", "East side", TRACTS, owner=mine.pk)
    done = set_tracts(plan=plan.pk, area_token=token, expected_version=plan.version, by=mine, now=NOW)
    areas.archive_area(token, by=mine.pk)
    assert done.area_name == "East side" and "each tract was picked" in done.area_rule and done.area_token == token
    assert done.tracts.count() == 3


def test_somebody_elses_closed_area_is_not_there(house):
    plan, people = draft(house, tracts=())
    token = areas.create_area("picked", "Mine", TRACTS, owner=people[Role.LEAD].pk)
    areas.update_area(token, by=people[Role.LEAD].pk, name="Mine", note="", by_link=False)
    refused(
        "area_token",
        lambda: set_tracts(
            plan=plan.pk, area_token=token, expected_version=plan.version, by=people[Role.ADVISER], now=NOW
        ),
        "no area",
    )


def test_two_who_choose_tracts_at_once_are_shown_both_choices(house):
    plan, people = draft(house, tracts=())
    seen = plan.version
    set_tracts(plan=plan.pk, geoids=TRACTS[:1], expected_version=seen, by=people[Role.ADVISER], now=NOW)
    with pytest.raises(Conflict) as both:
        set_tracts(plan=plan.pk, geoids=TRACTS[1:], expected_version=seen, by=people[Role.CITY_STAFF], now=NOW)
    assert both.value.theirs == {"tracts": TRACTS[:1]} and both.value.yours == {"tracts": TRACTS[1:]}


def test_no_area_is_chosen_on_what_is_no_rank_of_income(house):
    plan, people = draft(house)
    for measure, match in (
        ("jail_pooled_pooled_p25", "incarceration"),
        ("poor_share2010", "rank of income"),
        ("fly", "no such measure"),
    ):
        refused(
            "measure",
            lambda measure=measure: set_tracts(
                plan=plan.pk,
                geoids=TRACTS,
                measure=measure,
                expected_version=plan.version,
                by=people[Role.ADVISER],
                now=NOW,
            ),
            match,
        )


def test_a_measure_of_one_race_asks_for_the_lawyers_note_before_review(house):
    plan, people = draft(house)
    by = people[Role.ADVISER]
    done = set_tracts(
        plan=plan.pk, geoids=TRACTS, measure="kfr_black_pooled_p25", expected_version=plan.version, by=by, now=NOW
    )
    assert done.targets_by_race
    with pytest.raises(ValidationError, match="lawyers"):
        move_plan(plan=plan.pk, status="in_review", expected_version=done.version, by=by, now=NOW)
    with pytest.raises(IntegrityError, match="plan_by_race_needs_legal_note"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(status="in_review")
    done = change_plan(
        plan=plan.pk, changes={"legal_review_note": "Cleared."}, expected_version=done.version, by=by, now=NOW
    )
    moved = move_plan(plan=plan.pk, status="in_review", expected_version=done.version, by=by, now=NOW)
    assert moved.status == "in_review"
    assert not any("Cleared" in str(row.changes) for row in Activity.objects.all()), "the note is not in the feed"


# Interventions.


def add(house_plan, people, evidence="", rule="", **more):
    return add_intervention(
        plan=house_plan.pk, values=planned(**more), evidence=evidence, rule=rule, by=people[Role.ADVISER], now=NOW
    )


BAD_INTERVENTIONS = (
    ({"takeup": 70.0}, "takeup", "0.7"),
    ({"takeup": -0.1}, "takeup", "below 0"),
    ({"takeup": 0.0}, "takeup", "nobody takes part"),
    ({"study_takeup": 0.5, "itt_reason": "Read in it"}, "study_takeup", "Only the effect of an offer"),
    ({"cost_usd": Decimal(-1)}, "cost_usd", "$0 or more"),
    ({"cost_usd": Decimal("2000000000")}, "cost_usd", ""),
    ({"offered": 0}, "offered", "At least one"),
    ({"offered": 20_000_000}, "offered", "extra zeros"),
    ({"name": " "}, "name", ""),
    ({"cost_price_year": 1980}, "cost_price_year", "price index"),
    ({"duration_months": 0}, "duration_months", ""),
    ({"takeup": None}, "takeup", "0 to 1"),
    ({"rank_change": 0.1, "rank_change_se": 0.02}, "rank_change", "moving children"),
    ({"itt_reason": "Ours is larger"}, "itt_reason", "Only the effect of an offer"),
)


def test_what_an_intervention_may_not_say_is_refused_at_its_field(house):
    plan, people = draft(house, interventions=0)
    for more, field, match in BAD_INTERVENTIONS:
        refused(field, lambda more=more: add(plan, people, **more), match)
    assert not PlanIntervention.objects.exists()


def test_an_effect_of_an_offer_is_never_multiplied_by_take_up(house):
    plan, people = draft(house, interventions=0)
    offer, took = itt_row(study_takeup=0.5), EvidenceFactory()
    said = refused("rule", lambda: add(plan, people, evidence=offer.key, rule="takeup"))
    assert "count them twice" in said
    refused("rule", lambda: add(plan, people, evidence=took.key, rule="takeup_ratio"), "must be multiplied by take-up")
    kept = add(plan, people, evidence=itt_row(study_takeup=0.5).key, itt_reason="More come", rule="takeup_ratio")
    assert (kept.itt_reason, kept.study_takeup) == ("More come", None)
    assert "rule" not in {field.name for field in PlanIntervention._meta.fields}, "no column can hold it"


def test_an_offer_without_the_studys_take_up_asks_for_it_or_for_a_reason(house):
    plan, people = draft(house, interventions=0)
    offer = itt_row()
    refused("study_takeup", lambda: add(plan, people, evidence=offer.key), "Give the study's take-up, or write why")
    refused("study_takeup", lambda: add(plan, people, evidence=offer.key, study_takeup=0.0, itt_reason="a"), "nobody")
    refused("itt_reason", lambda: add(plan, people, evidence=offer.key, study_takeup=0.5), "Write where")
    recorded = itt_row(study_takeup=0.5)
    refused("study_takeup", lambda: add(plan, people, evidence=recorded.key, study_takeup=0.6, itt_reason="a"), "50.0%")
    given = add(plan, people, evidence=offer.key, study_takeup=0.35, itt_reason="Table 2 of the report")
    assert (given.study_takeup, given.itt_reason) == (0.35, "Table 2 of the report")
    assert gain_of(plan, given) == pytest.approx(200 * 1945 * 0.7 / 0.35 * 0.5)


def test_a_reason_alone_takes_the_planned_take_up_as_the_studys_and_a_later_one_changes_the_answer(house):
    plan, people = draft(house, interventions=0)
    by = people[Role.ADVISER]
    row = add(plan, people, evidence=itt_row().key, takeup=0.6, itt_reason="Same offer to the same people")
    assert row.study_takeup == 0.6 and gain_of(plan, row) == pytest.approx(200 * 1945 * 0.5)  # $194,500
    row = change_intervention(
        intervention=row.pk, changes={"takeup": 0.05}, expected_version=row.version, by=by, now=NOW
    )
    assert row.study_takeup == 0.6 and gain_of(plan, row) == pytest.approx(200 * 1945 * 0.05 / 0.6 * 0.5)

    def change_to(**changes):
        return lambda: change_intervention(
            intervention=row.pk, changes=changes, expected_version=row.version, by=by, now=NOW
        )

    refused("takeup", change_to(takeup=0.0), "nobody takes part")
    refused("study_takeup", change_to(study_takeup=None, itt_reason=""), "Give the study's take-up, or write why")
    row = change_to(study_takeup=None, itt_reason="Their report says so")()
    assert row.study_takeup == 0.05, "a new reason takes the take-up planned now"


def test_what_the_row_comes_to_record_overrules_what_the_planner_gave(house):
    plan, people = draft(house, interventions=0)
    evidence = itt_row()
    row = add(plan, people, evidence=evidence.key, study_takeup=0.35, itt_reason="Table 2")
    evidence.study_takeup = 0.4
    evidence.save(update_fields=["study_takeup"])
    row = use_current_evidence(intervention=row.pk, expected_version=row.version, by=people[Role.ADVISER], now=NOW)
    assert row.study_takeup is None and gain_of(plan, row) == pytest.approx(200 * 1945 * 0.7 / 0.4 * 0.5)


def test_the_database_refuses_a_take_up_of_0_and_a_studys_take_up_without_a_reason(house):
    plan, _ = draft(house, interventions=1)
    row = PlanIntervention.objects.get()
    for fields, constraint in (
        ({"takeup": 0}, "nobody takes part"),
        ({"study_takeup": 0.5}, "intervention_study_takeup_has_reason"),
        ({"study_takeup": 0, "itt_reason": "a"}, "intervention_study_takeup_has_reason"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            PlanIntervention.objects.filter(pk=row.pk).update(**fields)


def test_a_cost_without_its_year_is_in_the_plans_prices(house):
    plan, people = draft(house, interventions=0)
    used = EvidenceFactory(cost_usd=Decimal(5203), cost_price_year=2012)
    values = planned(cost_usd=Decimal(450_000), cost_basis="total")
    del values["cost_price_year"]
    row = add_intervention(plan=plan.pk, values=values, evidence=used.key, by=people[Role.ADVISER], now=NOW)
    assert row.cost_price_year == plan.price_year
    (result,) = figures_of(load_plan(plan), NOW).rows
    assert result.cost.value == 450_000


def gain_of(plan, row) -> float:
    rows = figures_of(load_plan(plan), NOW).rows
    return next(each.gain.value for each in rows if each.key == f"intervention-{row.pk}")


def test_an_effect_without_a_unit_is_in_no_library():
    with pytest.raises(IntegrityError, match="evidence_effect_has_unit"):
        EvidenceFactory(unit="")


def test_only_reviewed_rows_of_the_library_are_used(house):
    plan, people = draft(house, interventions=0)
    EvidenceFactory(key="the-study", status="draft")
    for key in ("the-study", "nowhere"):
        refused("evidence", lambda key=key: add(plan, people, evidence=key), "no reviewed row")


def test_a_row_that_changed_since_is_used_when_somebody_says_so(house):
    plan, people = draft(house)
    row = plan.interventions.get()
    before = read(plan, people).figures.rows[0].gain.value
    EvidenceRow.objects.filter(pk=row.evidence_id).update(effect=10_000.0)
    page = read(plan, people)
    (change,) = page.evidence_changes
    assert page.figures.rows[0].gain.value == before and (change.read, change.now) == (1, 2)
    use_current_evidence(intervention=row.pk, expected_version=row.version, by=people[Role.ADVISER], now=NOW)
    page = read(plan, people)
    assert page.evidence_changes == () and page.figures.rows[0].gain.value > 2 * before


def test_a_review_alone_is_no_change_and_a_waiting_one_is_not_taken(house):
    plan, people = draft(house)
    row = plan.interventions.get()
    EvidenceRow.objects.filter(pk=row.evidence_id).update(reviewed_by=people[Role.EXPERT], reviewed_at=NOW)
    assert read(plan, people).evidence_changes == (), "the version rose, no word changed"
    EvidenceRow.objects.filter(pk=row.evidence_id).update(status="draft", effect=9.0)
    (change,) = read(plan, people).evidence_changes
    assert change.is_waiting and not change.is_withdrawn
    again = add(plan, people, evidence=row.evidence.key, name="As everybody reads it")
    assert again.evidence_version == 2, "the version that was last reviewed"
    assert read(plan, people).figures.rows[1].gain.value == read(plan, people).figures.rows[0].gain.value


def test_interventions_change_place_and_go_with_a_reason(house):
    plan, people = draft(house, interventions=3)
    first, second, third = plan.interventions.all()
    by = people[Role.CITY_STAFF]
    move_intervention(intervention=third.pk, steps=-2, by=by, now=NOW)
    assert list(plan.interventions.values_list("pk", flat=True)) == [third.pk, first.pk, second.pk]
    first.refresh_from_db()
    refused(
        "why",
        lambda: archive_intervention(intervention=first.pk, expected_version=first.version, by=by, now=NOW, why=" "),
    )
    archive_intervention(intervention=first.pk, expected_version=first.version, by=by, now=NOW, why="Too dear")
    assert [row.pk for row in read(plan, people).content.interventions] == [third.pk, second.pk]
    with pytest.raises(NotFound):
        change_intervention(
            intervention=first.pk, changes={"name": "x"}, expected_version=first.version, by=by, now=NOW
        )


def test_two_who_change_one_intervention_are_shown_both_versions(house):
    plan, people = draft(house)
    row = plan.interventions.get()
    for role, offered in ((Role.ADVISER, 300), (Role.CITY_STAFF, 400)):

        def work(role=role, offered=offered):
            change_intervention(
                intervention=row.pk,
                changes={"offered": offered},
                expected_version=row.version,
                by=people[role],
                now=NOW,
            )

        if role is Role.ADVISER:
            work()
        else:
            with pytest.raises(Conflict):
                work()


# Links.


def test_links_are_of_the_engagement_in_action_and_database(house):
    plan, people = draft(house)
    other, _ = pair()
    mine, theirs = MilestoneFactory(engagement=plan.engagement), MilestoneFactory(engagement=other)
    by = people[Role.ADVISER]
    set_links(plan=plan.pk, milestones=[mine.pk], documents=[], by=by, now=NOW)
    assert [row.pk for row in read(plan, people).milestones] == [mine.pk]
    refused("milestones", lambda: set_links(plan=plan.pk, milestones=[theirs.pk], by=by, now=NOW), "this engagement")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO engagements_planmilestone (plan_id, milestone_id, engagement_id) VALUES (%s,%s,%s)",
            [plan.pk, theirs.pk, plan.engagement_id],
        )
    set_links(plan=plan.pk, milestones=[], by=by, now=NOW)
    assert read(plan, people).milestones == ()


# Review, approval, publication.


def read(plan, people, role=Role.ADVISER):
    return plan_page(people[role] if isinstance(role, Role) else role, plan.pk, today=TODAY, now=NOW)


def test_a_plan_without_need_area_and_interventions_is_not_reviewed(house):
    plan, people = draft(house, tracts=(), interventions=0, need="")
    with pytest.raises(ValidationError) as caught:
        move_plan(plan=plan.pk, status="in_review", expected_version=plan.version, by=people[Role.ADVISER], now=NOW)
    assert len(caught.value.messages) == 3 and read(plan, people).missing == tuple(caught.value.messages)


def test_who_may_take_which_step(house):
    plan, people = draft(house)
    steps = (
        ("in_review", Role.CITY_STAFF, Role.EXPERT),
        ("reviewed", Role.EXPERT, Role.ADVISER),
        ("approved", Role.LEAD, Role.EXPERT),
        ("published", Role.LEAD, Role.CITY_STAFF),
    )
    for status, may, may_not in steps:
        plan.refresh_from_db()
        with pytest.raises(ValidationError, match="for others to decide|doesn't go"):
            move_plan(plan=plan.pk, status=status, expected_version=plan.version, by=people[may_not], now=NOW)
        answers = all_yes("plan") if status == "reviewed" else ()
        move_plan(plan=plan.pk, status=status, expected_version=plan.version, by=people[may], now=NOW, answers=answers)
    plan.refresh_from_db()
    assert plan.status == "published" and plan.reviewed_by == people[Role.EXPERT]


def test_what_is_decided_is_what_was_read(house):
    plan, people = draft(house)
    seen = plan.version
    row = plan.interventions.get()
    change_intervention(
        intervention=row.pk, changes={"offered": 900}, expected_version=row.version, by=people[Role.CITY_STAFF], now=NOW
    )
    with pytest.raises(ValidationError, match="read it again"):
        move_plan(plan=plan.pk, status="in_review", expected_version=seen, by=people[Role.ADVISER], now=NOW)


def test_what_was_published_stays_while_the_plan_is_revised(house):
    plan, people = draft(house)
    publish(plan, people)
    frozen = read(plan, people, Role.FUNDER)
    move_plan(plan=plan.pk, status="draft", expected_version=plan.version, by=people[Role.ADVISER], now=NOW)
    plan.refresh_from_db()
    change_plan(
        plan=plan.pk,
        changes={"title": "Another", "price_year": 2020},
        expected_version=plan.version,
        by=people[Role.ADVISER],
        now=NOW,
    )
    EvidenceRow.objects.update(effect=1.0)
    PlanIntervention.objects.update(offered=9_999)
    PlanTract.objects.filter(geoid=TRACTS[0]).delete()
    now = read(plan, people, Role.FUNDER)
    assert now.content == frozen.content and now.figures == frozen.figures
    assert (now.row.title, now.row.status, now.is_team, now.next_states) == ("Moves to opportunity", None, False, ())
    assert read(plan, people).content.title == "Another"
    assert [row.title for row in plans(people[Role.FUNDER])] == ["Moves to opportunity"]


def test_publications_are_never_changed(house):
    plan, people = draft(house)
    publish(plan, people)
    for work in (lambda: PlanPublication.objects.update(number=9), lambda: PlanPublication.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            work()


def test_a_second_publication_has_the_next_number(house):
    plan, people = draft(house)
    publish(plan, people)
    move_plan(plan=plan.pk, status="draft", expected_version=plan.version, by=people[Role.ADVISER], now=NOW)
    publish(plan, people)
    assert [row.number for row in read(plan, people, Role.FUNDER).publications] == [2, 1]


def test_only_the_city_makes_a_published_plan_public(house):
    plan, people = draft(house)
    staff = people[Role.CITY_STAFF]
    refused("is_public", lambda: make_public(plan=plan.pk, is_public=True, by=staff, now=NOW), "published")
    publish(plan, people)
    for role in (Role.LEAD, Role.ADVISER):
        with pytest.raises(NotAllowed, match="city's staff"):
            make_public(plan=plan.pk, is_public=True, by=people[role], now=NOW)
    stranger = UserFactory()
    with pytest.raises(NotFound):
        read(plan, people, stranger)
    make_public(plan=plan.pk, is_public=True, by=staff, now=NOW)
    assert not read(plan, people, stranger).is_team
    make_public(plan=plan.pk, is_public=False, by=staff, now=NOW)
    with pytest.raises(NotFound):
        read(plan, people, stranger)


def test_a_new_version_of_a_public_plan_waits_for_the_citys_word(house):
    plan, people = draft(house)
    publish(plan, people)
    staff, stranger = people[Role.CITY_STAFF], UserFactory()
    make_public(plan=plan.pk, is_public=True, by=staff, now=NOW)
    plan.refresh_from_db()
    move_plan(plan=plan.pk, status="draft", expected_version=plan.version, by=people[Role.ADVISER], now=NOW)
    assert not read(plan, people, stranger).is_team, "what the city agreed to stays public while it is revised"
    publish(plan, people)
    with pytest.raises(NotFound):
        read(plan, people, stranger)
    asked = Notification.objects.filter(user=staff, kind=Notification.Kind.ASSIGNMENT, object_id=plan.pk)
    assert "may everybody read the new version" in asked.latest("pk").line


def test_links_somebody_chose_meanwhile_are_not_undone(house):
    plan, people = draft(house)
    by = people[Role.ADVISER]
    mine = MilestoneFactory(engagement=plan.engagement)
    seen = Plan.objects.get(pk=plan.pk).version
    set_links(plan=plan.pk, milestones=[mine.pk], expected_version=seen, by=by, now=NOW)
    with pytest.raises(ValidationError, match="changed since you read it"):
        set_links(plan=plan.pk, milestones=[], expected_version=seen, by=by, now=NOW)


def test_closing_says_what_happened_and_reopening_takes_it_back(house):
    plan, people = draft(house)
    publish(plan, people)
    by = people[Role.CITY_STAFF]
    refused(
        "what_happened", lambda: move_plan(plan=plan.pk, status="closed", expected_version=plan.version, by=by, now=NOW)
    )
    move_plan(
        plan=plan.pk,
        status="closed",
        expected_version=plan.version,
        by=by,
        now=NOW,
        what_happened="120 families moved.",
    )
    seen = read(plan, people, Role.FUNDER)
    assert seen.content.what_happened == "120 families moved." and seen.row.label == "Closed"
    plan.refresh_from_db()
    move_plan(plan=plan.pk, status="published", expected_version=plan.version, by=people[Role.LEAD], now=NOW)
    seen = read(plan, people, Role.FUNDER)
    assert seen.content.what_happened == "" and seen.row.label == "Published" and seen.row.number == 3


def test_reviewers_and_writer_are_told(house):
    plan, people = draft(house)
    move_plan(plan=plan.pk, status="in_review", expected_version=plan.version, by=people[Role.ADVISER], now=NOW)
    told = set(Notification.objects.filter(noun="plan").values_list("user_id", flat=True))
    assert told == {people[Role.EXPERT].pk, people[Role.LEAD].pk}
    plan.refresh_from_db()
    move_plan(plan=plan.pk, status="draft", expected_version=plan.version, by=people[Role.EXPERT], now=NOW, why="Why?")
    assert Notification.objects.filter(noun="plan", user=people[Role.ADVISER]).count() == 1


def test_what_was_published_is_archived_by_a_lead_and_is_then_nobodys(house):
    plan, people = draft(house)
    publish(plan, people)
    with pytest.raises(NotFound):
        archive_plan(plan=plan.pk, expected_version=plan.version, by=people[Role.ADVISER], now=NOW, why="Old")
    archive_plan(plan=plan.pk, expected_version=plan.version, by=people[Role.LEAD], now=NOW, why="Old")
    for person in people.values():
        assert plans(person) == ()


# Comments on drafts.


def test_a_comment_on_a_plan_is_read_by_those_who_read_its_draft(house):
    plan, people = draft(house)
    publish(plan, people)
    said = add_comment(
        engagement=plan.engagement_id,
        body="Is this enough? @nobody",
        visibility="all",
        plan=plan.pk,
        section="money",
        mentions=[people[Role.LOCAL_PARTNER].pk, people[Role.EXPERT].pk],
        by=people[Role.LEAD],
        now=NOW,
    )
    assert set(said.mentions.all()) == {people[Role.EXPERT]}
    readers = {role for role, person in people.items() if visible_comments(person).exists()}
    assert readers == {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}
    assert not visible_comments(member(Role.ADVISER, pair()[0])).exists()


def test_a_comment_on_a_section_needs_a_plan_and_a_section_there_is(house):
    plan, people = draft(house)
    for about in ({"section": "money"}, {"plan": plan.pk, "section": "poems"}):
        with pytest.raises(ValidationError, match="no such section"):
            add_comment(
                engagement=plan.engagement_id, body="x", visibility="team", by=people[Role.LEAD], now=NOW, **about
            )
    for role in (Role.FUNDER, Role.LOCAL_PARTNER):
        with pytest.raises((NotFound, NotAllowed)):
            add_comment(
                engagement=plan.engagement_id, body="x", visibility="city", plan=plan.pk, by=people[role], now=NOW
            )
    assert not Comment.objects.exists()


# What the database refuses by itself.


BROKEN = (
    ("plan", "budget_usd = -1", "plan_budget_in_reason"),
    ("plan", "transport_low = .5, transport_high = .5", "plan_transport_is_a_distribution"),
    ("plan", "transport = 'range'", "plan_transport_has_reason"),
    ("plan", "groups_are_distinct = true", "plan_distinct_has_reason"),
    ("plan", "status = 'published'", "plan_"),
    ("plan", "is_public = true", "plan_public"),
    ("planintervention", "takeup = 1.01", "intervention_takeup_is_a_share"),
    ("planintervention", "cost_usd = -1", "intervention_cost_in_reason"),
    ("planintervention", "offered = 0", "intervention_offered_in_reason"),
    ("planintervention", "rank_change = .1", "intervention_rank_change"),
    ("plantract", "geoid = '06037101110'", "not in the city"),
)


def test_the_database_refuses_it_too(house):
    draft(house)
    for table, values, name in BROKEN:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE engagements_{table} SET {values}")

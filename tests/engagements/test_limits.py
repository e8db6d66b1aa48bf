"""A number that a person, a program or a file brings is refused beyond its limits with a sentence, at every door."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from rest_framework import serializers

from engagements.base.number_limits import NumberField, validate_number
from engagements.evidence.forms import PlainNumber
from engagements.evidence.rules import validate
from engagements.indicators.rules.checks import check_actual, check_definition
from engagements.limits import TOO_LARGE, TOO_SMALL, TOO_SMALL_A_SHARE, find_number_problem, find_share_problem
from engagements.models import EvidenceRow, Indicator, IndicatorValue, Plan, PlanIntervention
from engagements.permissions import Role
from engagements.plans.arithmetic import Interval, PlanningRefused, within
from engagements.plans.forms.plans import CarryOverForm
from tests.engagements.discussion.discussion import house
from tests.engagements.indicators.test_rules import PEOPLE, SHARE, TODAY, actual
from tests.engagements.milestones.test_api import asker, is_problem
from tests.engagements.plans.arithmetic.test_lifetime import PLAN
from tests.engagements.plans.arithmetic.worked import MTO, change, compute
from tests.engagements.seeds.test_evidence_library import GOOD, wishes_of
from tests.factories.engagements import EngagementFactory, everybody
from tests.factories.indicators import ValueEntry, enter, make_indicator
from tests.factories.plans import EvidenceFactory, make_plan

FOUND_BY_CHANCE = 2.9e152  # as an effect or a standard error its square was no finite number


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0, ""),
        (-0.0, ""),
        (3477, ""),
        (-1e12, ""),
        (1e-9, ""),
        (1.0001e12, TOO_LARGE),
        (-FOUND_BY_CHANCE, TOO_LARGE),
        (1e-300, TOO_SMALL),
        (-9e-10, TOO_SMALL),
    ],
)
def test_a_number_within_the_limits_has_no_problem(value, sentence):
    assert find_number_problem(value) == sentence
    if sentence:
        with pytest.raises(ValidationError, match=sentence[:20]):
            validate_number(value)


def test_a_share_is_nothing_or_at_least_one_in_a_million():
    assert [find_share_problem(share) for share in (0, 1e-7, 1e-6, 1)] == ["", TOO_SMALL_A_SHARE, "", ""]


# --- The arithmetic of plans ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"value": FOUND_BY_CHANCE}, "effect", TOO_LARGE),
        ({"value": -FOUND_BY_CHANCE}, "effect", TOO_LARGE),
        ({"value": 5e-324}, "effect", TOO_SMALL),
        ({"standard_error": FOUND_BY_CHANCE}, "se", TOO_LARGE),
        ({"standard_error": 1e-200}, "se", TOO_SMALL),
        ({"study_takeup": 1e-300}, "study_takeup", TOO_SMALL),
        ({"study_takeup": 1e-7}, "study_takeup", TOO_SMALL_A_SHARE),
        ({"interval": Interval(-FOUND_BY_CHANCE, FOUND_BY_CHANCE)}, "ci_low", TOO_LARGE),
        ({"interval": Interval(3477 - 1e-12, 3477.0)}, "ci_low", TOO_SMALL),
        ({"interval": Interval(0.0, 7000.0, 1 - 1e-16)}, "ci_low", "share such as 0.95"),
    ],
)
def test_an_effect_beyond_the_limits_is_refused_and_never_computed(changes, field, words):
    with pytest.raises(PlanningRefused) as caught:
        replace(MTO, **changes)
    assert caught.value.field == field and words in caught.value.sentence


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offered": 1e-300}, "offered"),
        ({"offered": FOUND_BY_CHANCE}, "offered"),
        ({"takeup": 1e-7}, "takeup"),
        ({"cost_usd": FOUND_BY_CHANCE, "cost_price_year": 2019}, "cost_usd"),
        ({"duration_months": FOUND_BY_CHANCE}, "duration_months"),
    ],
)
def test_an_intervention_beyond_the_limits_is_refused(changes, field):
    with pytest.raises(PlanningRefused) as caught:
        change(**changes)
    assert caught.value.field == field and caught.value.sentence.endswith(".")


def test_what_carries_over_is_at_most_a_share_that_means_something():
    with pytest.raises(PlanningRefused, match="one in a million"):
        within(0, 1e-7, reason="Nearly nothing.")


@pytest.mark.parametrize(
    "changes", [{"ages": (34, 35, 36, 37, 500)}, {"wages": (1e-300,) * 5}, {"wages": (4e4, 4e4, 4e4, 4e4, 1e9)}]
)
def test_an_age_profile_beyond_the_limits_is_refused(changes):
    with pytest.raises(PlanningRefused) as caught:
        replace(PLAN.profile, **changes)
    assert caught.value.field == "profile"


@pytest.mark.filterwarnings("error")
def test_at_the_limits_everything_stays_a_finite_number():
    """The largest gain: 10 million people, a trillion each, scaled up by the smallest take-up of a study."""
    for value, error in ((1e12, 1e12), (-1e12, 1e12), (1e-9, 1e-9), (0.0, 1e-9)):
        effect = replace(MTO, value=value, standard_error=error, estimand="itt", study_takeup=1e-6)
        costly = {"cost_usd": 1e9, "cost_basis": "total", "cost_price_year": 2000, "itt_reason": "Same offer."}
        for offered in (1e7, 1e-9):
            (row,) = compute(change(effect=effect, offered=offered, takeup=1.0, **costly)).rows
            known = [getattr(row.gain, name) for name in ("value", "low", "high", "standard_error")]
            known += [
                n for n in (row.cost_per_unit.value, row.cost_per_unit.low, row.cost_per_unit.high) if n is not None
            ]
            assert all(abs(number) < 1e300 for number in known)


# --- The library: rules, table and form -----------------------------------------------------------


@pytest.mark.parametrize("name", ["effect", "se", "ci_low", "ci_high", "mvpf", "mvpf_low", "mvpf_high"])
def test_a_row_of_the_library_keeps_the_limits(name):
    numbers = {"effect": 1.0, "se": 0.5, "ci_low": 0.5, "ci_high": 2.0, "mvpf": 1.0, "mvpf_low": 0.5, "mvpf_high": 2.0}
    whole = replace(GOOD, unit="dollars", **numbers)
    assert [problem for problem in validate(whole) if problem[0] in numbers] == []
    assert (name, TOO_LARGE) in validate(replace(whole, **{name: FOUND_BY_CHANCE}))
    assert (name, TOO_SMALL) in validate(replace(whole, **{name: 1e-200}))


def test_a_study_in_which_hardly_anybody_took_part_is_refused():
    assert ("study_takeup", TOO_SMALL_A_SHARE) in validate(replace(GOOD, study_takeup=1e-9))


def test_a_table_with_a_number_beyond_the_limits_is_refused_at_its_column():
    cells = "a-row,I,S,O,annual_earnings,rct,positive,A source,2.9e152,dollars,yes,2026-01-01"
    (wish,) = wishes_of(cells, ",effect,unit,is_verified,verified_on")
    assert dict(wish.refusals())["effect"] == TOO_LARGE
    assert PlainNumber().clean("2.9e152") == FOUND_BY_CHANCE, "the form reads it; the library's rules refuse it"


# --- Indicators -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["baseline", "target"])
@pytest.mark.parametrize(("value", "sentence"), [(FOUND_BY_CHANCE, TOO_LARGE), (1e-320, TOO_SMALL)])
def test_an_indicator_keeps_the_limits(name, value, sentence):
    frame = replace(PEOPLE, unit="score", **{name: value})
    assert check_definition(frame)[name] == sentence


def test_a_denominator_keeps_the_limits():
    shares = {"numerator": FOUND_BY_CHANCE, "denominator": FOUND_BY_CHANCE}
    assert check_actual(SHARE, actual(1.0, **shares), TODAY)["denominator"] == TOO_LARGE


# --- Forms and API --------------------------------------------------------------------------------


def test_the_form_of_what_carries_over_refuses_at_the_field():
    form = CarryOverForm({"transport": "range", "transport_low": "1e-300", "transport_high": "2.9e152"})
    assert form.errors["transport_low"] == [TOO_SMALL] and form.errors["transport_high"] == [TOO_LARGE]


@pytest.mark.parametrize("sent", [FOUND_BY_CHANCE, 10**400, 1e-300, float("inf"), float("nan"), "1e999"])
def test_the_number_field_of_the_api_refuses_with_a_sentence(sent):
    with pytest.raises(serializers.ValidationError) as refused:
        NumberField().run_validation(sent)
    assert str(refused.value.detail[0]) in (TOO_LARGE, TOO_SMALL, "A valid number is required.")


@pytest.mark.django_db
def test_the_api_answers_a_number_beyond_the_limits_with_a_problem_at_its_field():
    here, _, people, _ = house()
    row = make_indicator(here, people[Role.CITY_STAFF])
    api = asker(people[Role.CITY_STAFF])
    for sent in (FOUND_BY_CHANCE, 10**400):
        value = {"period_start": "2026-07-01", "period_end": "2026-09-30", "value": sent}
        assert TOO_LARGE in str(is_problem(api.post(f"/api/v1/indicators/{row.pk}/values/", value, "json"), 400))
        changed = {"version": row.version, "target": sent}
        assert TOO_LARGE in str(is_problem(api.patch(f"/api/v1/indicators/{row.pk}/", changed, "json"), 400))
    plan = make_plan(here, people[Role.ADVISER])
    sent = {"name": "Letters", "offered": 100, "cost_usd": "2500.00", "cost_price_year": 2024, "takeup": 10**400}
    answer = asker(people[Role.ADVISER]).post(f"/api/v1/plans/{plan.pk}/interventions/", sent, "json")
    assert TOO_LARGE in str(is_problem(answer, 400)) and not PlanIntervention.objects.exists()


# --- The database ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["2.9e152", "-2.9e152", "'Infinity'", "'NaN'"])
def test_the_database_refuses_numbers_beyond_the_limits(value):
    engagement = EngagementFactory()
    people = everybody(engagement)
    EvidenceFactory(ci_low=1.0, ci_high=5000.0, mvpf=1.0, mvpf_low=0.5, mvpf_high=2.0)
    row = make_indicator(engagement, people[Role.CITY_STAFF])
    enter(row, people[Role.CITY_STAFF], ValueEntry(value=60))
    make_plan(engagement, people[Role.ADVISER], interventions=1)
    bounded = (
        (EvidenceRow, "evidence_", ("effect", "se", "ci_low", "ci_high", "mvpf", "mvpf_low", "mvpf_high")),
        (Indicator, "indicator_", ("baseline", "target")),
        (IndicatorValue, "value_", ("value", "low", "high", "numerator", "denominator")),
        (Plan, "plan_transport_", ("transport_low", "transport_mode", "transport_high")),
        (PlanIntervention, "intervention_", ("takeup", "rank_change", "rank_change_se", "causal_low", "causal_high")),
    )
    for model, prefix, columns in bounded:
        for column in columns:
            with (
                pytest.raises(IntegrityError, match=f'check constraint "{prefix}'),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f'UPDATE "{model._meta.db_table}" SET "{column}" = {value}')

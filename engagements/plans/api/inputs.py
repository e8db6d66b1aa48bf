"""What the API takes of plans. A field nobody asked for is an error."""

from typing import Any

from rest_framework import serializers

from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.base.number_limits import NumberField
from engagements.models import PlanIntervention, Transport
from engagements.plans.arithmetic import RULES
from engagements.reviews.api_inputs import checklist_field
from engagements.reviews.rules.checklists import PLAN as CHECKLIST
from engagements.workflow import PLAN

_VERSION: dict[str, Any] = {"min_value": 1, "max_value": 2**31 - 1, "help_text": "the version you saw"}
_SMALL = 2**15 - 1


def _text(longest: int = limits.LONG_BODY, **options) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=longest, **options)


def _money(digits: int = 14, **options) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=digits,
        decimal_places=2,
        error_messages={"invalid": "Give dollars as a number, such as 2500.00."},
        **options,
    )


def _number(**options) -> NumberField:
    return NumberField(required=False, allow_null=True, **options)


class PlanQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    city = serializers.SlugField(required=False)


class NewPlan(StrictSerializer):
    engagement = id_field()
    title = serializers.CharField(max_length=limits.PLAN_TITLE)
    need = _text()
    gap = _text(30, help_text="code of a gap of the evidence library; empty: none")
    price_year = serializers.IntegerField(required=False, min_value=0, max_value=_SMALL)


class PlanChange(StrictSerializer):
    version = serializers.IntegerField(**_VERSION)
    title = serializers.CharField(required=False, max_length=limits.PLAN_TITLE)
    need = _text()
    gap = _text(30)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    price_year = serializers.IntegerField(required=False, min_value=0, max_value=_SMALL)
    budget_usd = _money(required=False, allow_null=True)
    cost_per_child_usd = _money(10, required=False, allow_null=True)
    transport = serializers.ChoiceField(Transport.choices, required=False)
    transport_low = NumberField(required=False)
    transport_mode = _number()
    transport_high = NumberField(required=False)
    transport_reason = _text(limits.REASON)
    groups_are_distinct = serializers.BooleanField(required=False)
    distinct_reason = _text(limits.SENTENCE)
    not_claimed = _text()
    legal_review_note = _text()
    why = _text(limits.WHY)


class PlanStatus(StrictSerializer):
    status = serializers.ChoiceField(PLAN.choices)
    version = serializers.IntegerField(**_VERSION)
    why = _text(limits.WHY)
    what_happened = _text(help_text="to close it")
    checklist = checklist_field(CHECKLIST)


class PlanPublic(StrictSerializer):
    is_public = serializers.BooleanField()


class PlanLinks(StrictSerializer):
    version = serializers.IntegerField(required=False, min_value=1, help_text="whose links were seen")
    milestones = serializers.ListField(child=id_field(), required=False, max_length=500)
    documents = serializers.ListField(child=id_field(), required=False, max_length=500)


class PlanTracts(StrictSerializer):
    """Either `geoids` or `area_token`."""

    version = serializers.IntegerField(**_VERSION)
    geoids = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=10_000)
    area_token = _text(32, help_text="of a saved area: its tracts, name and rule are copied")
    area_name = _text(limits.SHORT_NAME)
    area_rule = _text(limits.SENTENCE, help_text="how the tracts were chosen")
    measure = _text(limits.MEASURE_SLUG, help_text="slug of the outcome they were chosen on")
    legal_review_note = _text()
    leave_out = serializers.BooleanField(default=False, help_text="leave out a saved area's tracts of other cities")

    def validate(self, attrs):
        if bool(attrs.get("geoids")) == bool(attrs.get("area_token")):
            raise serializers.ValidationError({"geoids": ["Send a list of tracts, or the token of a saved area."]})
        return attrs


class _Intervention(StrictSerializer):
    evidence = _text(limits.EVIDENCE_KEY, help_text="key of a reviewed row of the library; empty: it rests on none")
    rule = serializers.ChoiceField(
        list(RULES.items()),
        required=False,
        allow_blank=True,
        help_text="checked against the row's estimand; empty: the estimand decides",
    )
    people = _text(limits.PHRASE)
    study_takeup = _number(
        help_text="share of those offered who took part in the study, above 0 up to 1; asked for where an effect of an "
        "offer (itt) has none in its row; left out with `itt_reason`: the planned take-up is taken as it"
    )
    itt_reason = _text(help_text="where the study's take-up was read, or why the planned one is taken as it")
    cost_basis = serializers.ChoiceField(PlanIntervention.CostBasis.choices, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    duration_months = serializers.IntegerField(required=False, min_value=0, max_value=_SMALL)
    years_of_exposure = _number()
    rank_change = _number()
    rank_change_se = _number()
    causal_low = _number()
    causal_high = _number()
    age_profile = serializers.ListField(
        child=serializers.ListField(child=NumberField(), min_length=2, max_length=2),
        required=False,
        allow_null=True,
        max_length=53,
        help_text="[age, average earnings a year in dollars], ages 18 to 70 rising by one and including 34",
    )
    age_profile_name = _text(limits.SENTENCE, help_text="of the age profile: name and source")
    age_profile_year = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=_SMALL, help_text="whose prices the earnings are in"
    )
    occupations = serializers.ListField(
        child=serializers.CharField(max_length=7),
        required=False,
        max_length=limits.MOST_OCCUPATIONS,
        help_text="codes of the jobs it leads to, such as 31-1131; see /api/v1/cities/{slug}/wages/",
    )


class NewIntervention(_Intervention):
    name = serializers.CharField(max_length=limits.NAME)
    offered = serializers.IntegerField(min_value=-(2**31), max_value=2**31 - 1)
    takeup = NumberField(help_text="share of those offered who take part, above 0 up to 1")
    cost_usd = _money(12)
    cost_price_year = serializers.IntegerField(
        required=False, min_value=0, max_value=_SMALL, help_text="left out: the plan's price year"
    )


class InterventionChange(_Intervention):
    version = serializers.IntegerField(**_VERSION)
    name = serializers.CharField(required=False, max_length=limits.NAME)
    offered = serializers.IntegerField(required=False, min_value=-(2**31), max_value=2**31 - 1)
    takeup = NumberField(required=False)
    cost_usd = _money(12, required=False)
    cost_price_year = serializers.IntegerField(required=False, min_value=0, max_value=_SMALL)
    archive_why = _text(limits.WHY, help_text="takes it out of the plan")

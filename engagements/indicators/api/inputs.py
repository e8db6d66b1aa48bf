"""What the API takes for indicators and risks."""

from rest_framework import serializers

from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.base.number_limits import NumberField
from engagements.models import Indicator, OutcomeFamily
from engagements.reviews.api_inputs import checklist_field
from engagements.reviews.rules.checklists import VALUE as CHECKLIST
from engagements.workflow import INDICATOR_VALUE, VALUE_CHANGE_REASONS


class IndicatorQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    kind = serializers.ChoiceField(Indicator.Kind.choices, required=False)


class _IndicatorFields(StrictSerializer):
    denominator = serializers.CharField(required=False, allow_blank=True, max_length=limits.PHRASE)
    baseline = NumberField(required=False, allow_null=True)
    baseline_on = serializers.DateField(required=False, allow_null=True)
    target = NumberField(required=False, allow_null=True)
    target_on = serializers.DateField(required=False, allow_null=True)
    every_months = serializers.IntegerField(required=False, min_value=1, max_value=60)
    dimensions = serializers.ListField(
        child=serializers.CharField(max_length=limits.DIMENSION), required=False, max_length=8
    )
    no_interval_reason = serializers.CharField(required=False, allow_blank=True, max_length=limits.PHRASE)
    counts_people = serializers.BooleanField(required=False)
    is_unduplicated = serializers.BooleanField(required=False)
    owner = id_field(required=False, allow_null=True, help_text="id of someone in the team")
    plan = id_field(required=False, allow_null=True)


class NewIndicator(_IndicatorFields):
    engagement = id_field()
    kind = serializers.ChoiceField(Indicator.Kind.choices)
    name = serializers.CharField(max_length=limits.NAME)
    definition = serializers.CharField(max_length=limits.DEFINITION)
    unit = serializers.ChoiceField(Indicator.Unit.choices)
    direction = serializers.ChoiceField(Indicator.Direction.choices)
    outcome_family = serializers.ChoiceField(OutcomeFamily.choices)
    # A name of the body, not the attribute `source` of a serializer.
    source = serializers.CharField(max_length=limits.SENTENCE)  # type: ignore[assignment]


class IndicatorChange(_IndicatorFields):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    kind = serializers.ChoiceField(Indicator.Kind.choices, required=False)
    name = serializers.CharField(required=False, max_length=limits.NAME)
    definition = serializers.CharField(required=False, max_length=limits.DEFINITION)
    unit = serializers.ChoiceField(Indicator.Unit.choices, required=False, help_text="only while there are no values")
    direction = serializers.ChoiceField(Indicator.Direction.choices, required=False)
    outcome_family = serializers.ChoiceField(OutcomeFamily.choices, required=False)
    source = serializers.CharField(required=False, max_length=limits.SENTENCE)  # type: ignore[assignment]
    why = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=limits.WHY,
        help_text="required where approved values were read against what changes",
    )


class NewValue(StrictSerializer):
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    value = NumberField(required=False, allow_null=True, help_text="null: numerator / denominator")
    dimension = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.DIMENSION, help_text="empty: everyone"
    )
    category = serializers.CharField(required=False, allow_blank=True, max_length=limits.CATEGORY)
    low = NumberField(required=False, allow_null=True, help_text="of the 95% interval")
    high = NumberField(required=False, allow_null=True)
    numerator = NumberField(required=False, allow_null=True)
    denominator = NumberField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=limits.NOTE)
    document = id_field(required=False, allow_null=True, help_text="a document of the engagement")


class ValueChange(StrictSerializer):
    """Of a draft or a value in review; fields that are not sent stay."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    value = NumberField(required=False, allow_null=True, help_text="null: numerator / denominator")
    low = NumberField(required=False, allow_null=True, help_text="of the 95% interval")
    high = NumberField(required=False, allow_null=True)
    numerator = NumberField(required=False, allow_null=True)
    denominator = NumberField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=limits.NOTE)
    document = id_field(required=False, allow_null=True, help_text="a document of the engagement")


class SeenValue(StrictSerializer):
    id = id_field()
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")


REVIEWED = "reviewed"
MOVES = (*INDICATOR_VALUE.choices, (REVIEWED, "Reviewed: read, nothing against it; a lead approves"))


class NewMove(StrictSerializer):
    # `max_length` is an argument of the list that `many` makes; the stubs know those of one value only.
    values = SeenValue(  # type: ignore[call-arg]
        many=True, allow_empty=False, max_length=500, help_text="all of one status; all or none"
    )
    to = serializers.ChoiceField(MOVES, help_text="status to move to; reviewed stays in review")
    checklist = checklist_field(CHECKLIST)
    reason = serializers.ChoiceField(
        VALUE_CHANGE_REASONS, required=False, help_text="required to open approved values again (to draft)"
    )
    words = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.WHY, help_text="required where the reason is other"
    )

    def validate_values(self, values):
        if len({each["id"] for each in values}) < len(values):
            raise serializers.ValidationError("A value is named twice.")
        return values

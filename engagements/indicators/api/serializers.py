"""What the API says of indicators, their values and risks: each number with unit, uncertainty, source and time."""

from rest_framework import serializers

from engagements.base.api.serializers import ColorRatingSerializer


class IndicatorProgressSerializer(serializers.Serializer):
    way = serializers.FloatField(allow_null=True, help_text="share of the way from baseline to target")
    time = serializers.FloatField(allow_null=True, help_text="share of the time gone at the end of the last period")
    reason = serializers.CharField(help_text="why there is no way")


class ValueDueSerializer(serializers.Serializer):
    due_on = serializers.DateField(allow_null=True)
    days_late = serializers.IntegerField()
    is_stale = serializers.BooleanField()
    rule = serializers.CharField()


class LatestValueSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    value = serializers.FloatField(source="number.value")
    words = serializers.CharField(source="number.words")
    uncertainty = serializers.CharField(source="number.uncertainty", help_text="the interval, or why there is none")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    as_of = serializers.DateTimeField(help_text="when it was approved")
    revision = serializers.IntegerField(help_text="how often it was opened again after an approval")


class IndicatorSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField(help_text="send it with a change")
    engagement = serializers.IntegerField(source="engagement_id")
    engagement_slug = serializers.CharField()
    city_slug = serializers.CharField()
    kind = serializers.CharField(help_text="population: the city's people; performance: the program's own")
    name = serializers.CharField()
    definition = serializers.CharField()
    unit = serializers.CharField()
    direction = serializers.CharField()
    denominator = serializers.CharField()
    outcome_family = serializers.CharField(source="family")
    baseline = serializers.FloatField(allow_null=True)
    baseline_on = serializers.DateField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    target_on = serializers.DateField(allow_null=True)
    every_months = serializers.IntegerField()
    dimensions = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment] # a name of the answer, not Field.source
    no_interval_reason = serializers.CharField()
    counts_people = serializers.BooleanField()
    is_unduplicated = serializers.BooleanField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    plan = serializers.IntegerField(source="plan_id", allow_null=True)
    latest = LatestValueSerializer(allow_null=True, help_text="the newest approved value of everyone")
    progress = IndicatorProgressSerializer()
    rating = ColorRatingSerializer()
    due = ValueDueSerializer()
    waiting = serializers.IntegerField(allow_null=True, help_text="values in review; null below the team")
    drafts = serializers.IntegerField(allow_null=True, help_text="null below the team")
    is_fictional = serializers.BooleanField()


class IndicatorValueSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    indicator = serializers.IntegerField(source="indicator_id")
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    dimension = serializers.CharField(help_text="empty: everyone")
    category = serializers.CharField()
    value = serializers.FloatField()
    words = serializers.CharField(source="number.words")
    uncertainty = serializers.CharField(source="number.uncertainty")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    note = serializers.CharField()
    status = serializers.CharField(help_text="below the team all are approved")
    revision = serializers.IntegerField()
    change_reason = serializers.CharField(help_text="of the last time it was opened again")
    document = serializers.IntegerField(source="document_id", allow_null=True)
    entered_by = serializers.CharField(allow_null=True, help_text="null below the team")
    entered_at = serializers.DateTimeField()
    reviewed_by = serializers.CharField(allow_null=True)
    approved_by = serializers.CharField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    is_fictional = serializers.BooleanField()


class MovedSerializer(serializers.Serializer):
    values = IndicatorValueSerializer(many=True, help_text="as they are now")

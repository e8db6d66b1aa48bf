"""What the API takes for feeds."""

from rest_framework import serializers

from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.models import Feed, Stage

MOST_PUSHED = 2_000  # rows at once
MOVES = (
    ("pause", "Pause"),
    ("resume", "Resume"),
    ("approve", "Approve: values count as they come"),
    ("check", "Ask now"),
)


class FeedQuery(StrictQuerySerializer):
    engagement = id_field(required=False)


class _FeedFields(StrictSerializer):
    address = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.URL, help_text="empty where a program pushes"
    )
    query = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.FEED_QUERY, help_text="SoQL parameters or a where clause"
    )
    owner = id_field(required=False, help_text="id of someone who may enter these values; you, when it is left out")
    token = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="kept encrypted, never given back"
    )
    token_variable = serializers.CharField(required=False, allow_blank=True, max_length=limits.FEED_VARIABLE)


class NewFeed(_FeedFields):
    indicator = id_field(required=False, help_text="or engagement, stage and funder for a line of the ledger")
    engagement = id_field(required=False)
    stage = serializers.ChoiceField(Stage.choices, required=False)
    funder = id_field(required=False)
    plan = id_field(required=False)
    kind = serializers.ChoiceField(Feed.Kind.choices)
    cadence = serializers.ChoiceField(Feed.Cadence.choices)
    columns = serializers.DictField(
        child=serializers.CharField(max_length=limits.PHRASE),
        help_text="names of columns by date, value, numerator, denominator, low, high; for money also key, description",
    )

    def validate(self, attrs):
        of_money = {"engagement", "stage", "funder"} & set(attrs)
        if ("indicator" in attrs) == bool(of_money) or (of_money and len(of_money) < 3):
            raise serializers.ValidationError("Name an indicator, or engagement, stage and funder.")
        if "plan" in attrs and "indicator" in attrs:
            raise serializers.ValidationError({"plan": "Only a line of the ledger has a plan."})
        return attrs


class FeedChange(_FeedFields):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    kind = serializers.ChoiceField(Feed.Kind.choices, required=False)
    cadence = serializers.ChoiceField(Feed.Cadence.choices, required=False)
    columns = serializers.DictField(child=serializers.CharField(max_length=limits.PHRASE), required=False)


class NewFeedMove(StrictSerializer):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    to = serializers.ChoiceField([*MOVES, ("archive", "Archive")])
    why = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.WHY, help_text="required to archive it"
    )


class NewFeedDecision(StrictSerializer):
    accept = serializers.BooleanField()
    reason = serializers.CharField(max_length=limits.WHY, help_text="stays with the value")


class NewPush(StrictSerializer):
    rows = serializers.ListField(
        child=serializers.DictField(),
        min_length=1,
        max_length=MOST_PUSHED,
        help_text="objects with the columns the feed names",
    )

"""What the API says of feeds: never a token, never a key but the one just made."""

from rest_framework import serializers


class FeedSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField(help_text="send it with a change")
    name = serializers.CharField()
    engagement_slug = serializers.CharField()
    indicator = serializers.IntegerField(source="indicator_id", allow_null=True)
    kind = serializers.CharField()
    cadence = serializers.CharField()
    host = serializers.CharField(help_text="of its address; empty where a program pushes")
    owner = serializers.IntegerField(source="owner_id")
    is_approved = serializers.BooleanField(source="is_trusted", help_text="its values count as they come")
    is_paused = serializers.BooleanField()
    state = serializers.CharField(help_text="failing, waiting, unapproved, overdue, paused or on_cadence")
    through = serializers.DateField(
        source="freshness.through", allow_null=True, default=None, help_text="the last day with a value"
    )
    age_days = serializers.IntegerField(source="freshness.days", allow_null=True, default=None)
    is_current = serializers.BooleanField(
        source="freshness.is_current", allow_null=True, default=None, help_text="fewer than two cadences old"
    )
    checked_at = serializers.DateTimeField(allow_null=True)
    next_at = serializers.DateTimeField(allow_null=True)
    failures = serializers.IntegerField(help_text="in a row")
    problem = serializers.CharField()
    advice = serializers.CharField()
    waiting = serializers.IntegerField(help_text="values that a person has to accept or refuse")
    is_fictional = serializers.BooleanField()


class FeedReadingSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    vintage = serializers.IntegerField(source="vintage.number")
    read_at = serializers.DateTimeField(source="vintage.fetched_at")
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    key = serializers.CharField(help_text="number of an entry of the ledger")
    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    state = serializers.CharField(help_text="taken, waiting, accepted, refused or replaced")
    why = serializers.CharField(help_text="why it waits")
    reason = serializers.CharField(help_text="of who decided")
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)


class FeedKeySerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    first_characters = serializers.CharField()
    secret = serializers.CharField(help_text="shown this once")
    created_at = serializers.DateTimeField()


class EndedKeySerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    revoked_at = serializers.DateTimeField()


class PushedSerializer(serializers.Serializer):
    """What became of the rows."""

    vintage = serializers.IntegerField(allow_null=True, help_text="null: nothing is new")
    added = serializers.IntegerField()
    corrected = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="for a person to accept or refuse")
    problems = serializers.ListField(child=serializers.CharField(), help_text="rows that were left out, in words")

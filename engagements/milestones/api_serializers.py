"""What the API says of milestones; null where the viewer may not see a field."""

from rest_framework import serializers

from engagements.models import Milestone
from engagements.workflow import MILESTONE, REPEATS

_STATUSES = ", ".join(value for value, _ in MILESTONE.choices)


class MilestoneSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField(help_text="send it with a change")
    engagement = serializers.IntegerField(source="engagement_id")
    engagement_slug = serializers.CharField()
    city_slug = serializers.CharField()
    city_name = serializers.CharField()
    title = serializers.CharField()
    stage = serializers.ChoiceField(choices=Milestone.Stage.choices)
    stage_label = serializers.CharField()
    # The next field and `source` are names of the answer, not attributes of a serializer.
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="status in words: the team's for the team, funders' for all others"
    )
    status = serializers.CharField(allow_null=True, help_text=f"null below the team; {_STATUSES}")
    is_open = serializers.BooleanField()
    is_overdue = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)
    started_on = serializers.DateField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)
    precision = serializers.CharField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True, help_text="null below the city's level")
    owner_name = serializers.CharField(source="owner", allow_null=True)
    acceptance_evidence = serializers.CharField(allow_null=True, help_text="null below the team")
    needs_approval = serializers.BooleanField()
    funder_note = serializers.CharField()
    position = serializers.IntegerField()
    waits_for = serializers.ListField(child=serializers.IntegerField())
    repeats = serializers.ChoiceField(choices=REPEATS, allow_blank=True, help_text="empty: once")
    repeats_until = serializers.DateField(allow_null=True, help_text="null: until the engagement ends")
    source = serializers.CharField()  # type: ignore[assignment]
    is_fictional = serializers.BooleanField()
    is_archived = serializers.BooleanField()


class ProgressSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    milestone = serializers.IntegerField(source="milestone_id")
    old_status = serializers.CharField()
    status = serializers.CharField()
    line = serializers.CharField()
    note = serializers.CharField(help_text="the rest of a text longer than one line")
    at = serializers.DateTimeField()


class HoursSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField(help_text="send it with a change")
    on = serializers.DateField()
    person = serializers.CharField()
    hours = serializers.DecimalField(max_digits=4, decimal_places=2, help_text="of 60 minutes")
    what = serializers.CharField()
    note = serializers.CharField(help_text="the rest of a text longer than one line")
    is_own = serializers.BooleanField()


class LoggedHoursSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    on = serializers.DateField()
    hours = serializers.DecimalField(max_digits=4, decimal_places=2)
    what = serializers.CharField()
    note = serializers.CharField()


class CallSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    kind = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    on = serializers.DateField()
    present = serializers.CharField()

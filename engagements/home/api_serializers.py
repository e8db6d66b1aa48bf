"""What the API says of engagements and of what happened in them; null where the viewer may not see a field."""

from rest_framework import serializers

from engagements.base.api.inputs import StrictQuerySerializer, id_field
from engagements.permissions import Visibility
from engagements.results.queries.published import KINDS


class EngagementSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    slug = serializers.CharField()
    city_slug = serializers.CharField()
    city_name = serializers.CharField()
    initiative = serializers.CharField()
    theme = serializers.CharField()
    project = serializers.CharField()
    status = serializers.CharField(allow_null=True)
    status_label = serializers.CharField()
    status_since = serializers.DateField(allow_null=True)
    status_precision = serializers.CharField(help_text="day, month, or by (on or before the day)")
    milestones = serializers.IntegerField()
    finished = serializers.IntegerField()
    overdue = serializers.IntegerField()
    next_due_on = serializers.DateField(allow_null=True)
    last_activity_on = serializers.DateField(allow_null=True, help_text="null below the team")
    is_fictional = serializers.BooleanField()
    permissions = serializers.SerializerMethodField()

    def get_permissions(self, row) -> list[str]:
        return sorted(row.permissions)


class StatusSerializer(serializers.Serializer):
    status = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass
    began_on = serializers.DateField()
    precision = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass


class TeamMemberSerializer(serializers.Serializer):
    user_id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField(allow_null=True, help_text="null below the city's level")
    title = serializers.CharField()
    organisation = serializers.CharField()
    role = serializers.CharField()
    role_label = serializers.CharField()
    began_on = serializers.DateField()
    is_fictional = serializers.BooleanField()


class PartnerSerializer(serializers.Serializer):
    organisation = serializers.CharField()
    kind_label = serializers.CharField()
    part = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass
    is_fictional = serializers.BooleanField()


class EngagementProjectSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    kind = serializers.ChoiceField(
        choices=KINDS, help_text="result with its size, result without, searched and none found, nothing recorded"
    )
    sentence = serializers.CharField(source="finding", help_text="as the public reads it; empty: nothing is recorded")
    result = serializers.IntegerField(source="result.pk", default=None, allow_null=True)
    confirmed = serializers.CharField(help_text="what the city says to it")


class EngagementDetailSerializer(serializers.Serializer):
    engagement = EngagementSerializer(source="row")
    project_source = serializers.CharField()
    projects = EngagementProjectSerializer(many=True, help_text="what was tried, each with what is published of it")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    needs_approval = serializers.BooleanField()
    statuses = StatusSerializer(many=True)
    team = TeamMemberSerializer(many=True)
    partners = PartnerSerializer(many=True)


class ActivitySerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    at = serializers.DateTimeField()
    by = serializers.CharField()
    verb = serializers.CharField()
    noun = serializers.CharField()
    object_id = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    engagement_slug = serializers.CharField()
    city_slug = serializers.CharField()
    title = serializers.CharField()
    line = serializers.CharField()
    why = serializers.CharField()
    changes = serializers.SerializerMethodField(help_text="{field: [before, after]}")
    visibility = serializers.ChoiceField(choices=[level.value for level in Visibility])
    is_fictional = serializers.BooleanField(help_text="of an engagement, or by a person, made up for demonstration")

    def get_changes(self, row) -> dict[str, list]:
        return {name: [before, after] for name, before, after in row.changes}


class ActivityPageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True, help_text="address of the page after this one")
    results = ActivitySerializer(many=True)


class EngagementQuery(StrictQuerySerializer):
    city = serializers.SlugField(required=False)


class ActivityQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    since = serializers.DateTimeField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class UpdateQuery(StrictQuerySerializer):
    engagement = id_field(required=False)

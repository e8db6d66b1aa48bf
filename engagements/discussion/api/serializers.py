"""What the API says of comments, documents, requests, updates and risks; null where the viewer may not see a field."""

from rest_framework import serializers

from engagements.base.api.serializers import ColorRatingSerializer
from engagements.permissions import Visibility


class CommentSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    milestone = serializers.IntegerField(source="milestone_id", allow_null=True)
    update = serializers.IntegerField(source="update_id", allow_null=True)  # type: ignore[assignment] # taken out by the metaclass
    request = serializers.IntegerField(source="request_id", allow_null=True)
    plan = serializers.IntegerField(source="plan_id", allow_null=True)
    result = serializers.IntegerField(source="result_id", allow_null=True)
    section = serializers.CharField(help_text="of the plan, update or result, or empty")
    author = serializers.CharField()
    created_at = serializers.DateTimeField()
    body = serializers.CharField()
    visibility = serializers.ChoiceField(choices=[level.value for level in Visibility])
    mentions = serializers.ListField(child=serializers.CharField())
    settled_at = serializers.DateTimeField(allow_null=True, help_text="null: open")
    settled_by = serializers.CharField(help_text="empty: open")
    is_own = serializers.BooleanField()


class DocumentSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    milestone = serializers.IntegerField(source="milestone_id", allow_null=True)
    title = serializers.CharField()
    original_name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    visibility = serializers.ChoiceField(choices=[level.value for level in Visibility])
    shows_people = serializers.BooleanField()
    uploaded_by = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    file = serializers.SerializerMethodField(help_text="where the bytes are, with the same token")

    def get_file(self, row) -> str:
        return f"/api/v1/documents/{row.pk}/file/"


class RequestSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField(help_text="send it with an answer")
    kind = serializers.CharField()
    kind_label = serializers.CharField()
    engagement = serializers.IntegerField(source="engagement_id", allow_null=True)
    engagement_slug = serializers.CharField(allow_null=True)
    city_slug = serializers.CharField(allow_null=True)
    milestone = serializers.IntegerField(source="milestone_id", allow_null=True)
    panel_path = serializers.CharField()
    question = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    is_overdue = serializers.BooleanField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    owner_name = serializers.CharField(source="owner", allow_null=True)
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_by = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass
    is_fictional = serializers.BooleanField(help_text="of an engagement, or by a person, made up for demonstration")


class UpdateSerializer(serializers.Serializer):
    """For the team the working words, for all others those last published."""

    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    engagement_slug = serializers.CharField()
    city_slug = serializers.CharField()
    year = serializers.IntegerField()
    quarter = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass
    status = serializers.CharField(allow_null=True, help_text="null below the team")
    what_we_did = serializers.CharField()
    what_we_learned = serializers.CharField()
    what_we_changed = serializers.CharField()
    what_we_need = serializers.CharField()
    written_by = serializers.CharField(allow_null=True)
    reviewed_by = serializers.CharField(allow_null=True)
    approved_by = serializers.CharField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    number = serializers.IntegerField(help_text="of the publication; 0: not published yet")
    is_fictional = serializers.BooleanField()


class RiskSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    engagement_slug = serializers.CharField()
    city_slug = serializers.CharField()
    title = serializers.CharField()
    likelihood = serializers.IntegerField(help_text="1 low, 2 medium, 3 high")
    severity = serializers.IntegerField(help_text="1 low, 2 medium, 3 high")
    rating = ColorRatingSerializer()
    mitigation = serializers.CharField()
    owner = serializers.CharField(allow_null=True, help_text="null below the city's level")
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)
    outcome = serializers.CharField()
    visibility = serializers.CharField()
    is_fictional = serializers.BooleanField()

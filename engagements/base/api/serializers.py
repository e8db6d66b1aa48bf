"""What the API says of each thing: the fields of the queries' records, None where the viewer's role ends."""

from rest_framework import serializers

from engagements import permissions as p
from engagements.models import Milestone
from engagements.workflow import MILESTONE

_STATUSES = ", ".join(value for value, _ in MILESTONE.choices)


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
    label = serializers.CharField()
    began_on = serializers.DateField()
    precision = serializers.CharField()
    source = serializers.CharField()


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
    source = serializers.CharField()
    is_fictional = serializers.BooleanField()


class EngagementDetailSerializer(serializers.Serializer):
    engagement = EngagementSerializer(source="row")
    project_source = serializers.CharField()
    known_result = serializers.CharField(help_text="empty: no result was found on the public record")
    known_result_source = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    needs_approval = serializers.BooleanField()
    statuses = StatusSerializer(many=True)
    team = TeamMemberSerializer(many=True)
    partners = PartnerSerializer(many=True)


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
    label = serializers.CharField(help_text="status in words: the team's for the team, funders' for all others")
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
    source = serializers.CharField()
    is_fictional = serializers.BooleanField()
    is_archived = serializers.BooleanField()


class ProgressSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    milestone = serializers.IntegerField(source="milestone_id")
    old_status = serializers.CharField()
    status = serializers.CharField()
    line = serializers.CharField()
    at = serializers.DateTimeField()


class CommentSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    milestone = serializers.IntegerField(source="milestone_id", allow_null=True)
    update = serializers.IntegerField(source="update_id", allow_null=True)
    request = serializers.IntegerField(source="request_id", allow_null=True)
    plan = serializers.IntegerField(source="plan_id", allow_null=True)
    section = serializers.CharField(help_text="of the plan, or empty")
    author = serializers.CharField()
    created_at = serializers.DateTimeField()
    body = serializers.CharField()
    visibility = serializers.ChoiceField(choices=[level.value for level in p.Visibility])
    mentions = serializers.ListField(child=serializers.CharField())
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
    visibility = serializers.ChoiceField(choices=[level.value for level in p.Visibility])
    shows_people = serializers.BooleanField()
    uploaded_by = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    file = serializers.SerializerMethodField(help_text="where the bytes are, with the same token")

    def get_file(self, row) -> str:
        return f"/api/v1/documents/{row.pk}/file/"


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
    visibility = serializers.ChoiceField(choices=[level.value for level in p.Visibility])

    def get_changes(self, row) -> dict[str, list]:
        return {name: [before, after] for name, before, after in row.changes}


class ActivityPageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True, help_text="address of the page after this one")
    results = ActivitySerializer(many=True)


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
    label = serializers.CharField()


class UpdateSerializer(serializers.Serializer):
    """For the team the working words, for all others those last published."""

    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    engagement_slug = serializers.CharField()
    city_slug = serializers.CharField()
    year = serializers.IntegerField()
    quarter = serializers.IntegerField()
    label = serializers.CharField()
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

"""What the API takes. A field nobody asked for is an error: a misspelt name must not pass as done."""

from rest_framework import serializers

from engagements import permissions as p
from engagements.milestones.queries.milestones import ORDERS
from engagements.models import PLAN_SECTIONS, Milestone
from engagements.workflow import MILESTONE, REQUEST, SLIP_REASONS

_LEVELS = [level.value for level in p.Visibility]
_OF_LISTS = frozenset({"page", "page_size", "cursor"})
LARGEST = 2**63 - 1


def _id(**options) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST, **options)


class Body(serializers.Serializer):
    def to_internal_value(self, data):
        unknown = set(data) - set(self.fields) - self.beside() if hasattr(data, "keys") else ()
        if unknown:
            raise serializers.ValidationError({name: ["There is no such field here."] for name in sorted(unknown)})
        return super().to_internal_value(data)

    def beside(self) -> frozenset[str]:
        return frozenset()


class Query(Body):
    def beside(self) -> frozenset[str]:
        return _OF_LISTS


class EngagementQuery(Query):
    city = serializers.SlugField(required=False)


class MilestoneQuery(Query):
    engagement = serializers.ListField(child=_id(), required=False)
    city = serializers.ListField(child=serializers.SlugField(), required=False)
    status = serializers.ListField(child=serializers.ChoiceField(MILESTONE.choices), required=False)
    stage = serializers.ListField(child=serializers.ChoiceField(Milestone.Stage.choices), required=False)
    owner = _id(required=False)
    due_from = serializers.DateField(required=False)
    due_to = serializers.DateField(required=False)
    overdue = serializers.BooleanField(default=False)
    unfinished = serializers.BooleanField(default=False)
    words = serializers.CharField(required=False, max_length=200)
    order = serializers.ChoiceField(sorted(ORDERS), default="due")


class NewMilestone(Body):
    engagement = _id()
    title = serializers.CharField(max_length=200)
    stage = serializers.ChoiceField(Milestone.Stage.choices)
    due_on = serializers.DateField()
    owner = _id(required=False, allow_null=True, help_text="id of somebody in the team")
    acceptance_evidence = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    needs_approval = serializers.BooleanField(required=False, allow_null=True, help_text="null: as the engagement asks")
    funder_note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    position = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class MilestoneChange(Body):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    title = serializers.CharField(required=False, max_length=200)
    stage = serializers.ChoiceField(Milestone.Stage.choices, required=False)
    due_on = serializers.DateField(required=False)
    started_on = serializers.DateField(required=False, allow_null=True)
    owner = _id(required=False, allow_null=True)
    acceptance_evidence = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    needs_approval = serializers.BooleanField(required=False)
    funder_note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    position = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    slip_reason = serializers.ChoiceField(SLIP_REASONS, required=False, help_text="required when due_on moves")
    slip_words = serializers.CharField(required=False, allow_blank=True, max_length=300)
    why = serializers.CharField(required=False, allow_blank=True, max_length=300)


class NewProgress(Body):
    status = serializers.ChoiceField(MILESTONE.choices)
    line = serializers.CharField(max_length=500)
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="with it, a status changed meanwhile is a conflict"
    )


class CommentQuery(Query):
    engagement = _id(required=False)
    milestone = _id(required=False)
    update = _id(required=False)
    request = _id(required=False)
    plan = _id(required=False)


class NewComment(Body):
    engagement = _id()
    body = serializers.CharField(max_length=5000)
    visibility = serializers.ChoiceField(_LEVELS)
    milestone = _id(required=False, allow_null=True)
    update = _id(required=False, allow_null=True)
    request = _id(required=False, allow_null=True)
    plan = _id(required=False, allow_null=True)
    section = serializers.ChoiceField(PLAN_SECTIONS, required=False, help_text="of the plan")


class DocumentQuery(Query):
    engagement = _id(required=False)
    milestone = _id(required=False)


class NewDocument(Body):
    engagement = _id()
    file = serializers.FileField(allow_empty_file=True, max_length=None)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    visibility = serializers.ChoiceField(_LEVELS, default="team")
    milestone = _id(required=False, allow_null=True)
    shows_people = serializers.BooleanField(default=False)
    has_consent = serializers.BooleanField(default=False)


class ActivityQuery(Query):
    engagement = _id(required=False)
    since = serializers.DateTimeField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class RequestQuery(Query):
    engagement = _id(required=False)
    status = serializers.ListField(child=serializers.ChoiceField(REQUEST.choices), required=False)
    mine = serializers.BooleanField(default=False, help_text="those you are to answer")


class NewRequest(Body):
    engagement = _id()
    question = serializers.CharField(max_length=5000)
    due_on = serializers.DateField()
    owner = _id(required=False, allow_null=True, help_text="id of who is to answer")
    milestone = _id(required=False, allow_null=True)
    panel_path = serializers.CharField(required=False, allow_blank=True, max_length=500)


class NewAnswer(Body):
    answer = serializers.CharField(max_length=20_000)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")


class UpdateQuery(Query):
    engagement = _id(required=False)

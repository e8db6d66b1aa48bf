"""What the API takes for comments, documents, requests and risks."""

from rest_framework import serializers

from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.models import COMMENT_SECTIONS, Risk
from engagements.permissions import Visibility
from engagements.workflow import REQUEST

_SECTIONS = [section for sections in COMMENT_SECTIONS.values() for section in sections]
_LEVELS = [level.value for level in Visibility]


class CommentQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    milestone = id_field(required=False)
    update = id_field(required=False)  # type: ignore[assignment] # taken out by the metaclass
    request = id_field(required=False)
    plan = id_field(required=False)
    result = id_field(required=False)


class NewComment(StrictSerializer):
    engagement = id_field()
    body = serializers.CharField(max_length=limits.BODY)
    visibility = serializers.ChoiceField(_LEVELS)
    milestone = id_field(required=False, allow_null=True)
    update = id_field(required=False, allow_null=True)  # type: ignore[assignment] # taken out by the metaclass
    request = id_field(required=False, allow_null=True)
    plan = id_field(required=False, allow_null=True)
    result = id_field(required=False, allow_null=True)
    section = serializers.ChoiceField(_SECTIONS, required=False, help_text="of the plan, update or result")


class DocumentQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    milestone = id_field(required=False)


class NewDocument(StrictSerializer):
    engagement = id_field()
    file = serializers.FileField(allow_empty_file=True)
    title = serializers.CharField(required=False, allow_blank=True, max_length=limits.TITLE)
    visibility = serializers.ChoiceField(_LEVELS, default="team")
    milestone = id_field(required=False, allow_null=True)
    shows_people = serializers.BooleanField(default=False)
    has_consent = serializers.BooleanField(default=False)


class RequestQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    status = serializers.ListField(child=serializers.ChoiceField(REQUEST.choices), required=False)
    mine = serializers.BooleanField(default=False, help_text="those you are to answer")


class NewRequest(StrictSerializer):
    engagement = id_field()
    question = serializers.CharField(max_length=limits.BODY)
    due_on = serializers.DateField()
    owner = id_field(required=False, allow_null=True, help_text="id of who is to answer")
    milestone = id_field(required=False, allow_null=True)
    panel_path = serializers.CharField(required=False, allow_blank=True, max_length=limits.PANEL_PATH)


class NewAnswer(StrictSerializer):
    answer = serializers.CharField(max_length=limits.LONG_BODY)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")


class _RiskFields(StrictSerializer):
    mitigation = serializers.CharField(required=False, allow_blank=True, max_length=limits.BODY)
    owner = id_field(required=False, allow_null=True, help_text="id of someone who may read it")
    visibility = serializers.ChoiceField([(each.value, each.value) for each in Visibility], required=False)


class NewRisk(_RiskFields):
    engagement = id_field()
    title = serializers.CharField(max_length=limits.TITLE)
    likelihood = serializers.ChoiceField(Risk.Level.choices)
    severity = serializers.ChoiceField(Risk.Level.choices)
    opened_on = serializers.DateField()


class RiskChange(_RiskFields):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    title = serializers.CharField(required=False, max_length=limits.TITLE)
    likelihood = serializers.ChoiceField(Risk.Level.choices, required=False)
    severity = serializers.ChoiceField(Risk.Level.choices, required=False)
    opened_on = serializers.DateField(required=False)
    closed_on = serializers.DateField(required=False, allow_null=True, help_text="null opens it again")
    outcome = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.OUTCOME, help_text="how it ended: required with closed_on"
    )

    def validate(self, attrs):
        if attrs.get("closed_on") and not attrs.get("outcome", "").strip():
            raise serializers.ValidationError({"outcome": ["Say how it ended."]})
        return attrs


class RiskQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    open = serializers.BooleanField(required=False, allow_null=True, default=None)

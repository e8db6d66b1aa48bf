"""What the API takes for milestones."""

from rest_framework import serializers

from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.milestones.queries.milestones import ORDERS
from engagements.models import Milestone
from engagements.workflow import MILESTONE, REPEATS, SLIP_REASONS


class MilestoneQuery(StrictQuerySerializer):
    engagement = serializers.ListField(child=id_field(), required=False)
    city = serializers.ListField(child=serializers.SlugField(), required=False)
    status = serializers.ListField(child=serializers.ChoiceField(MILESTONE.choices), required=False)
    stage = serializers.ListField(child=serializers.ChoiceField(Milestone.Stage.choices), required=False)
    owner = id_field(required=False)
    due_from = serializers.DateField(required=False)
    due_to = serializers.DateField(required=False)
    overdue = serializers.BooleanField(default=False)
    unfinished = serializers.BooleanField(default=False)
    words = serializers.CharField(required=False, max_length=200)
    order = serializers.ChoiceField(sorted(ORDERS), default="due")


class NewMilestone(StrictSerializer):
    engagement = id_field()
    title = serializers.CharField(max_length=limits.TITLE)
    stage = serializers.ChoiceField(Milestone.Stage.choices)
    due_on = serializers.DateField()
    owner = id_field(required=False, allow_null=True, help_text="id of someone in the team")
    acceptance_evidence = serializers.CharField(required=False, allow_blank=True, max_length=limits.BODY)
    needs_approval = serializers.BooleanField(required=False, allow_null=True, help_text="null: as the engagement asks")
    funder_note = serializers.CharField(required=False, allow_blank=True, max_length=limits.SENTENCE)
    position = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    repeats = serializers.ChoiceField(REPEATS, required=False, allow_blank=True, help_text="counted from due_on")
    repeats_until = serializers.DateField(required=False, allow_null=True, help_text="none is due after this day")


class MilestoneChange(StrictSerializer):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    title = serializers.CharField(required=False, max_length=limits.TITLE)
    stage = serializers.ChoiceField(Milestone.Stage.choices, required=False)
    due_on = serializers.DateField(required=False)
    started_on = serializers.DateField(required=False, allow_null=True)
    owner = id_field(required=False, allow_null=True)
    acceptance_evidence = serializers.CharField(required=False, allow_blank=True, max_length=limits.BODY)
    needs_approval = serializers.BooleanField(required=False)
    funder_note = serializers.CharField(required=False, allow_blank=True, max_length=limits.SENTENCE)
    position = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    repeats = serializers.ChoiceField(REPEATS, required=False, allow_blank=True, help_text="empty: no more")
    repeats_until = serializers.DateField(required=False, allow_null=True)
    slip_reason = serializers.ChoiceField(SLIP_REASONS, required=False, help_text="required when due_on moves")
    slip_words = serializers.CharField(required=False, allow_blank=True, max_length=limits.WHY)
    why = serializers.CharField(required=False, allow_blank=True, max_length=limits.WHY)


class NewProgress(StrictSerializer):
    status = serializers.ChoiceField(MILESTONE.choices)
    line = serializers.CharField(
        max_length=limits.LONG_BODY,
        help_text=f"what happened; what is beyond its first {limits.LINE} characters is kept as the entry's note",
    )
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="with it, a status changed meanwhile is a conflict"
    )


class HoursQuery(StrictQuerySerializer):
    engagement = id_field()


class NewHours(StrictSerializer):
    engagement = id_field()
    on = serializers.DateField()
    hours = serializers.DecimalField(max_digits=4, decimal_places=2, help_text="of 60 minutes; at most 24 a day in all")
    what = serializers.CharField(max_length=limits.LONG_BODY, help_text="what they went into")


class NewCall(StrictSerializer):
    engagement = id_field()
    also = serializers.ListField(
        child=id_field(), required=False, max_length=20, help_text="other engagements it was about"
    )
    on = serializers.DateField()
    present = serializers.CharField(required=False, allow_blank=True, max_length=limits.LINE)
    decided = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.LONG_BODY, help_text="a line a decision"
    )
    questions = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.LONG_BODY, help_text="a line an open question"
    )
    notes = serializers.CharField(required=False, allow_blank=True, max_length=limits.LONG_BODY)
    next_step = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.TITLE, help_text="becomes a milestone of yours"
    )
    next_on = serializers.DateField(required=False, allow_null=True, help_text="required with next_step")
    hours = serializers.DecimalField(required=False, allow_null=True, max_digits=4, decimal_places=2)

    def validate(self, attrs: dict) -> dict:
        told = ("present", "decided", "questions", "notes", "next_step")
        if not any(attrs.get(name) for name in told):
            raise serializers.ValidationError({"decided": ["Say who was there, what was decided, or a note."]})
        return attrs

"""What the API takes and answers of results, projects, searches and the city's replies."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.models import ReplyRequest
from engagements.models.results import PROJECT_STATUSES, REPORTED_PRECISIONS, TESTS
from engagements.results.queries.drafts import ResultDetail
from engagements.results.queries.published import reply_of
from engagements.results.records import (
    DATES,
    LINK,
    NUMBERS,
    PROJECT_COLUMNS,
    RESULT_COLUMNS,
    SOURCE_KINDS,
    WHOLE_NUMBERS,
)
from engagements.results.rules.sentences import state_of
from engagements.reviews.api_inputs import checklist_field
from engagements.reviews.rules.checklists import RESULT as CHECKLIST
from engagements.verdicts import DESIGNS, REPORTED, VERDICTS, Scale, Wanted
from engagements.workflow import RESULT

_CHOICES: dict[str, list[tuple[str, str]]] = {
    "design": [(key.value, label) for key, label in DESIGNS.items()],
    "scale": [(one.value, one.value) for one in Scale],
    "wanted": [(one.value, one.value) for one in Wanted],
    "reported_precision": REPORTED_PRECISIONS,
    "verdict": [(key.value, one.label) for key, one in VERDICTS.items()],
}
_PROJECT_CHOICES = {"status": PROJECT_STATUSES, "test": TESTS}
_HELP = {
    "effect": "the difference made, in `unit`: never a count of people",
    "low": "lower end of the interval",
    "high": "upper end of the interval",
    "level": "of the interval, in percent",
    "no_interval_reason": "needed with an effect without an interval",
    "size_in_words": "as the source words it, for example more than 20 times; never used in calculations",
    "size_source": "title of the source that words it so; needed with `size_in_words`",
    "reported_on": "the first day of the month or year where `reported_precision` names one",
    "reported_precision": "how exactly the source says when it reported",
    "scale": "difference: no change is 0; ratio: no change is 1",
    "wanted": "which way is better",
    "reach_number": "how many were reached: no effect",
    "context": "what else changed or is counted: no effect",
    "verdict": "the portal's own, only with `own_data`; empty for a published result",
    "own_data": "the portal's own data behind the verdict",
    "project": "its id; null only with `is_outside`",
    "is_outside": "of the same city, and not shown to be of the initiative",
    "participants": "number in all groups together",
}


def _version() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")


class ResultArmSerializer(StrictSerializer):
    name = serializers.CharField(max_length=limits.NAME)
    number = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    value = serializers.FloatField(allow_null=True, required=False)
    unit = serializers.CharField(max_length=limits.EVIDENCE["unit"], allow_blank=True, required=False)


class ResultSourceSerializer(StrictSerializer):
    title = serializers.CharField(max_length=limits.TITLE)
    kind = serializers.ChoiceField(SOURCE_KINDS, required=False, help_text=f"`{LINK}` unless it is a document")
    url = serializers.CharField(max_length=limits.URL, allow_blank=True, required=False, help_text="https only")
    document = id_field(allow_null=True, required=False)
    publisher = serializers.CharField(max_length=limits.NAME, allow_blank=True, required=False)
    dated = serializers.CharField(max_length=limits.JOB_TITLE, allow_blank=True, required=False)
    confidence = serializers.CharField(max_length=limits.SENTENCE, allow_blank=True, required=False)
    says = serializers.CharField(max_length=limits.NOTE, allow_blank=True, required=False)


def _column(name: str, **options: Any) -> serializers.Field:
    """What may stand in it, the rules say."""
    if name in _HELP:
        options["help_text"] = _HELP[name]
    if name == "arms":
        return ResultArmSerializer(many=True, **options)
    if name == "sources":
        return ResultSourceSerializer(many=True, **options)
    if name == "project":
        return id_field(allow_null=True, **options)
    if name in (*NUMBERS, "cost_usd"):
        return serializers.FloatField(allow_null=True, **options)
    if name in WHOLE_NUMBERS:
        return serializers.IntegerField(allow_null=True, min_value=0, max_value=2**31 - 1, **options)
    if name in (*DATES, "starts_on", "ends_on"):
        return serializers.DateField(allow_null=True, **options)
    if name == "is_outside":
        return serializers.BooleanField(**options)
    if name in _CHOICES:
        return serializers.ChoiceField(_CHOICES[name], allow_blank=name == "verdict", **options)
    return serializers.CharField(allow_blank=True, max_length=limits.DEFINITION, **options)


def _project_column(name: str, **options: Any) -> serializers.Field:
    if name in _PROJECT_CHOICES:
        return serializers.ChoiceField(_PROJECT_CHOICES[name], **options)
    return _column(name, **options)


class ResultQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    project = id_field(required=False)
    city = serializers.SlugField(required=False)
    status = serializers.ChoiceField(RESULT.choices, required=False, help_text="as you read it")


class NewResult(StrictSerializer):
    def get_fields(self) -> dict:
        needed = ("finding", "outcome", "tried", "design", "sources")
        return {"engagement": id_field(), **{name: _column(name, required=name in needed) for name in RESULT_COLUMNS}}


class ResultChange(StrictSerializer):
    def get_fields(self) -> dict:
        return {
            **{name: _column(name, required=False) for name in RESULT_COLUMNS},
            "version": _version(),
            "why": serializers.CharField(max_length=limits.WHY, required=False, allow_blank=True),
        }


class NewResultMove(StrictSerializer):
    status = serializers.ChoiceField(RESULT.choices)
    version = _version()
    why = serializers.CharField(max_length=limits.WHY, required=False, allow_blank=True)
    checklist = checklist_field(CHECKLIST)


class ResultReplySerializer(serializers.Serializer):
    words = serializers.CharField(help_text="what travels with the sentence; empty: the city was not asked")
    answer = serializers.CharField()
    asked_on = serializers.DateField(allow_null=True)
    replied_on = serializers.DateField(allow_null=True)
    is_confirmed = serializers.BooleanField()


class ResultPublicationSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField([("published", "Published"), ("corrected", "Corrected"), ("retracted", "Retracted")])
    at = serializers.DateTimeField()
    why = serializers.CharField()
    sentence = serializers.CharField()
    changed = serializers.SerializerMethodField(help_text="fields that differ from the publication before")

    def get_changed(self, row) -> list[str]:
        return [name for name, _before, _after in row.changes]


class ResultSerializer(serializers.Serializer):
    """A result in the words this reader may read."""

    def get_fields(self) -> dict:
        return {
            "id": serializers.IntegerField(source="pk"),
            "version": serializers.IntegerField(help_text="send it with a change"),
            "engagement": serializers.IntegerField(source="engagement.pk"),
            "city": serializers.CharField(source="engagement.city.slug"),
            "project_title": serializers.CharField(source="project.title", default="", allow_blank=True),
            "sentence": serializers.CharField(help_text="as the public reads it"),
            "status": serializers.CharField(),
            "reported": serializers.SerializerMethodField(),
            "reply": ResultReplySerializer(),
            "is_shipped": serializers.BooleanField(help_text="came with the portal; not confirmed by the city"),
            "is_fictional": serializers.BooleanField(),
            "publications": ResultPublicationSerializer(many=True, help_text="newest first"),
            **{name: _column(name, source=f"fields.{name}") for name in RESULT_COLUMNS},
        }

    def get_reported(self, page: ResultDetail) -> str:
        """gain, loss, zero or no_interval; empty where the portal has its own verdict"""
        state = state_of(page.fields)
        return state.value if state in REPORTED else ""


class ProjectSerializer(serializers.Serializer):
    def get_fields(self) -> dict:
        return {
            "id": serializers.IntegerField(source="pk"),
            "version": serializers.IntegerField(help_text="send it with a change"),
            "engagement": serializers.IntegerField(source="engagement_id"),
            **{name: _project_column(name) for name in PROJECT_COLUMNS},
            "is_fictional": serializers.BooleanField(),
        }


class ProjectQuery(StrictQuerySerializer):
    engagement = id_field(required=False)


class NewProject(StrictSerializer):
    def get_fields(self) -> dict:
        columns = {name: _project_column(name, required=name == "title") for name in PROJECT_COLUMNS}
        return {"engagement": id_field(), **columns, "plans": _plans()}


class ProjectChange(StrictSerializer):
    def get_fields(self) -> dict:
        columns = {name: _project_column(name, required=False) for name in PROJECT_COLUMNS}
        return {**columns, "plans": _plans(), "version": _version()}


def _plans() -> serializers.ListField:
    return serializers.ListField(
        child=id_field(), required=False, max_length=100, help_text="plans that calculate for it, and no others"
    )


class SearchSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    project = serializers.IntegerField(source="project_id")
    searched_by = serializers.CharField()
    what = serializers.CharField()
    places = serializers.CharField()
    searched_on = serializers.DateField()
    sentence = serializers.CharField(help_text="as the public reads it")
    published_at = serializers.DateTimeField(allow_null=True)


class NewSearch(StrictSerializer):
    engagement = id_field()
    project = id_field()
    searched_by = serializers.CharField(max_length=limits.NAME)
    what = serializers.CharField(max_length=limits.SENTENCE)
    places = serializers.CharField(max_length=limits.DEFINITION)
    searched_on = serializers.DateField()


class SearchPublication(StrictSerializer):
    version = _version()


class ReplyRequestSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    engagement = serializers.IntegerField(source="engagement_id")
    result = serializers.IntegerField(source="result_id", allow_null=True)
    search = serializers.IntegerField(source="search_id", allow_null=True)
    sentence = serializers.CharField()
    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    organisation = serializers.IntegerField(source="organisation_id", allow_null=True)
    owner = serializers.IntegerField(source="owner_id")
    asked_on = serializers.DateField()
    due_on = serializers.DateField(help_text="ten business days later")
    answer = serializers.CharField()
    reply = serializers.CharField()
    words = serializers.SerializerMethodField()

    def get_words(self, row: ReplyRequest) -> str:
        """what travels with the sentence"""
        return reply_of(row, timezone.localdate()).words


class NewReplyRequest(StrictSerializer):
    result = id_field(required=False)
    search = id_field(required=False)
    contact = id_field(required=False)
    organisation = id_field(required=False)
    owner = id_field(required=False)
    email = serializers.EmailField(
        required=False, help_text="of the organization: it gets a link to reply without signing in"
    )


class NewReply(StrictSerializer):
    answer = serializers.ChoiceField(ReplyRequest.Answer.choices)
    reply = serializers.CharField(max_length=limits.REPLY, required=False, allow_blank=True)
    received_how = serializers.CharField(max_length=limits.PHRASE, required=False, allow_blank=True)
    version = _version()

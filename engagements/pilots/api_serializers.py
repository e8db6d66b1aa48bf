"""What the API answers of pilots. Every number is as it was published, with its unit and its interval."""

import json
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from engagements.base.api.inputs import StrictQuerySerializer, id_field
from engagements.models import Pilot
from engagements.pilots.queries.pilot_answers import PilotAnswer
from engagements.pilots.rules.canonical import canonical_json
from engagements.pilots.rules.registration import DesignKind
from engagements.verdicts import VERDICTS

_VERDICTS = [(key.value, one.label) for key, one in VERDICTS.items()]
_DESIGNS = [(one.value, one.value) for one in DesignKind]


class PilotQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    city = serializers.SlugField(required=False)
    state = serializers.ChoiceField(Pilot.State.choices, required=False)
    verdict = serializers.ChoiceField(
        _VERDICTS, required=False, help_text="of the last publication; retracted ones have none"
    )


class PilotVersionSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="1 is the registration, later ones are amendments")
    sha256 = serializers.CharField(
        help_text="of the text, from version 2 on of the fingerprint before it, a line break and the text"
    )
    previous_sha256 = serializers.CharField()
    locked_at = serializers.DateTimeField()
    reason = serializers.CharField(help_text="of an amendment")


class PilotSerializer(serializers.Serializer):
    """One pilot in a list. Numbers are those published: a draft of a result is never here."""

    id = serializers.IntegerField(source="pilot.pk")
    title = serializers.CharField(source="pilot.title")
    engagement = serializers.IntegerField(source="pilot.engagement_id")
    city = serializers.CharField(source="pilot.engagement.city.slug")
    state = serializers.ChoiceField(Pilot.State.choices, source="pilot.state")
    is_fictional = serializers.BooleanField(source="pilot.is_fictional")
    design = serializers.CharField(help_text="in words")
    design_kind = serializers.ChoiceField(_DESIGNS, source="plan.design", allow_null=True, default=None)
    registered_before_data = serializers.BooleanField(source="before.is_so", help_text="computed, never claimed")
    registered_before_data_because = serializers.CharField(source="before.why")
    registration_sha256 = serializers.SerializerMethodField(help_text="of the last locked version; empty for none")
    outcome = serializers.CharField(source="plan.outcome.name", allow_null=True, default=None)
    unit = serializers.CharField(source="plan.outcome.unit", allow_null=True, default=None)
    smallest_worthwhile = serializers.FloatField(
        source="plan.smallest_worthwhile", allow_null=True, default=None, help_text="in `unit`, set before data"
    )
    result = serializers.IntegerField(allow_null=True, help_text="its published result")
    verdict = serializers.ChoiceField(_VERDICTS, source="said.verdict", allow_null=True, default=None)
    sentence = serializers.CharField(help_text="the verdict as the public reads it")
    effect = serializers.FloatField(source="said.effect", allow_null=True, default=None, help_text="in `unit`")
    low = serializers.FloatField(source="said.low", allow_null=True, default=None)
    high = serializers.FloatField(source="said.high", allow_null=True, default=None)
    level = serializers.FloatField(
        source="said.level", allow_null=True, default=None, help_text="of the interval, in percent"
    )
    participants = serializers.IntegerField(source="said.participants", allow_null=True, default=None)
    published_at = serializers.DateTimeField(allow_null=True)
    is_retracted = serializers.BooleanField(help_text="withdrawn: the verdict and its numbers stand no longer")
    why = serializers.CharField(help_text="of the last correction or retraction; empty for none")
    page = serializers.SerializerMethodField()

    def get_registration_sha256(self, answer: PilotAnswer) -> str:
        return answer.versions[-1].sha256 if answer.versions else ""

    def get_page(self, answer: PilotAnswer) -> str:
        return reverse("pilot", args=[answer.pilot.pk])


class PilotDetailSerializer(PilotSerializer):
    """With the locked plan, its versions and everything the published analysis found."""

    versions = PilotVersionSerializer(many=True)
    registration = serializers.SerializerMethodField(help_text="the last locked version, as its canonical JSON says it")
    finding = serializers.DictField(
        allow_null=True, help_text="the published analysis: estimate, tests, losses, sizes, other methods"
    )

    def get_registration(self, answer: PilotAnswer) -> dict[str, Any] | None:
        return json.loads(canonical_json(answer.plan)) if answer.plan else None

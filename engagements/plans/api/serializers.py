"""What the API says of plans: the records of `engagements.plans.records`, field by field, as the page has them."""

import dataclasses
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from rest_framework import serializers

from engagements.plans.records import InterventionPlanned, PlanContent, PlanFigures

_PLAIN = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
    date: serializers.DateField,
    datetime: serializers.DateTimeField,
}


def serializer_of(record: type, renamed: dict[str, str] | None = None) -> type[serializers.Serializer]:
    """A serializer with the record's own fields; `renamed` {shown: field}. Nested records are nested."""
    hints = typing.get_type_hints(record)
    labels = {field: label for label, field in (renamed or {}).items()}
    made: dict[str, object] = {}
    for each in dataclasses.fields(record):
        label = labels.get(each.name, each.name)
        made[label] = _field(hints[each.name], {} if label == each.name else {"source": each.name})
    return type(f"{record.__name__}Serializer", (serializers.Serializer,), made)


@cache
def _nested(record: type) -> type[serializers.Serializer]:
    """One class for a record wherever it stands: the schema names it once."""
    return serializer_of(record)


def _field(hint, options: dict) -> serializers.Field:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _field(next(arg for arg in args if arg is not type(None)), options | {"allow_null": True})
    if origin is tuple:
        if isinstance(args[0], type) and dataclasses.is_dataclass(args[0]):
            return _nested(args[0])(many=True, **options)
        return serializers.ListField(child=_field(args[0], {}), **options)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _nested(hint)(**options)
    if hint is Decimal:
        return serializers.DecimalField(max_digits=16, decimal_places=2, **options)
    return _PLAIN[hint](**options)


class PlanSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField(help_text="send it with a change")
    engagement = serializers.IntegerField(source="engagement_id")
    engagement_slug = serializers.CharField()
    city_slug = serializers.CharField()
    city_name = serializers.CharField()
    title = serializers.CharField()
    area_name = serializers.CharField()
    tracts = serializers.IntegerField()
    interventions = serializers.IntegerField()
    status = serializers.CharField(allow_null=True, help_text="null for people who read only what was published")
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer, not the serializer's label
    publication = serializers.IntegerField(source="number", help_text="of the last publication; 0: none yet")
    published_at = serializers.DateTimeField(allow_null=True)
    is_public = serializers.BooleanField()
    is_fictional = serializers.BooleanField()


class InterventionVersionSerializer(
    serializer_of(InterventionPlanned, {"id": "pk"})  # type: ignore[misc]  # made of the record's fields
):
    version = serializers.SerializerMethodField(allow_null=True, help_text="null for people who see no draft")

    def get_version(self, row) -> int | None:
        return self.context.get("versions", {}).get(row.pk)


class PlanDetailSerializer(serializers.Serializer):
    plan = PlanSerializer(source="row")
    is_draft = serializers.BooleanField(source="is_team", help_text="false: content as it was published")
    content = serializer_of(PlanContent)()
    legal_review_note = serializers.CharField(help_text="empty below the team")
    next_statuses = serializers.SerializerMethodField()
    missing = serializers.ListField(child=serializers.CharField(), help_text="what a review still needs")
    changed_evidence = serializers.SerializerMethodField()

    def get_next_statuses(self, page) -> list[str]:
        return [state.value for state in page.next_states]

    def get_changed_evidence(self, page) -> list[dict]:
        return [
            {
                "intervention": each.intervention,
                "key": each.key,
                "read": each.read,
                "now": each.now,
                "is_withdrawn": each.is_withdrawn,
                "is_waiting": each.is_waiting,
            }
            for each in page.evidence_changes
        ]


PlanFiguresSerializer = serializer_of(PlanFigures)


class TractsSerializer(serializers.Serializer):
    plan = serializers.IntegerField()
    version = serializers.IntegerField()
    area_name = serializers.CharField()
    area_rule = serializers.CharField()
    measure = serializers.CharField()
    tract_vintage = serializers.IntegerField()
    geoids = serializers.ListField(child=serializers.CharField())

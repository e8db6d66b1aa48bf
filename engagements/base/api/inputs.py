"""What the API takes. An unknown field is an error, so that a misspelt name is not ignored."""

from django.utils.functional import cached_property
from rest_framework import serializers

from engagements import limits

_PAGING = frozenset({"page", "page_size", "cursor"})
LARGEST = 2**63 - 1


def id_field(**options) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST, **options)


# A comment, not a docstring: the API schema would repeat it for each class.
# Refuses names it has no field for, except `extra_names`.
class StrictSerializer(serializers.Serializer):
    def to_internal_value(self, data):
        unknown = set(data) - set(self.fields) - self.extra_names() if hasattr(data, "keys") else ()
        if unknown:
            raise serializers.ValidationError({name: ["There is no such field here."] for name in sorted(unknown)})
        return super().to_internal_value(data)

    @cached_property
    def fields(self):
        found = super().fields
        for field in found.values():
            _name_the_values(field)
        return found

    def extra_names(self) -> frozenset[str]:
        return frozenset()


def _name_the_values(field: serializers.Field) -> None:
    """A wrong value's error says which there are."""
    if isinstance(field, serializers.ChoiceField):
        values = ", ".join(str(value) for value in field.choices)
        field.error_messages["invalid_choice"] = f"There is no “{{input}}” here. There are: {values}."
    elif isinstance(field, serializers.ListField):
        _name_the_values(field.child)


class StrictQuerySerializer(StrictSerializer):
    def extra_names(self) -> frozenset[str]:
        return _PAGING


class NewArchive(StrictSerializer):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    why = serializers.CharField(max_length=limits.WHY)

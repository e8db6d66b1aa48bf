"""What the API takes. An unknown field is an error, so that a misspelt name is not ignored."""

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

    def extra_names(self) -> frozenset[str]:
        return frozenset()


class StrictQuerySerializer(StrictSerializer):
    def extra_names(self) -> frozenset[str]:
        return _PAGING


class NewArchive(StrictSerializer):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    why = serializers.CharField(max_length=limits.WHY)

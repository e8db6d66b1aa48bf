"""What the API takes. A field nobody asked for is an error: a misspelt name must not pass as done."""

from rest_framework import serializers

from engagements import limits

_OF_LISTS = frozenset({"page", "page_size", "cursor"})
LARGEST = 2**63 - 1


def id_field(**options) -> serializers.IntegerField:
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


class NewArchive(Body):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    why = serializers.CharField(max_length=limits.WHY)

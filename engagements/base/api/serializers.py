"""What the API says of every kind of record."""

from rest_framework import serializers


class ColorRatingSerializer(serializers.Serializer):
    colour = serializers.CharField(help_text="green, amber, red, or none where nothing is judged")
    label = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass
    rule = serializers.CharField(help_text="what made it")


class ArchivedSerializer(serializers.Serializer):
    """Archived objects stay in the history and are shown nowhere else."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    archived_at = serializers.DateTimeField()


def archived(row) -> dict:
    return ArchivedSerializer({"id": row.pk, "version": row.version, "archived_at": row.archived_at}).data

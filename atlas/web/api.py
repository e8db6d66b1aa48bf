"""Read API of what is known: measures and releases. Every list is {count, next, results}."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from atlas.models import Release
from atlas.queries.errata import errata
from atlas.queries.measures import available_measures
from atlas.records.places import MeasureRecord, Source
from atlas.sources.datasets import get_dataset
from atlas.web.api_pagination import ListPagination
from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import Validator, public_read


class SourceSerializer(serializers.Serializer):
    dataset = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField()
    citation = serializers.CharField()
    licence = serializers.CharField()
    address = serializers.CharField()
    vintage = serializers.CharField()
    release_id = serializers.IntegerField()
    activated_at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    is_sample = serializers.BooleanField(help_text="true: generated, not published")
    starter_date = serializers.DateField(
        allow_null=True, help_text="of the starter set the file came with; null for one fetched or loaded"
    )


class MeasureSerializer(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the API named like an option of Field
    unit = serializers.CharField(help_text="rank (a percentile) and share are 0 to 1; usd_YYYY is dollars of that year")
    group = serializers.CharField()
    population = serializers.CharField()
    has_standard_error = serializers.BooleanField()
    derived_from = serializers.CharField(help_text="measure it is calculated from; empty when published")
    note = serializers.CharField()
    source = SourceSerializer()  # type: ignore[assignment]  # likewise


class ReleaseSerializer(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields = (
            "id",
            "dataset",
            "title",
            "level",
            "vintage",
            "status",
            "file_name",
            "sha256",
            "byte_count",
            "rows_read",
            "rows_kept",
            "is_sample",
            "starter_date",
            "created_at",
            "activated_at",
            "retired_at",
        )

    def get_title(self, release) -> str:
        return get_dataset(release.dataset).title


class CorrectedValueSerializer(serializers.Serializer):
    of = serializers.CharField()
    unit = serializers.CharField()
    old = serializers.CharField(help_text="text, because some formulas gave no number before")
    new = serializers.CharField()


class ErratumSerializer(serializers.Serializer):
    date = serializers.DateField()
    kind = serializers.ChoiceField(choices=["formula", "release"])
    subject = serializers.CharField()
    what = serializers.CharField()
    reason = serializers.CharField()
    where = serializers.ListField(child=serializers.CharField())
    values = CorrectedValueSerializer(many=True)
    dataset = serializers.CharField(help_text="empty for a formula")
    release_id = serializers.IntegerField(allow_null=True)
    changed = serializers.IntegerField(help_text="values of the release that differ; 0 for a formula")


def source_data(source: Source) -> dict:
    return SourceSerializer(source).data


def measure_data(measure: MeasureRecord) -> dict:
    return MeasureSerializer(measure).data


@public_read(Validator.RELEASE)
@extend_schema_view(get=extend_schema(summary="Measures in use for tracts, with unit, people and source"))
class MeasureList(DeclaredParametersMixin, ListAPIView):
    serializer_class = MeasureSerializer
    pagination_class = ListPagination

    def get_queryset(self):
        return available_measures("tract")


@public_read(Validator.ANSWER)
@extend_schema_view(
    get=extend_schema(summary="What changed in a formula or a release: old and new value, date, reason")
)
class ErratumList(DeclaredParametersMixin, ListAPIView):
    serializer_class = ErratumSerializer
    pagination_class = ListPagination

    def get_queryset(self):
        return errata()


@public_read(Validator.ANSWER)
@extend_schema_view(get=extend_schema(summary="Versions of source files: waiting, in use or replaced"))
class ReleaseList(DeclaredParametersMixin, ListAPIView):
    serializer_class = ReleaseSerializer
    pagination_class = ListPagination
    queryset = Release.objects.order_by("-id")

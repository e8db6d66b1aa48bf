"""Reports for programs: ask for one, look how far it is, take its file."""

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from dashboards.reports.tasks import hand_over
from dashboards.reports.views import file_response
from engagements import limits
from engagements.access.portfolio import report_for
from engagements.base.api.inputs import LARGEST, StrictQuerySerializer, StrictSerializer
from engagements.base.api.views import ApiView
from engagements.models import Report
from engagements.portfolio.actions.reports import request_report
from engagements.portfolio.queries.reports import report, reports


class ReportSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    initiative = serializers.CharField(source="initiative_slug")
    plan = serializers.IntegerField(source="plan_pk", allow_null=True)
    query = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="what was known then")
    number = serializers.IntegerField(help_text="counts the reports of one kind of one portfolio or plan")
    status = serializers.ChoiceField(choices=Report.Status.choices)
    percent = serializers.IntegerField()
    problem = serializers.CharField(help_text="why it was not made")
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    file_name = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    file = serializers.SerializerMethodField(help_text="where the bytes are, with the same token; null until then")

    def get_file(self, row) -> str | None:
        return f"/api/v1/reports/{row.pk}/file/" if row.is_done else None


class ReportInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    initiative = serializers.SlugField(required=False, help_text="for reports of a portfolio")
    plan = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST, help_text="for reports of a plan")
    query = serializers.CharField(required=False, max_length=limits.FILTER_QUERY, default="", allow_blank=True)
    as_of = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ReportQuery(StrictQuerySerializer):
    initiative = serializers.SlugField(required=False)
    plan = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)


class ReportList(ApiView):
    serializer_class = ReportSerializer
    write_scope = "write:reports"

    @extend_schema(
        summary="Reports you may read, newest first", parameters=[ReportQuery], responses=ReportSerializer(many=True)
    )
    def get(self, request) -> Response:
        asked = self.read_query(ReportQuery)
        return self.answer_list(
            reports(request.user, initiative=asked.get("initiative"), plan=asked.get("plan"), limit=1000)
        )

    @extend_schema(summary="Create a report", request=ReportInput, responses=ReportSerializer)
    def post(self, request) -> Response:
        asked = self.read_body(ReportInput)

        def make() -> dict:
            made = request_report(by=request.user, now=timezone.now(), **asked)
            return self.get_serializer(report(request.user, made.pk)).data

        answer = self.write(make)
        hand_over(answer.data["id"])  # once it is kept: a worker that came before would find nothing
        return answer


class ReportDetail(ApiView):
    serializer_class = ReportSerializer

    @extend_schema(summary="One report and its progress")
    def get(self, request, pk: int) -> Response:
        return Response(self.get_serializer(report(request.user, pk)).data)


class ReportFileView(ApiView):
    serializer_class = None
    pagination_class = None

    @extend_schema(summary="Download a report", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request, pk: int) -> FileResponse:
        return file_response(report_for(request.user, pk))

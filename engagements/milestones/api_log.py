"""What is logged beside milestones: calls and meetings, and hours."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from engagements.access.engagements import engagement_for
from engagements.base.api.inputs import NewArchive
from engagements.base.api.pagination import CountedRows
from engagements.base.api.serializers import ArchivedSerializer, archived
from engagements.base.api.views import ApiView
from engagements.milestones.actions.calls import log_call
from engagements.milestones.actions.hours import archive_hours, log_hours
from engagements.milestones.api_inputs import HoursQuery, NewCall, NewHours
from engagements.milestones.api_serializers import CallSerializer, HoursSerializer, LoggedHoursSerializer
from engagements.milestones.queries.hours import count_hours, hours_entries
from engagements.permissions import VIEW_TEAM


class HoursList(ApiView):
    serializer_class = HoursSerializer
    write_scope = "write:milestones"

    @extend_schema(
        summary="Hours of an engagement, newest first",
        parameters=[HoursQuery],
        responses=HoursSerializer(many=True),
    )
    def get(self, request) -> Response:
        within = engagement_for(request.user, self.read_query(HoursQuery)["engagement"], VIEW_TEAM)

        def rows(limit: int, offset: int):
            return hours_entries(request.user, within.pk, limit=limit, offset=offset)

        return self.answer_list(CountedRows(lambda: count_hours(within.pk), rows))

    @extend_schema(
        operation_id="log_hours",
        summary="Log your own hours of one day",
        request=NewHours,
        responses={201: LoggedHoursSerializer},
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewHours)
        return self.write(lambda: LoggedHoursSerializer(log_hours(**asked, by=request.user, now=timezone.now())).data)


class HoursArchive(ApiView):
    serializer_class = ArchivedSerializer
    write_scope = "write:milestones"

    @extend_schema(
        operation_id="archive_hours",
        summary="Remove hours from every sum; the history keeps them",
        request=NewArchive,
        responses={201: ArchivedSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewArchive)

        def make() -> dict:
            return archived(
                archive_hours(
                    entry=pk, expected_version=asked["version"], why=asked["why"], by=request.user, now=timezone.now()
                )
            )

        return self.write(make)


class Calls(ApiView):
    serializer_class = CallSerializer
    write_scope = "write:milestones"

    @extend_schema(
        operation_id="log_call",
        summary="Log a call or meeting with its decisions, open questions, next step and your hours: all or nothing",
        request=NewCall,
        responses={201: CallSerializer},
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewCall)
        return self.write(lambda: CallSerializer(log_call(**asked, by=request.user, now=timezone.now())).data)

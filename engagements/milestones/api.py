"""Milestones: list, make, change with the version one saw, log progress."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.milestones.actions.milestones import CHANGEABLE, add_milestone, change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.api_inputs import MilestoneChange, MilestoneQuery, NewMilestone, NewProgress
from engagements.milestones.api_serializers import MilestoneSerializer, ProgressSerializer
from engagements.milestones.queries.milestone_page import milestone_page
from engagements.milestones.queries.milestones import MilestoneFilter, milestones


class MilestoneView(ApiView):
    serializer_class = MilestoneSerializer
    write_scope = "write:milestones"

    def show(self, pk: int) -> dict:
        page = milestone_page(self.request.user, pk, today=timezone.localdate())
        return MilestoneSerializer(page.row).data


class MilestoneList(MilestoneView):
    @extend_schema(
        summary="Milestones you may see", parameters=[MilestoneQuery], responses=MilestoneSerializer(many=True)
    )
    def get(self, request) -> Response:
        asked, today = self.read_query(MilestoneQuery), timezone.localdate()
        where, order = _filter(asked), asked["order"]

        def rows(limit: int, offset: int):
            return milestones(request.user, where, today=today, order=order, limit=limit, offset=offset).rows

        def count() -> int:
            return milestones(request.user, where, today=today, limit=0).total

        return self.answer_list(CountedRows(count, rows))

    @extend_schema(summary="Add a milestone", request=NewMilestone, responses={201: MilestoneSerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewMilestone)
        return self.write(lambda: self.show(add_milestone(**asked, by=request.user, now=timezone.now()).pk))


class MilestoneDetail(MilestoneView):
    @extend_schema(summary="One milestone")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(
        summary="Change a milestone; 409 shows both versions", request=MilestoneChange, responses=MilestoneSerializer
    )
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(MilestoneChange)
        changes = {name: asked[name] for name in asked.keys() & CHANGEABLE}
        reasons = {name: asked[name] for name in asked.keys() & {"slip_reason", "slip_words", "why"}}

        def make() -> dict:
            change_milestone(
                milestone=pk,
                changes=changes,
                expected_version=asked["version"],
                by=request.user,
                now=timezone.now(),
                **reasons,
            )
            return self.show(pk)

        return self.write(make, 200)


class MilestoneProgress(ApiView):
    serializer_class = ProgressSerializer
    write_scope = "write:milestones"

    @extend_schema(
        operation_id="log_milestone_progress",
        summary="Log progress: a status and one sentence",
        request=NewProgress,
        responses={201: ProgressSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewProgress)

        def make() -> dict:
            entry = log_progress(
                milestone=pk,
                status=asked["status"],
                line=asked["line"],
                expected_version=asked.get("version"),
                by=request.user,
                now=timezone.now(),
            )
            return ProgressSerializer(entry).data

        return self.write(make)


def _filter(asked: dict) -> MilestoneFilter:
    return MilestoneFilter(
        engagements=tuple(asked.get("engagement", ())),
        cities=tuple(asked.get("city", ())),
        statuses=tuple(asked.get("status", ())),
        stages=tuple(asked.get("stage", ())),
        owner=asked.get("owner"),
        due_from=asked.get("due_from"),
        due_to=asked.get("due_to"),
        only_overdue=asked["overdue"],
        only_unfinished=asked["unfinished"],
        words=asked.get("words", ""),
    )

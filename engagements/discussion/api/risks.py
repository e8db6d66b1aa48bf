"""Risks: list, write down, change, close, archive."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from engagements.access.errors import NotFound
from engagements.base.api.inputs import NewArchive
from engagements.base.api.pagination import CountedRows
from engagements.base.api.serializers import ArchivedSerializer, archived
from engagements.base.api.views import ApiView
from engagements.discussion.actions.risks import CHANGEABLE, add_risk, archive_risk, change_risk
from engagements.discussion.api.inputs import NewRisk, RiskChange, RiskQuery
from engagements.discussion.api.serializers import RiskSerializer
from engagements.discussion.queries.risks import count_risks, risks


class RiskView(ApiView):
    serializer_class = RiskSerializer
    write_scope = "write:risks"

    def show(self, pk: int) -> dict:
        found = risks(self.request.user, pk=pk)
        if not found:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        return RiskSerializer(found[0]).data


class RiskList(RiskView):
    @extend_schema(
        summary="Risks you may see: open ones first, then by size",
        parameters=[RiskQuery],
        responses=RiskSerializer(many=True),
    )
    def get(self, request) -> Response:
        asked = self.read_query(RiskQuery)
        where = {"engagements": (asked["engagement"],) if "engagement" in asked else (), "is_open": asked["open"]}

        def rows(limit: int, offset: int):
            return risks(request.user, limit=limit, offset=offset, **where)

        return self.answer_list(CountedRows(lambda: count_risks(request.user, **where), rows))

    @extend_schema(summary="Add a risk", request=NewRisk, responses={201: RiskSerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewRisk)
        return self.write(lambda: self.show(add_risk(**asked, by=request.user, now=timezone.now()).pk))


class RiskDetail(RiskView):
    @extend_schema(summary="One risk")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(
        summary="Change or close a risk; 409 shows both versions", request=RiskChange, responses=RiskSerializer
    )
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(RiskChange)
        changes = {name: asked[name] for name in asked.keys() & CHANGEABLE}

        def make() -> dict:
            change_risk(
                risk=pk, changes=changes, expected_version=asked["version"], by=request.user, now=timezone.now()
            )
            return self.show(pk)

        return self.write(make, 200)


class RiskArchive(ApiView):
    serializer_class = ArchivedSerializer
    write_scope = "write:risks"

    @extend_schema(
        operation_id="archive_risk",
        summary="Archive a risk added by mistake",
        request=NewArchive,
        responses={201: ArchivedSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewArchive)

        def make() -> dict:
            return archived(
                archive_risk(
                    risk=pk, expected_version=asked["version"], why=asked["why"], by=request.user, now=timezone.now()
                )
            )

        return self.write(make)

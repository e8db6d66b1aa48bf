"""Engagements, quarterly updates and the feed: read only."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from engagements.access.errors import NotFound
from engagements.base.api.pagination import read_cursor, write_cursor
from engagements.base.api.views import ApiView
from engagements.base.queries.engagements import engagements
from engagements.discussion.api.serializers import UpdateSerializer
from engagements.discussion.queries.updates import updates
from engagements.home.api_serializers import (
    ActivityPageSerializer,
    ActivityQuery,
    EngagementDetailSerializer,
    EngagementQuery,
    EngagementSerializer,
    UpdateQuery,
)
from engagements.home.queries.activity import activity
from engagements.home.queries.engagement import engagement_page


class EngagementList(ApiView):
    serializer_class = EngagementSerializer

    @extend_schema(
        summary="Engagements you may see", parameters=[EngagementQuery], responses=EngagementSerializer(many=True)
    )
    def get(self, request) -> Response:
        city = self.read_query(EngagementQuery).get("city")
        rows = engagements(request.user, today=timezone.localdate())
        return self.answer_list(tuple(row for row in rows if city in (None, row.city_slug)))


class EngagementDetail(ApiView):
    serializer_class = EngagementDetailSerializer

    @extend_schema(summary="One engagement with its statuses, team and partners")
    def get(self, request, pk: int) -> Response:
        return Response(self.get_serializer(engagement_page(request.user, pk, today=timezone.localdate())).data)


class UpdateList(ApiView):
    serializer_class = UpdateSerializer

    @extend_schema(
        summary="Quarterly updates: drafts for the team, publications for all who may read",
        parameters=[UpdateQuery],
        responses=UpdateSerializer(many=True),
    )
    def get(self, request) -> Response:
        return self.answer_list(updates(request.user, engagements=_engagement_ids(self.read_query(UpdateQuery))))


class UpdateDetail(ApiView):
    serializer_class = UpdateSerializer

    @extend_schema(summary="One quarterly update")
    def get(self, request, pk: int) -> Response:
        found = updates(request.user, pk=pk)
        if not found:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        return Response(self.get_serializer(found[0]).data)


class ActivityList(ApiView):
    """Pages by cursor: what is written meanwhile neither repeats nor hides a row."""

    serializer_class = ActivityPageSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_activity",
        summary="What people did, newest first",
        parameters=[ActivityQuery, OpenApiParameter("cursor", str)],
    )
    def get(self, request) -> Response:
        asked = self.read_query(ActivityQuery)
        cursor = request.query_params.get("cursor")
        limit = asked["limit"]
        rows = activity(
            request.user,
            engagements=_engagement_ids(asked),
            since=asked.get("since"),
            limit=limit + 1,
            after=read_cursor(cursor) if cursor else None,
        )
        page = rows[:limit]
        following = write_cursor(page[-1].at, page[-1].pk) if len(rows) > limit else None
        return Response(self.get_serializer({"next": self._address(following), "results": page}).data)

    def _address(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


def _engagement_ids(asked: dict) -> tuple[int, ...]:
    return (asked["engagement"],) if "engagement" in asked else ()

"""Pilots: everybody reads published ones, teams all of theirs. Registration and data are brought on pages."""

from django.db.models import Exists, OuterRef, Q
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from atlas.web.public_reads import Validator, public_read
from engagements.access.pilots import pilot_for, visible_pilots
from engagements.base.api.authentication import WithinScope
from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.models import PilotCity, ResultPublication
from engagements.pilots.api_serializers import PilotDetailSerializer, PilotQuery, PilotSerializer
from engagements.pilots.queries.pilot_answers import PilotAnswer, pilot_answers


class _PilotView(ApiView):
    permission_classes = [IsAuthenticatedOrReadOnly, WithinScope]


@public_read(Validator.ANSWER)
class PilotList(_PilotView):
    serializer_class = PilotSerializer

    @extend_schema(
        summary="Pilots: published ones with their verdict, and all of one's own team's",
        parameters=[PilotQuery],
        responses=PilotSerializer(many=True),
        auth=[],
    )
    def get(self, request) -> Response:
        rows = visible_pilots(request.user).filter(_asked(self.read_query(PilotQuery))).order_by("pk")

        def page(limit: int, offset: int) -> tuple[PilotAnswer, ...]:
            return pilot_answers(request.user, rows[offset : offset + limit])

        return self.answer_list(CountedRows(rows.count, page))


@public_read(Validator.ANSWER)
class PilotDetail(_PilotView):
    serializer_class = PilotDetailSerializer

    @extend_schema(summary="One pilot with its locked plan and its published finding", auth=[])
    def get(self, request, pk: int) -> Response:
        seen = pilot_for(request.user, pk)
        (answer,) = pilot_answers(request.user, visible_pilots(request.user).filter(pk=seen.pk))
        return Response(PilotDetailSerializer(answer).data)


def _asked(query: dict) -> Q:
    """A city's pilots are those at home there and those it takes part in."""
    where = Q()
    for name, path in (("engagement", "engagement_id"), ("city", "engagement__city__slug")):
        if name in query:
            here = PilotCity.objects.filter(pilot=OuterRef("pk"), **{path: query[name]})
            where &= Q(**{path: query[name]}) | Q(Exists(here))
    if "state" in query:
        where &= Q(state=query["state"])
    if "verdict" in query:
        told = ResultPublication.objects.filter(result__pilot_result__pilot=OuterRef("pk"))
        newer = ResultPublication.objects.filter(result=OuterRef("result"), number__gt=OuterRef("number"))
        standing = told.filter(~Exists(newer), content__verdict=query["verdict"]).exclude(kind="retracted")
        where &= Q(Exists(standing))
    return where

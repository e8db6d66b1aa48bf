"""The search box for programs: the same kinds, within what the token's person may open."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from atlas.search.typed import read_typed
from dashboards.finding.finder import find
from dashboards.finding.results import Group, Hit
from dashboards.finding.work import NAMES
from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer
from engagements.base.api.views import ApiView


class FoundHitSerializer(serializers.Serializer):
    title = serializers.CharField()
    detail = serializers.CharField(help_text="what it is, where and of when, in words")
    excerpt = serializers.CharField(help_text="the text around the words that were found; empty where none is")
    path = serializers.CharField(help_text="of its page, from the root of this portal")


class FoundGroupSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="city, neighborhood, zip, tract, or a kind you can ask for alone")
    heading = serializers.CharField()
    is_similar = serializers.BooleanField(help_text="nothing is spelled as it was asked for; these are close")
    has_more = serializers.BooleanField(help_text="more fit than are listed")
    hits = FoundHitSerializer(many=True)


class FoundSerializer(serializers.Serializer):
    query = serializers.CharField(help_text="as it was read")
    messages = serializers.ListField(child=serializers.CharField(), help_text="what to do where nothing could be found")
    groups = FoundGroupSerializer(many=True)


class SearchQuerySerializer(StrictQuerySerializer):
    q = serializers.CharField(
        max_length=limits.SEARCH,
        help_text="words or a code of a place. Not for street addresses: they are not looked up.",
    )
    kind = serializers.ChoiceField(choices=list(NAMES), required=False, help_text="only this kind, and up to 50 of it")


class Search(ApiView):
    serializer_class = FoundSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_search_hits",
        summary="Find places, work, documents and people",
        parameters=[SearchQuerySerializer],
        responses=FoundSerializer,
    )
    def get(self, request) -> Response:
        asked = SearchQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = find(read_typed(asked.validated_data["q"]), request.user, asked.validated_data.get("kind", ""))
        return Response(
            {"query": found.query, "messages": list(found.messages), "groups": [_group(one) for one in found.groups]}
        )


def _group(group: Group) -> dict[str, object]:
    return {
        "kind": group.kind,
        "heading": group.heading,
        "is_similar": group.is_similar,
        "has_more": group.more or bool(group.more_address),
        "hits": [_hit(hit) for hit in group.hits],
    }


def _hit(hit: Hit) -> dict[str, str]:
    excerpt = "".join(piece.text for piece in hit.excerpt)
    return {"title": hit.title, "detail": hit.detail, "excerpt": excerpt, "path": hit.address}

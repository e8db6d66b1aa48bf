"""Areas by the API: make one of a list of tracts, read one by its link. Nobody's areas are listed."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, Throttled, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from atlas.ingest import areas
from atlas.models.areas import LONGEST_NAME, LONGEST_NOTE, MAX_TRACTS
from atlas.queries import headlines as headline_queries
from atlas.queries.areas import area, area_details
from atlas.records.places import AreaRecord
from atlas.web.api_pagination import with_notice
from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import Validator, public_read
from atlas.web.rate_limits import HOUR, consume_rate_limit
from dashboards.areas.forms import ListForm
from dashboards.base.chosen_dollars_api import PARAMETER, ChosenDollarsMixin, DollarsSerializer, dollars_data
from dashboards.base.place_lookup import viewer_of
from dashboards.places.api import HeadlineSerializer
from dashboards.places.panel_api import CHOICES, PanelSerializer, panel_answer
from dashboards.places.summary_api import CHOICES as SUMMARY_CHOICES
from dashboards.places.summary_api import SummarySerializer, summary_answer

GONE = "There is no area at this address: the link may be incomplete, or the area was taken down."


class AreaRequestSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=LONGEST_NAME)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True, default="")
    geoids = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=2 * MAX_TRACTS,
        help_text="GEOIDs of 2010 Census tracts, each 11 digits; every one must be known",
    )


class AreaLinkSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="the key to the area: everyone who has it can read the area")
    link = serializers.URLField()
    api = serializers.URLField()
    tract_count = serializers.IntegerField()
    repeated = serializers.IntegerField(help_text="GEOIDs that came more than once; each counts once")


class MemberSerializer(serializers.Serializer):
    geoid = serializers.CharField()
    share = serializers.FloatField(help_text="share of the tract's area inside, 0-1")
    belongs = serializers.BooleanField(help_text="counts as the area's by its rule")


class AreaSerializer(serializers.Serializer):
    token = serializers.CharField()
    name = serializers.CharField()
    note = serializers.CharField()
    kind = serializers.CharField(help_text="picked, pasted or uploaded")
    made_at = serializers.DateTimeField()
    link = serializers.URLField()
    rule = serializers.CharField()
    state_name = serializers.CharField()
    county_names = serializers.ListField(child=serializers.CharField())
    cities = serializers.ListField(child=serializers.CharField(), help_text="slugs of cities it shares tracts with")
    tract_count = serializers.IntegerField()
    edge_count = serializers.IntegerField()
    tract_vintage = serializers.IntegerField()
    geometry_is_sample = serializers.BooleanField(
        help_text="true: of generated tracts or drawn from generated outlines"
    )
    members = MemberSerializer(many=True)
    headline = HeadlineSerializer()
    dollars = DollarsSerializer()


class AreaMaking(DeclaredParametersMixin, APIView):
    permission_classes = [AllowAny]  # the data are open and nothing about a person is kept

    @extend_schema(
        summary="Create an area of 2010 tracts; the answer holds its link",
        request=AreaRequestSerializer,
        responses={201: AreaLinkSerializer},
    )
    def post(self, request):
        sent = AreaRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        words = {"name": sent.validated_data["name"], "note": sent.validated_data["note"]}
        form = ListForm({**words, "geoids": "\n".join(sent.validated_data["geoids"])})
        if not form.is_valid():
            raise ValidationError({field: [str(said) for said in found] for field, found in form.errors.items()})
        if not consume_rate_limit(request, "area"):
            raise Throttled(wait=HOUR, detail="More areas were made from this address than a person makes in an hour.")
        words = {name: form.cleaned_data[name] for name in words}
        token = areas.create_area("pasted", codes=form.codes, owner=viewer_of(request), **words)
        address = reverse("api-area", args=[token], request=request)
        answer = {
            "token": token,
            "link": reverse("area", args=[token], request=request),
            "api": address,
            "tract_count": len(form.codes),
            "repeated": form.pasted.repeated,
        }
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": address})


@public_read(Validator.ANSWER)
class AreaDetail(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    @extend_schema(
        summary="One area by its link: members and headline", parameters=[PARAMETER], responses=AreaSerializer
    )
    def get(self, request, slug: str):
        place = _area(request, slug)
        about = area_details(slug, viewer_of(request))
        if about is None:  # taken down since
            raise NotFound(GONE)
        return Response(
            with_notice(
                {
                    "token": place.slug,
                    "name": place.name,
                    "note": about.note,
                    "kind": about.kind,
                    "made_at": about.made_at,
                    "link": reverse("area", args=[slug], request=request),
                    "rule": place.rule,
                    "state_name": place.state_name,
                    "county_names": list(place.county_names),
                    "cities": list(place.city_slugs),
                    "tract_count": place.tract_count,
                    "edge_count": place.edge_count,
                    "tract_vintage": 2010,
                    "geometry_is_sample": place.geometry_is_sample,
                    "members": [
                        {"geoid": f"{code:011d}", "share": round(share, 6), "belongs": belongs}
                        for code, share, belongs in place.members
                    ],
                    "headline": HeadlineSerializer(headline_queries.headline(place)).data,
                    "dollars": dollars_data(),
                }
            )
        )


@public_read(Validator.ANSWER)
class AreaPanel(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    @extend_schema(
        summary="One panel of an area: finding, rows, caveats and sources as the page has them",
        parameters=CHOICES,
        responses=PanelSerializer,
    )
    def get(self, request, slug: str, panel_slug: str):
        return Response(panel_answer(_area(request, slug), panel_slug, request))


@public_read(Validator.ANSWER)
class AreaSummary(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    @extend_schema(
        summary="An area's average of an outcome with interval, references and spread",
        parameters=SUMMARY_CHOICES,
        responses=SummarySerializer,
    )
    def get(self, request, slug: str):
        return Response(summary_answer(_area(request, slug), request.query_params))


def _area(request, slug: str) -> AreaRecord:
    found = area(slug, viewer_of(request))
    if found is None:
        raise NotFound(GONE)
    return found

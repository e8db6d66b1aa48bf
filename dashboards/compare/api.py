"""The comparison of cities by the API: the panels of /compare/ with raw numbers."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from atlas.web.api import MeasureSerializer, measure_data
from atlas.web.api_pagination import with_notice
from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import Validator, public_read
from dashboards.base.chosen_dollars_api import PARAMETER, ChosenDollarsMixin, DollarsSerializer, dollars_data
from dashboards.compare.comparison import compare_cities, read_cities
from dashboards.panels.options import UnknownChoice
from dashboards.places.panel_api import TableSerializer, panel_table, unknown


class ComparisonSerializer(serializers.Serializer):
    sample = serializers.BooleanField(help_text="true: something here is generated, not published")
    notice = serializers.CharField()
    cities = serializers.ListField(child=serializers.CharField())
    measure = MeasureSerializer(allow_null=True)
    dollars = DollarsSerializer()
    panels = TableSerializer(many=True)


@public_read(Validator.RELEASE)
class Compare(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    serializer_class = ComparisonSerializer

    @extend_schema(
        operation_id="compare_cities",
        summary="Compare cities by one measure, with intervals",
        parameters=[
            OpenApiParameter("cities", str, required=True, description="slugs with commas between: dayton,tulsa"),
            OpenApiParameter("measure", str, description="an outcome in percentiles or shares, see /api/v1/measures/"),
            PARAMETER,
        ],
        responses=ComparisonSerializer,
    )
    def get(self, request):
        try:
            cities = read_cities(request.query_params.getlist("cities"))
            found = compare_cities(cities, request.query_params.get("measure", ""))
        except UnknownChoice as problem:
            raise unknown(problem) from problem
        if not cities:
            raise ValidationError("Name the cities, for example ?cities=dayton,tulsa; /api/v1/cities/ lists them.")
        body = {
            "cities": [city.slug for city in cities],
            "measure": measure_data(found.measure) if found.measure else None,
            "dollars": dollars_data(),
            "panels": [panel_table(panel) for panel in found.panels],
        }
        return Response(with_notice(body))

"""Wages of occupations by the API: the same records the page shows, in the dollars they were published in."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from atlas.queries.cities import city as find_city
from atlas.queries.wages import metro_wages
from atlas.records.wages import NUMBERS, MetroWages
from atlas.web.api import SourceSerializer, source_data
from atlas.web.api_pagination import ListPagination, page_parameters
from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import Validator, public_read
from dashboards.wages.page import matching_rows

_PAGES = page_parameters(ListPagination.page_size, ListPagination.max_page_size)
_HELP = {
    "employment": "jobs, rounded by the source; nobody who works for themselves",
    "employment_rse": "relative standard error of employment, percent",
    "mean_rse": "relative standard error of the mean wage, percent; the source gives none for a median",
    "location_quotient": "share of the area's jobs over the nation's share",
}
_Numbers = type(
    "_Numbers",
    (serializers.Serializer,),
    {name: serializers.FloatField(allow_null=True, help_text=_HELP.get(name, "")) for name in NUMBERS},
)


class CityWageSerializer(_Numbers):  # type: ignore[valid-type, misc]  # made of the record's fields
    code = serializers.CharField(help_text="Standard Occupational Classification")
    title = serializers.CharField()
    group = serializers.CharField(help_text="total, major, minor, broad or detailed: only the last are occupations")
    missing = serializers.DictField(
        child=serializers.CharField(),
        help_text="why a number is null, by its name: not_released, top_coded (at least $115.00 an hour or $239,200 a "
        "year), hourly_only, annual_only",
    )
    us_annual_median = serializers.FloatField(allow_null=True)


class CityWageListSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    sample = serializers.BooleanField()
    notice = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    metro = serializers.CharField(help_text="code of the metropolitan area (CBSA)")
    metro_title = serializers.CharField()
    dollars_of = serializers.CharField(help_text="month whose dollars wages are, 2025-05")
    note = serializers.CharField(help_text="what wages do not say")
    sources = SourceSerializer(many=True)
    results = CityWageSerializer(many=True)


@public_read(Validator.RELEASE)
class CityWages(DeclaredParametersMixin, APIView):
    serializer_class = CityWageSerializer

    @extend_schema(
        operation_id="list_city_wages",
        summary="Wages of occupations in a city's metropolitan area, by code, as published",
        parameters=[OpenApiParameter("words", str, description="words of the title, or how the code begins"), *_PAGES],
        responses=CityWageListSerializer(many=False),
    )
    def get(self, request, slug: str) -> Response:
        city = find_city(slug)
        if city is None:
            raise NotFound("There is no city of that name; /api/v1/cities/ lists them.")
        found = metro_wages(city.name, city.state_usps)
        if found is None:
            raise NotFound("There are no wages of this city's metropolitan area here.")
        pages = ListPagination()
        pages.about = {
            "city": city.slug,
            "metro": found.metro.code,
            "metro_title": found.metro.title,
            "dollars_of": f"{found.month:%Y-%m}",
            "note": "What jobs pay in this metropolitan area, not what training adds.",
            "sources": [source_data(source) for source in (found.source, found.nation_source) if source],
        }
        rows = _rows(found, request.query_params.get("words", "")[:80])
        return pages.get_paginated_response(pages.paginate_queryset(cast(Any, rows), request, self))


def _rows(found: MetroWages, words: str) -> list[dict]:
    nation = {row.code: row.annual_median for row in found.nation}
    return [
        {
            "code": row.code,
            "title": row.title,
            "group": row.group,
            **{name: getattr(row, name) for name in NUMBERS},
            "missing": dict(row.missing),
            "us_annual_median": nation.get(row.code),
        }
        for row in matching_rows(found, words)
    ]

"""Read API of cities: the same records the pages show."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from atlas import vectors
from atlas.queries import cities as city_queries
from atlas.queries import headlines as headline_queries
from atlas.queries import measures
from atlas.queries.cities import cities
from atlas.queries.headlines import MEASURE as HEADLINE_MEASURE
from atlas.queries.measures import available_measures
from atlas.queries.tracts import place_tracts
from atlas.records.places import CityRecord, Headline, PlaceTracts
from atlas.statistics.benchmark import CountyDifference
from atlas.web.api import MeasureSerializer, SourceSerializer, measure_data, source_data
from atlas.web.api_pagination import ListPagination, page_parameters, with_notice
from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import Validator, public_read
from dashboards.base.chosen_dollars_api import (
    PARAMETER,
    ChosenDollarsMixin,
    DollarsSerializer,
    IncomeField,
    dollars_data,
    shown_measure_data,
)
from dashboards.formatting.shown_dollars import in_shown_dollars
from dashboards.panels.content_notices import ContextNeeded, require_context
from dashboards.panels.measure_choice import choose_measure
from dashboards.panels.options import UnknownChoice
from dashboards.places.panel_api import CONTEXT, api_options, unknown, unread
from engagements.models import Precision
from engagements.people.queries.cities import ParticipationRecord, participations
from engagements.workflow import PARTICIPATION

_PRECISIONS = "day, month, or by (on or before the day)"

BASES = ("published", "benchmarked", "raw")
ABOUT_BASIS = (
    "published: the source's own value; benchmarked: average of the tracts, each moved by what its county has as "
    "published less the average of its tracts; raw: average of the tracts as they are"
)


class ReferenceSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="county, commuting zone or nation (the average low-income child)")
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="percentile as a number from 0 to 1")
    basis = serializers.ChoiceField(BASES, help_text=ABOUT_BASIS)
    basis_reason = serializers.CharField(allow_blank=True, help_text="why it is raw, empty otherwise")
    raw_value = serializers.FloatField(
        allow_null=True, help_text="average of its tracts before benchmarking (percentile as 0 to 1)"
    )
    standard_error = serializers.FloatField(allow_null=True)
    usd = IncomeField(allow_null=True, help_text="household income at that percentile; its dollars: see `dollars`")
    rule = serializers.CharField()
    reason = serializers.CharField()
    is_published = serializers.BooleanField()
    is_sample = serializers.BooleanField(help_text="true: generated, not published")


class CountyDifferenceSerializer(serializers.Serializer):
    county = serializers.SerializerMethodField(help_text="FIPS code, five digits")
    published = serializers.FloatField(allow_null=True, help_text="the county's published value")
    published_error = serializers.FloatField(allow_null=True, help_text="its published standard error")
    modelled = serializers.FloatField(allow_null=True, help_text="average of the county's tracts by the same weights")
    difference = serializers.FloatField(allow_null=True, help_text="published less modeled: what its tracts move by")
    place_share = serializers.FloatField(help_text="share of the place's weighted children who lived in it, 0-1")
    inside_share = serializers.FloatField(help_text="share of its own weighted children who count for the place, 0-1")

    def get_county(self, one: CountyDifference) -> str:
        return f"{one.county:05d}"


class HeadlineSerializer(serializers.Serializer):
    measure = serializers.CharField()
    value = serializers.FloatField(
        allow_null=True, help_text="the best average there is (percentile as 0 to 1); see basis"
    )
    standard_error = serializers.FloatField(allow_null=True)
    standard_error_reason = serializers.CharField()
    basis = serializers.ChoiceField(BASES, help_text=ABOUT_BASIS)
    basis_reason = serializers.CharField(allow_blank=True, help_text="why it is raw, empty otherwise")
    raw_value = serializers.FloatField(
        allow_null=True, help_text="average of its tracts before benchmarking (percentile as 0 to 1)"
    )
    raw_standard_error = serializers.FloatField(allow_null=True)
    adjustment = serializers.FloatField(allow_null=True, help_text="value less raw_value; null where basis is raw")
    adjustment_in_errors = serializers.FloatField(
        allow_null=True, help_text="the adjustment in standard errors of the published county values"
    )
    county_differences = CountyDifferenceSerializer(many=True)
    usd = IncomeField(allow_null=True, help_text="household income at that percentile; its dollars: see `dollars`")
    coverage = serializers.FloatField(
        allow_null=True, help_text="share of the city's weighted children in tracts with a value"
    )
    area_rule_coverage = serializers.FloatField(
        allow_null=True, help_text="share of the city's weighted children living in tracts that count as the city's"
    )
    outside_share = serializers.FloatField(
        allow_null=True, help_text="share of those tracts' weighted children living outside the city's line, by area"
    )
    county_share = serializers.FloatField(
        allow_null=True, help_text="share of the main county's weighted children living in the city's tracts"
    )
    at_or_below_zero_share = serializers.FloatField(allow_null=True)
    tracts_used = serializers.IntegerField()
    tracts_total = serializers.IntegerField()
    weight_rule = serializers.CharField()
    derivation = serializers.CharField()
    references = ReferenceSerializer(many=True)
    measured_error = serializers.FloatField(
        allow_null=True, help_text="tract average of the main county minus its published value, same weights"
    )
    measured_error_county = serializers.CharField()
    reason = serializers.CharField()
    is_sample = serializers.BooleanField(help_text="true: generated, not published")
    sources = SourceSerializer(many=True)


class ParticipationSerializer(serializers.Serializer):
    initiative = serializers.CharField()
    theme = serializers.CharField()
    status = serializers.ChoiceField(PARTICIPATION.choices)
    status_since = serializers.DateField(help_text="when this status began")
    status_precision = serializers.ChoiceField(Precision.choices, help_text=f"of status_since: {_PRECISIONS}")
    started_on = serializers.DateField(
        allow_null=True, help_text="when the city first became active; null while it was only announced"
    )
    started_precision = serializers.ChoiceField(
        Precision.choices, allow_blank=True, help_text=f"of started_on: {_PRECISIONS}; empty without a day"
    )
    ended_on = serializers.DateField(
        allow_null=True, help_text="when it was completed or withdrawn; null while the city takes part"
    )
    ended_precision = serializers.ChoiceField(
        Precision.choices, allow_blank=True, help_text=f"of ended_on: {_PRECISIONS}; empty without a day"
    )
    source = serializers.CharField(  # type: ignore[assignment]  # a column of ours, not the field's own `source`
        help_text="where the latest status is on the public record"
    )


class CityRowSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    state_name = serializers.CharField()
    state_usps = serializers.CharField()
    place_geoid = serializers.CharField()
    longitude = serializers.FloatField()
    latitude = serializers.FloatField()
    county_names = serializers.ListField(child=serializers.CharField())
    tract_count = serializers.IntegerField()
    edge_count = serializers.IntegerField()
    geometry_is_sample = serializers.BooleanField(help_text="true: its outline and its choice of tracts are generated")
    participation = ParticipationSerializer(allow_null=True)
    headline = HeadlineSerializer()


class CitySerializer(CityRowSerializer):
    dollars = DollarsSerializer()


class TractSerializer(serializers.Serializer):
    geoid = serializers.CharField()
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="null: not published or not in the file")
    standard_error = serializers.FloatField(allow_null=True)
    count = serializers.FloatField(allow_null=True, help_text="children behind the estimate, where published")
    share_in_city = serializers.FloatField(help_text="share of the tract's area inside the city, 0-1")
    belongs = serializers.BooleanField(help_text="counts as the city's: at least half of its area")
    national_percentile = serializers.FloatField(allow_null=True, help_text="0-100 among US tracts with a value")


class _ListSerializer(serializers.Serializer):
    """What every list is, with what holds for all of it beside the results."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    sample = serializers.BooleanField(help_text="true: something here is generated, not published")
    notice = serializers.CharField(required=False)
    measure = MeasureSerializer(allow_null=True)
    dollars = DollarsSerializer()
    sources = SourceSerializer(many=True)


class CityListSerializer(_ListSerializer):
    results = CityRowSerializer(many=True)


class TractListSerializer(_ListSerializer):
    city = serializers.CharField()
    standard_error_reason = serializers.CharField()
    tract_vintage = serializers.IntegerField()
    national_middle = serializers.FloatField(allow_null=True, help_text="the middle US tract, each counting once")
    national_edges = serializers.ListField(
        child=serializers.FloatField(),
        help_text="edges of the map's classes, the same for every city, the middle US tract among them",
    )
    rule = serializers.CharField()
    results = TractSerializer(many=True)


PAGES = page_parameters(ListPagination.page_size, ListPagination.max_page_size)


@public_read(Validator.ANSWER)  # participation is no part of a release
class CityList(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    serializer_class = CityRowSerializer

    @extend_schema(
        operation_id="list_cities",
        summary="Cities with their headline",
        parameters=[PARAMETER, *PAGES],
        responses=CityListSerializer(many=False),
    )
    def get(self, request):
        found = cities()
        headlines, statuses = headline_queries.headlines(found), participations()
        rows = [_city_data(city, headlines[city.slug], statuses.get(city.slug)) for city in found]
        measure = measures.measure(HEADLINE_MEASURE)
        about = {
            "measure": measure_data(measure) if measure else None,
            "dollars": dollars_data(),
            "sources": [source_data(s) for s in headlines[found[0].slug].sources] if found else [],
        }
        return _page(self, request, rows, about)


@public_read(Validator.ANSWER)
class CityDetail(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    serializer_class = CitySerializer

    @extend_schema(
        summary="One city with its headline and the references it stands against",
        parameters=[PARAMETER],
        responses=CitySerializer,
    )
    def get(self, request, slug: str):
        city = _city(slug)
        found = _city_data(city, headline_queries.headline(city), participations().get(slug))
        return Response(with_notice({**found, "dollars": dollars_data()}))


@public_read(Validator.RELEASE)
class CityTractList(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    serializer_class = TractSerializer

    @extend_schema(
        operation_id="list_city_tracts",
        summary="One measure over a city's tracts, values as published or, of incomes, in dollars of today",
        parameters=[
            OpenApiParameter("measure", str, description="slug of a measure, see /api/v1/measures/"),
            CONTEXT,
            PARAMETER,
            *PAGES,
        ],
        responses=TractListSerializer(many=False),
    )
    def get(self, request, slug: str):
        city = _city(slug)
        known = available_measures("tract")
        wanted = request.query_params.get("measure") or getattr(choose_measure(known, None), "slug", "")
        if wanted not in {m.slug for m in known}:
            raise unknown(UnknownChoice("measure", wanted, {m.slug: m.label for m in known}))
        try:
            require_context(wanted, api_options(request.query_params).context)
        except ContextNeeded as problem:
            raise unread(problem, request) from problem
        tracts = place_tracts(city, wanted)

        def say(value: float) -> float:
            return in_shown_dollars(value, tracts.measure.unit)

        about = {
            "city": city.slug,
            "measure": shown_measure_data(tracts.measure),
            "dollars": dollars_data(),
            "standard_error_reason": ""
            if tracts.standard_errors is not None
            else "the file loaded here has no margin of error",
            "tract_vintage": 2010,
            "geometry_is_sample": city.geometry_is_sample,
            "rule": tracts.rule,
            "national_middle": None if tracts.national_middle is None else say(tracts.national_middle),
            "national_edges": [say(edge) for edge in tracts.national_edges],
            "sources": [source_data(source) for source in tracts.sources],
        }
        return _page(self, request, _tract_rows(tracts), about)


def _city(slug: str) -> CityRecord:
    found = city_queries.city(slug)
    if found is None:
        raise NotFound("There is no city of that name; /api/v1/cities/ lists them.")
    return found


def _page(view: APIView, request, rows: list[dict], about: dict) -> Response:
    pages = ListPagination()
    pages.about = about
    return pages.get_paginated_response(pages.paginate_queryset(cast(Any, rows), request, view))


def _city_data(city: CityRecord, headline: Headline, status: ParticipationRecord | None) -> dict:
    fields = {name: getattr(city, name) for name in CityRowSerializer().fields.keys() if hasattr(city, name)}
    return {
        **fields,
        "county_names": list(city.county_names),
        "participation": ParticipationSerializer(status).data if status else None,
        "headline": HeadlineSerializer(headline).data,
    }


def _tract_rows(tracts: PlaceTracts) -> list[dict]:
    def number(array, i):
        return None if array is None else _shortest(array[i], tracts.measure.unit)

    return [
        {
            "geoid": geoid,
            "name": tracts.names[i],
            "value": number(tracts.values, i),
            "standard_error": number(tracts.standard_errors, i),
            "count": _shortest(tracts.counts[i], "children") if tracts.counts is not None else None,
            "share_in_city": round(float(tracts.shares_in_city[i]), 6),
            "belongs": bool(tracts.belongs[i]),
            "national_percentile": _percentile(tracts.national_percentiles[i]),
        }
        for i, geoid in enumerate(tracts.geoids)
    ]


def _shortest(value, unit: str) -> float | int | None:
    """The shortest text of the stored float32, incomes in the dollars shown: 21667, not 21667.0."""
    published = vectors.published(value)
    if published is None:
        return None
    shown = in_shown_dollars(published, unit)
    return int(shown) if shown.is_integer() else shown


def _percentile(value: float) -> float | None:
    return None if value != value else round(float(value), 2)

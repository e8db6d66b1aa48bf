"""One measure of one city in numbers, by the API: the code of the headline panel, and the spread of its tracts."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from atlas.measures import is_sensitive
from atlas.queries import cities as city_queries
from atlas.queries.headlines import MEASURE, NotAveraged
from atlas.queries.measures import DOLLAR_SUFFIX, available_measures
from atlas.queries.summaries import Summary, summary
from atlas.records.places import Headline, Place
from atlas.statistics.dispersion import Dispersion
from atlas.statistics.intervals import Interval
from atlas.statistics.results import Estimate, interval95
from atlas.web.api import SourceSerializer, source_data
from atlas.web.api_pagination import with_notice
from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import Validator, public_read
from dashboards.base.chosen_dollars_api import (
    PARAMETER,
    ChosenDollarsMixin,
    DollarsSerializer,
    IncomeField,
    dollars_data,
)
from dashboards.formatting.shown_dollars import in_shown_dollars
from dashboards.panels.options import UnknownChoice
from dashboards.panels.outcome_choice import outcomes
from dashboards.places.api import ABOUT_BASIS, BASES, CountyDifferenceSerializer, ReferenceSerializer
from dashboards.places.panel_api import WEIGHTS, api_options, unknown


class IntervalSerializer(serializers.Serializer):
    low = serializers.FloatField()
    high = serializers.FloatField()
    level = serializers.FloatField(help_text="0.95")


class DispersionSerializer(serializers.Serializer):
    total_variance = serializers.FloatField(allow_null=True, help_text="weighted variance of the tracts' values")
    noise_variance = serializers.FloatField(
        allow_null=True, help_text="weighted average of their squared standard errors"
    )
    signal_variance = serializers.FloatField(allow_null=True, help_text="variance of true values: median of draws")
    reliability = serializers.FloatField(allow_null=True, help_text="signal over signal plus noise, 0-1")
    reliability_interval = IntervalSerializer(allow_null=True)
    tracts = serializers.IntegerField()
    interval_method = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True, help_text='why a number is missing or 0, "" otherwise')


class SummarySerializer(serializers.Serializer):
    place = serializers.CharField()
    measure = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a column of ours, not the field's own `label`
    unit = serializers.CharField(help_text="rank (a percentile) or share, both 0 to 1")
    value = serializers.FloatField(allow_null=True, help_text="the best average there is; see basis")
    standard_error = serializers.FloatField(allow_null=True)
    standard_error_reason = serializers.CharField(allow_blank=True)
    basis = serializers.ChoiceField(BASES, help_text=ABOUT_BASIS)
    basis_reason = serializers.CharField(allow_blank=True, help_text="why it is raw, empty otherwise")
    raw_value = serializers.FloatField(allow_null=True, help_text="average of its tracts before benchmarking")
    raw_standard_error = serializers.FloatField(allow_null=True)
    adjustment = serializers.FloatField(allow_null=True, help_text="value less raw_value; null where basis is raw")
    adjustment_in_errors = serializers.FloatField(
        allow_null=True, help_text="the adjustment in standard errors of the published county values"
    )
    county_differences = CountyDifferenceSerializer(many=True)
    standard_error_inflation = serializers.FloatField(
        allow_null=True,
        help_text="published county standard error over that of independent tracts; multiplied when > 1",
    )
    interval = IntervalSerializer(allow_null=True)
    usd = IncomeField(allow_null=True, help_text="household income at that percentile; its dollars: see `dollars`")
    dollars = DollarsSerializer()
    children = serializers.FloatField(
        allow_null=True, help_text="low-income children of its tracts in 2000 by weight_rule"
    )
    coverage = serializers.FloatField(allow_null=True, help_text="share of them in tracts with a value")
    tracts_used = serializers.IntegerField()
    tracts_total = serializers.IntegerField()
    weights = serializers.CharField(help_text="majority or share")
    weight_rule = serializers.CharField(allow_blank=True)
    derivation = serializers.CharField(allow_blank=True)
    references = ReferenceSerializer(many=True)
    dispersion = DispersionSerializer(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text='why there is no value, "" when there is one')
    is_sample = serializers.BooleanField(help_text="true: generated, not published")
    sources = SourceSerializer(many=True)


CHOICES = [
    OpenApiParameter("measure", str, description=f"slug of an outcome in percentiles or shares; default {MEASURE}"),
    WEIGHTS,
    PARAMETER,
]


@public_read(Validator.RELEASE)
class SummaryDetail(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    serializer_class = SummarySerializer

    @extend_schema(
        summary="One measure of a city: average, uncertainty, references, spread of its tracts",
        parameters=CHOICES,
        responses=SummarySerializer,
    )
    def get(self, request, slug: str):
        city = city_queries.city(slug)
        if city is None:
            raise NotFound("There is no city of that name; /api/v1/cities/ lists them.")
        return Response(summary_answer(city, request.query_params))


def summary_answer(place: Place, params) -> dict:
    """The body for any place. Raises NotFound naming the nearest measure, ValidationError for what has no mean."""
    try:
        options = api_options(params)
    except UnknownChoice as problem:
        raise unknown(problem) from problem
    slug = options.measure or MEASURE
    measures = available_measures("tract")
    known = {one.slug: one.label for one in measures}
    if known and slug not in known and slug != MEASURE:
        # Only what this address accepts: a characteristic has no mean over children.
        offered = {one.slug: one.label for one in outcomes(measures) if not is_sensitive(one.slug)}
        raise unknown(UnknownChoice("measure", slug, offered))
    try:
        found = summary(place, slug, options.weights)
    except NotAveraged as problem:
        raise ValidationError({"detail": _what_to_ask(str(problem), slug, known)}) from problem
    return with_notice(summary_data(place, found, options.weights))


def _what_to_ask(said: str, slug: str, known: dict[str, str]) -> str:
    rank = slug.removesuffix(DOLLAR_SUFFIX)
    return f"{said} Its slug: {rank}." if rank != slug and rank in known else said


def summary_data(place: Place, found: Summary, weighting: str) -> dict:
    """A summary as plain data: missing numbers are null, with their reason beside them."""
    headline = found.headline
    same = (
        "measure",
        "value",
        "standard_error",
        "standard_error_reason",
        "basis",
        "basis_reason",
        "raw_value",
        "raw_standard_error",
        "adjustment",
        "adjustment_in_errors",
        "children",
        "coverage",
        "tracts_used",
        "tracts_total",
        "weight_rule",
        "derivation",
        "reason",
        "is_sample",
    )
    return {
        "place": place.slug,
        "label": found.label,
        "unit": found.unit,
        **{name: getattr(headline, name) for name in same},
        "usd": None if headline.usd is None else in_shown_dollars(headline.usd),
        "dollars": dollars_data(),
        "standard_error_inflation": headline.inflation.value if headline.inflation else None,
        "interval": _interval(_mean_interval(headline)),
        "weights": weighting,
        "county_differences": CountyDifferenceSerializer(headline.county_differences, many=True).data,
        "references": ReferenceSerializer(headline.references, many=True).data,
        "dispersion": dispersion_data(found.dispersion) if found.dispersion else None,
        "sources": [source_data(source) for source in headline.sources],
    }


def _mean_interval(headline: Headline) -> Interval | None:
    return interval95(Estimate(headline.value, headline.standard_error, headline.tracts_used, "rank"))


def dispersion_data(found: Dispersion) -> dict:
    return {
        "total_variance": found.total_variance,
        "noise_variance": found.noise_variance,
        "signal_variance": found.signal_variance.value,
        "reliability": found.reliability.value,
        "reliability_interval": _interval(found.reliability.interval),
        "tracts": found.n,
        "interval_method": found.interval_method,
        "reason": found.reason,
    }


def _interval(found: Interval | None) -> dict | None:
    return None if found is None else {"low": found.low, "high": found.high, "level": found.level}

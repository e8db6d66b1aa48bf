"""Portfolios for programs: every figure of the page with its moment, its rule and where its entries are."""

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from dashboards.base.chosen_dollars_api import PARAMETER as DOLLARS
from dashboards.base.chosen_dollars_api import ChosenDollarsMixin, DollarsSerializer, dollars_data
from dashboards.formatting.shown_dollars import in_shown_dollars
from dashboards.portfolio.cache import cached_figures
from dashboards.portfolio.schema import serializer_of
from engagements.base.api.views import ApiView
from engagements.portfolio.queries.portfolio import (
    NoRecordsYet,
    PortfolioFigures,
    WrongFilter,
    read_as_of,
    read_filter,
    readable_portfolio,
)
from engagements.portfolio.queries.sharing import portfolio_list


class FiguresSerializer(serializer_of(PortfolioFigures, "Portfolio")):  # type: ignore[misc]  # made from the record
    dollars = DollarsSerializer()

    class Meta:
        ref_name = "Portfolio"


def _many(name: str, description: str) -> OpenApiParameter:
    """A parameter that may come several times."""
    return OpenApiParameter(name, str, many=True, style="form", explode=True, description=description)


PARAMETERS = [
    OpenApiParameter("as_of", str, description="A day, 2026-09-30: what was known when it ended, UTC; or a time."),
    _many("city", "Slug of a city."),
    _many("theme", "A theme as the portfolio spells it."),
    _many("funder", "Slug of a funder: chooses money only."),
    _many("status", "announced, active, paused, completed or withdrawn."),
    OpenApiParameter("from", str, description="First quarter, 2026Q1."),
    OpenApiParameter("to", str, description="Last quarter, included."),
]


def in_dollars(figures: PortfolioFigures) -> PortfolioFigures:
    """The figures with the incomes of its need in the dollars shown."""
    lines = tuple(
        line if line.usd is None else replace(line, usd=in_shown_dollars(line.usd)) for line in figures.need.lines
    )
    return replace(figures, need=replace(figures.need, lines=lines))


class PortfolioRowSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    is_fictional = serializers.BooleanField()
    cities = serializers.IntegerField(help_text="engagements that are not fictional")


class NothingThen(exceptions.NotFound):
    default_code = "nothing_recorded_then"


class PortfolioList(ApiView):
    serializer_class = PortfolioRowSerializer

    @extend_schema(
        operation_id="list_portfolios", summary="Portfolios you may read", responses=PortfolioRowSerializer(many=True)
    )
    def get(self, request) -> Response:
        return self.answer_list(portfolio_list(request.user))


class PortfolioDetail(ChosenDollarsMixin, ApiView):
    serializer_class = FiguresSerializer
    pagination_class = None

    @extend_schema(
        summary="Every figure of a portfolio", parameters=[*PARAMETERS, DOLLARS], responses=FiguresSerializer
    )
    def get(self, request, slug: str) -> Response:
        now = timezone.now()
        within = readable_portfolio(request.user, slug)  # what is not theirs is not explained
        try:
            filters = read_filter(dict(request.query_params.lists()))
            as_of = read_as_of(request.query_params.get("as_of", ""), now)
            found = cached_figures(request.user, within, filters, as_of, now)
        except WrongFilter as wrong:
            raise exceptions.ValidationError(str(wrong)) from wrong
        except NoRecordsYet as early:
            raise NothingThen(str(early)) from early
        return Response(in_dollars(found).to_json() | {"dollars": dollars_data()})

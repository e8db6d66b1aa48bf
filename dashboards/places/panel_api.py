"""A panel by the API: exactly what the page shows, with raw numbers in its rows."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atlas.queries import cities as city_queries
from atlas.records.places import Place
from atlas.web.api import SourceSerializer, source_data
from atlas.web.api_pagination import with_notice
from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import Validator, public_read
from dashboards.base.choice_errors import nearest, opening_address
from dashboards.base.chosen_dollars_api import PARAMETER, ChosenDollarsMixin, DollarsSerializer, dollars_data
from dashboards.exports.panel_table import column_key, column_unit, shown_cell
from dashboards.panels.base import Panel
from dashboards.panels.catalog import NoSuchPanel, panel
from dashboards.panels.content_notices import READ, ContextNeeded
from dashboards.panels.options import VIEWS, WEIGHTINGS, Options, UnknownChoice, read_options


class ColumnSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a column of ours, not the field's own `label`
    kind = serializers.CharField(help_text="text, value, error, percentile, share, count or estimate")
    unit = serializers.CharField(help_text='unit of the raw numbers, "" for text and counts')


class TableSerializer(serializers.Serializer):
    panel = serializers.CharField()
    title = serializers.CharField()
    finding = serializers.CharField()
    reason = serializers.CharField(help_text='why there is nothing to see, "" when there is')
    is_sample = serializers.BooleanField(help_text="true: generated, not published")
    caption = serializers.CharField()
    columns = ColumnSerializer(many=True)
    rows = serializers.ListField(child=serializers.DictField(), help_text="one object per row, keyed by column")
    caveats = serializers.ListField(child=serializers.CharField(), help_text="how we know, in a few lines")
    details = serializers.ListField(
        child=serializers.CharField(), help_text="weights, coverage and tests behind these numbers"
    )
    sources = SourceSerializer(many=True)


class PanelSerializer(TableSerializer):
    place = serializers.CharField()
    dollars = DollarsSerializer()


CONTEXT = OpenApiParameter(
    "context",
    str,
    enum=[READ],
    description="read, once the context of incarceration or teenage birth by race or gender is",
)
WEIGHTS = OpenApiParameter(
    "weights", str, enum=list(WEIGHTINGS), default="majority", description="whole tracts, or each by its area inside"
)
CHOICES = [
    OpenApiParameter("measure", str, description="slug of a measure, see /api/v1/measures/"),
    WEIGHTS,
    OpenApiParameter("view", str, enum=list(VIEWS), default="raw", description="of the panel “where”"),
    OpenApiParameter("overlay", str, description="slug of a characteristic drawn over the map of the panel “where”"),
    OpenApiParameter(
        "metric", str, many=True, explode=True, style="form", description="yearly metrics of the panels “changing”"
    ),
    CONTEXT,
    PARAMETER,
]


@public_read(Validator.RELEASE)
class PanelDetail(ChosenDollarsMixin, DeclaredParametersMixin, APIView):
    serializer_class = PanelSerializer

    @extend_schema(
        summary="One panel of a city: finding, rows, caveats and sources as the page has them",
        parameters=CHOICES,
        responses=PanelSerializer,
    )
    def get(self, request, slug: str, panel_slug: str):
        city = city_queries.city(slug)
        if city is None:
            raise NotFound("There is no city of that name; /api/v1/cities/ lists them.")
        return Response(panel_answer(city, panel_slug, request))


def panel_answer(place: Place, panel_slug: str, request: Request) -> dict:
    """The body for any place. Raises NotFound with the nearest valid choice, PermissionDenied with the context."""
    try:
        found = panel(place, panel_slug, api_options(request.query_params))
    except NoSuchPanel as problem:
        raise NotFound(str(problem)) from problem
    except UnknownChoice as problem:
        raise unknown(problem) from problem
    except ContextNeeded as problem:
        raise unread(problem, request) from problem
    return with_notice({"place": place.slug, "dollars": dollars_data(), **panel_table(found)})


def api_options(params) -> Options:
    """Raises ValidationError with the values there are for a view, a weighting or a context nobody offers."""
    context = params.get("context", "")
    try:
        if context not in ("", READ):
            raise UnknownChoice("context", context, {READ: "the context was read"})
        return read_options(params)
    except UnknownChoice as problem:
        values = ", ".join(problem.known)
        raise ValidationError({problem.parameter: [f"{problem} There are: {values}."]}) from problem


def unknown(problem: UnknownChoice) -> NotFound:
    """A problem document that names the nearest there is."""
    offered = ", ".join(value for value, _ in nearest(problem))
    return NotFound(f"{problem} Nearest: {offered}." if offered else str(problem))


def unread(problem: ContextNeeded, request: Request) -> PermissionDenied:
    """A problem document that gives the context and the address that opens what was asked for."""
    return PermissionDenied(f"{problem} It opens with context=read: {opening_address(request._request)}")


def panel_table(found: Panel) -> dict:
    """A panel as plain data: missing numbers are null."""
    columns = found.table.columns
    return {
        "panel": found.slug,
        "title": found.title,
        "finding": found.finding,
        "reason": found.reason,
        "is_sample": found.is_sample,
        "caption": found.table.caption,
        "columns": [{"key": column_key(c), "label": c.label, "kind": c.kind, "unit": column_unit(c)} for c in columns],
        "rows": [
            {column_key(c): shown_cell(cell, c) for c, cell in zip(columns, row, strict=True)}
            for row in found.table.rows
        ],
        "caveats": list(found.caveats),
        "details": list(found.details),
        "sources": [source_data(source) for source in found.sources],
    }

"""Indicators: list, make, change, archive; their values: list, enter."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from engagements.access.errors import NotFound
from engagements.base.api.inputs import NewArchive
from engagements.base.api.pagination import CountedRows
from engagements.base.api.serializers import ArchivedSerializer, archived
from engagements.base.api.views import ApiView
from engagements.indicators.actions.indicators import FIELDS, add_indicator, archive_indicator, change_indicator
from engagements.indicators.actions.value_entries import ValueEntry
from engagements.indicators.actions.values import enter_value
from engagements.indicators.api.inputs import IndicatorChange, IndicatorQuery, NewIndicator, NewValue
from engagements.indicators.api.serializers import IndicatorSerializer, IndicatorValueSerializer
from engagements.indicators.queries.indicators import IndicatorRow, count_indicators, indicators
from engagements.indicators.queries.values import ValueRow, check_indicator, count_values, values


class IndicatorView(ApiView):
    serializer_class = IndicatorSerializer
    write_scope = "write:indicators"

    def show(self, pk: int) -> dict:
        found = indicators(self.request.user, today=timezone.localdate(), pk=pk)
        if not found:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        return IndicatorSerializer(found[0]).data


class IndicatorList(IndicatorView):
    @extend_schema(
        summary="Indicators you may see; below the team those with an approved value",
        parameters=[IndicatorQuery],
        responses=IndicatorSerializer(many=True),
    )
    def get(self, request) -> Response:
        asked, today = self.read_query(IndicatorQuery), timezone.localdate()
        engagements, kinds = _engagement_ids(asked), (asked["kind"],) if "kind" in asked else ()

        def rows(limit: int, offset: int) -> tuple[IndicatorRow, ...]:
            return indicators(
                request.user, today=today, limit=limit, offset=offset, engagements=engagements, kinds=kinds
            )

        return self.answer_list(
            CountedRows(lambda: count_indicators(request.user, engagements=engagements, kinds=kinds), rows)
        )

    @extend_schema(summary="Add an indicator", request=NewIndicator, responses={201: IndicatorSerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewIndicator)
        engagement = asked.pop("engagement")

        def make() -> dict:
            made = add_indicator(engagement=engagement, fields=dict(asked), by=request.user, now=timezone.now())
            return self.show(made.pk)

        return self.write(make)


class IndicatorDetail(IndicatorView):
    @extend_schema(summary="One indicator")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(
        summary="Change an indicator; 409 shows both versions", request=IndicatorChange, responses=IndicatorSerializer
    )
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(IndicatorChange)
        changes = {name: asked[name] for name in FIELDS if name in asked}

        def make() -> dict:
            change_indicator(
                indicator=pk,
                changes=changes,
                expected_version=asked["version"],
                why=asked.get("why", ""),
                by=request.user,
                now=timezone.now(),
            )
            return self.show(pk)

        return self.write(make, 200)


class ValueList(ApiView):
    serializer_class = IndicatorValueSerializer
    write_scope = "write:indicators"

    @extend_schema(
        summary="Values of an indicator, newest period first; below the team the approved ones",
        responses=IndicatorValueSerializer(many=True),
    )
    def get(self, request, pk: int) -> Response:
        check_indicator(request.user, pk)

        def rows(limit: int, offset: int) -> tuple[ValueRow, ...]:
            return values(request.user, indicator=pk, limit=limit, offset=offset)

        return self.answer_list(CountedRows(lambda: count_values(request.user, indicator=pk), rows))

    @extend_schema(
        summary="Enter a value as a draft; then send it to review",
        request=NewValue,
        responses={201: IndicatorValueSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewValue)
        start, end = asked.pop("period_start"), asked.pop("period_end")
        document = asked.pop("document", None)

        def make() -> dict:
            made = enter_value(
                indicator=pk,
                period_start=start,
                period_end=end,
                entry=ValueEntry(**{"value": None} | asked),
                document=document,
                by=request.user,
                now=timezone.now(),
            )
            (row,) = values(request.user, pk=made.pk)
            return IndicatorValueSerializer(row).data

        return self.write(make)


class IndicatorArchive(ApiView):
    serializer_class = ArchivedSerializer
    write_scope = "write:indicators"

    @extend_schema(
        operation_id="archive_indicator",
        summary="Archive an indicator with its values",
        request=NewArchive,
        responses={201: ArchivedSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewArchive)

        def make() -> dict:
            return archived(
                archive_indicator(
                    indicator=pk,
                    expected_version=asked["version"],
                    why=asked["why"],
                    by=request.user,
                    now=timezone.now(),
                )
            )

        return self.write(make)


def _engagement_ids(asked: dict) -> tuple[int, ...]:
    return (asked["engagement"],) if "engagement" in asked else ()

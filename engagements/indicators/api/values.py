"""One value of an indicator: read, change while it is a draft, archive; and moves of one or a whole period."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.response import Response

from engagements.access.errors import NotFound
from engagements.base.api.inputs import NewArchive
from engagements.base.api.serializers import ArchivedSerializer, archived
from engagements.base.api.views import ApiView
from engagements.indicators.actions.value_status import ValuesChangedMeanwhile, move_values, review_values
from engagements.indicators.actions.values import CHANGEABLE, archive_value, change_value
from engagements.indicators.api.inputs import REVIEWED, NewMove, ValueChange
from engagements.indicators.api.serializers import IndicatorValueSerializer, MovedSerializer
from engagements.indicators.queries.values import values
from engagements.reviews.api_inputs import answers_of


class ValuesConflict(exceptions.APIException):
    """The values as they are now, by id: decide on them again."""

    status_code = 409
    default_code = "conflict"

    def __init__(self, changed: ValuesChangedMeanwhile):
        super().__init__(" ".join(changed.messages))
        self.members = {"versions": {str(pk): version for pk, version in changed.versions.items()}}


class ValueDetail(ApiView):
    serializer_class = IndicatorValueSerializer
    write_scope = "write:indicators"

    @extend_schema(summary="One value; below the team an approved one")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(
        summary="Change a draft or a value in review; 409 shows both versions",
        request=ValueChange,
        responses=IndicatorValueSerializer,
    )
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(ValueChange)
        changes = {name: asked[name] for name in CHANGEABLE if name in asked}

        def make() -> dict:
            change_value(
                value=pk, changes=changes, expected_version=asked["version"], by=request.user, now=timezone.now()
            )
            return self.show(pk)

        return self.write(make, 200)

    def show(self, pk: int) -> dict:
        found = values(self.request.user, pk=pk)
        if not found:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        return IndicatorValueSerializer(found[0]).data


class ValueArchive(ApiView):
    serializer_class = ArchivedSerializer
    write_scope = "write:indicators"

    @extend_schema(
        operation_id="archive_value",
        summary="Archive a draft",
        request=NewArchive,
        responses={201: ArchivedSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewArchive)

        def make() -> dict:
            return archived(
                archive_value(
                    value=pk, expected_version=asked["version"], why=asked["why"], by=request.user, now=timezone.now()
                )
            )

        return self.write(make)


class ValueMoves(ApiView):
    serializer_class = MovedSerializer
    write_scope = "write:indicators"

    @extend_schema(
        operation_id="move_indicator_values",
        summary="Change the status of values: in review, reviewed, approved, locked, or reopened with a reason",
        description="You can’t review or approve what you entered; both need the whole checklist. "
        "409 names the versions as they are now.",
        request=NewMove,
        responses={201: MovedSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewMove)
        seen = {each["id"]: each["version"] for each in asked["values"]}
        common = {"indicator": pk, "values": seen, "by": request.user, "now": timezone.now()}
        words, answers = asked.get("words", ""), answers_of(asked)

        def make() -> dict:
            try:
                if asked["to"] == REVIEWED:
                    review_values(**common, words=words, answers=answers)
                else:
                    reason = asked.get("reason", "")
                    move_values(**common, status=asked["to"], reason=reason, words=words, answers=answers)
            except ValuesChangedMeanwhile as changed:
                raise ValuesConflict(changed) from changed
            rows = {row.pk: row for row in values(request.user, indicator=pk)}
            return MovedSerializer({"values": [rows[each] for each in seen]}).data

        return self.write(make)

"""One's own absences: who stands in, from when to when."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.base.api.views import ApiView
from engagements.models import User
from engagements.people.actions.absences import add_absence, end_absence
from engagements.people.queries.absences import AbsenceRow, own_absences


class AbsenceSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    cover = serializers.CharField(help_text="name of who stands in")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="the last day")
    is_now = serializers.BooleanField()
    is_over = serializers.BooleanField()


class EndedAbsenceSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    ended_at = serializers.DateTimeField()


class NewAbsence(StrictSerializer):
    cover = id_field(help_text="id of someone who works on one of your engagements")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="the last day")


class AbsenceList(ApiView):
    serializer_class = AbsenceSerializer
    write_scope = "write:milestones"

    @extend_schema(summary="Your absences that were not ended early, the latest first; at most twenty")
    def get(self, request) -> Response:
        self.read_query(StrictQuerySerializer)
        return self.answer_list(self._own())

    @extend_schema(
        summary="Say when you are away and who stands in", request=NewAbsence, responses={201: AbsenceSerializer}
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewAbsence)

        def make() -> dict:
            made = add_absence(**asked, by=request.user, now=timezone.now())
            return AbsenceSerializer(next(row for row in self._own() if row.pk == made.pk)).data

        return self.write(make)

    def _own(self) -> tuple[AbsenceRow, ...]:
        user = self.request.user
        assert isinstance(user, User), "permission classes let nobody else in"
        return own_absences(user, timezone.localdate())


class AbsenceEnd(ApiView):
    serializer_class = EndedAbsenceSerializer
    write_scope = "write:milestones"

    @extend_schema(
        operation_id="end_absence",
        summary="Take an absence back, or end it before its last day",
        request=None,
        responses={201: EndedAbsenceSerializer},
    )
    def post(self, request, pk: int) -> Response:
        return self.write(
            lambda: EndedAbsenceSerializer(end_absence(absence=pk, by=request.user, now=timezone.now())).data
        )

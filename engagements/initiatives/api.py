"""Initiatives: list, create with cities, copy from an earlier one, change, add cities, archive, restore."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from engagements import limits
from engagements.access.errors import NotFound
from engagements.base.api.inputs import NewArchive, StrictSerializer, id_field
from engagements.base.api.serializers import ArchivedSerializer, archived
from engagements.base.api.views import ApiView
from engagements.initiatives.actions.initiatives import (
    Setup,
    add_cities,
    archive_initiative,
    change_initiative,
    create_initiative,
    restore_initiative,
)
from engagements.initiatives.queries.choices import team_choices
from engagements.initiatives.queries.initiatives import InitiativeRow, initiative_to_copy, initiatives
from engagements.initiatives.rules import MOST_CITIES, MOST_FUNDERS, InitiativeFields
from engagements.milestones.milestone_templates import TEMPLATES
from engagements.models import User
from engagements.permissions import ROLE_LABELS, Role


def _money() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=13, decimal_places=2, help_text="US dollars as announced")


class PledgeSerializer(serializers.Serializer):
    """What funders announced. It is no recorded money and is added to none."""

    amount = _money()
    announced_on = serializers.DateField()
    precision = serializers.CharField(help_text="of the day: day, month, or by (on or before the day)")
    source = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass
    note = serializers.CharField()


class InitiativeSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    pledge = PledgeSerializer(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment] # taken out by the metaclass
    funders = serializers.ListField(child=serializers.CharField())
    cities = serializers.IntegerField(help_text="how many take part")
    archived_at = serializers.DateTimeField(allow_null=True)
    is_fictional = serializers.BooleanField()


class NewPledge(StrictSerializer):
    amount = _money()
    announced_on = serializers.DateField()
    source = serializers.CharField(max_length=limits.CITATION)  # type: ignore[assignment] # as above


class NewTeamMember(StrictSerializer):
    user = id_field(help_text="id of someone who works in an initiative you lead")
    role = serializers.ChoiceField([(role.value, ROLE_LABELS[role]) for role in (Role.ADVISER, Role.EXPERT)])


class NewCities(StrictSerializer):
    places = serializers.ListField(
        child=serializers.RegexField(r"^\d{7}$", help_text="code of a place in the Census list"),
        min_length=1,
        max_length=MOST_CITIES,
    )
    team = serializers.ListField(child=NewTeamMember(), required=False, max_length=50)
    template = serializers.ChoiceField(
        sorted(TEMPLATES), required=False, help_text="first milestones, counted from the initiative's start"
    )


class NewInitiative(NewCities):
    name = serializers.CharField(max_length=limits.INITIATIVE_NAME)
    source = serializers.CharField(max_length=limits.CITATION)  # type: ignore[assignment] # as above
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    pledge = NewPledge(required=False, allow_null=True)
    funders = serializers.ListField(
        child=serializers.CharField(max_length=limits.NAME), required=False, max_length=MOST_FUNDERS
    )


class NewCopy(NewInitiative):
    """What is left out is taken over; dates, pledge and first milestones never are."""

    places = serializers.ListField(
        child=serializers.RegexField(r"^\d{7}$", help_text="code of a place in the Census list"),
        required=False,
        min_length=1,
        max_length=MOST_CITIES,
        help_text="left out: the cities of the initiative copied",
    )
    team = serializers.ListField(
        child=NewTeamMember(), required=False, max_length=50, help_text="left out: its advisers and experts"
    )
    funders = serializers.ListField(
        child=serializers.CharField(max_length=limits.NAME),
        required=False,
        max_length=MOST_FUNDERS,
        help_text="left out: its funders",
    )


class InitiativeChange(StrictSerializer):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")
    name = serializers.CharField(required=False, max_length=limits.INITIATIVE_NAME)
    source = serializers.CharField(required=False, max_length=limits.CITATION)  # type: ignore[assignment] # as above
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    pledge = NewPledge(required=False, allow_null=True)


class InitiativeView(ApiView):
    serializer_class = InitiativeSerializer
    write_scope = "write:initiatives"

    def row(self, pk: int) -> InitiativeRow:
        found = initiatives(self.request.user, pk=pk)
        if not found:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        return found[0]

    def show(self, pk: int) -> dict:
        return InitiativeSerializer(self.row(pk)).data

    def create(self, asked: dict, by: User) -> dict:
        """`asked`: of NewInitiative."""
        made = create_initiative(
            fields=_fields(asked, asked.get("pledge")),
            funders=asked.get("funders", ()),
            places=asked["places"],
            setup=_setup(asked),
            by=by,
            now=timezone.now(),
        )
        return self.show(made.pk)


class InitiativeList(InitiativeView):
    @extend_schema(summary="Initiatives you may see", responses=InitiativeSerializer(many=True))
    def get(self, request) -> Response:
        return self.answer_list(initiatives(request.user))

    @extend_schema(
        summary="Create an initiative with its cities, team and first milestones",
        request=NewInitiative,
        responses={201: InitiativeSerializer},
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewInitiative)
        return self.write(lambda: self.create(asked, request.user))


class InitiativeDetail(InitiativeView):
    @extend_schema(summary="One initiative")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(
        summary="Change an initiative; 409 shows both versions",
        request=InitiativeChange,
        responses=InitiativeSerializer,
    )
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(InitiativeChange)
        row = self.row(pk)
        kept = {"name": row.name, "source": row.source, "starts_on": row.starts_on, "ends_on": row.ends_on}
        pledge = asked["pledge"] if "pledge" in asked else _pledge_of(row)

        def make() -> dict:
            change_initiative(
                initiative=pk,
                fields=_fields(kept | asked, pledge),
                expected_version=asked["version"],
                by=request.user,
                now=timezone.now(),
            )
            return self.show(pk)

        return self.write(make, 200)


class InitiativeCities(InitiativeView):
    @extend_schema(
        operation_id="create_initiative_cities",
        summary="Add cities to an initiative",
        request=NewCities,
        responses={201: InitiativeSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewCities)

        def make() -> dict:
            add_cities(initiative=pk, places=asked["places"], setup=_setup(asked), by=request.user, now=timezone.now())
            return self.show(pk)

        return self.write(make)


class InitiativeArchive(ApiView):
    serializer_class = ArchivedSerializer
    write_scope = "write:initiatives"

    @extend_schema(
        operation_id="archive_initiative",
        summary="Archive an initiative",
        request=NewArchive,
        responses=ArchivedSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewArchive)

        def make() -> dict:
            row = archive_initiative(
                initiative=pk,
                expected_version=asked["version"],
                why=asked["why"],
                by=request.user,
                now=timezone.now(),
            )
            return archived(row)

        return self.write(make, 200)


class InitiativeCopy(InitiativeView):
    @extend_schema(
        operation_id="copy_initiative",
        summary="Create an initiative with the funders, cities and team of an earlier one",
        request=NewCopy,
        responses={201: InitiativeSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewCopy)

        def make() -> dict:
            copied = initiative_to_copy(request.user, pk)
            still = {(person, role) for person, role, _label in team_choices(request.user)}
            team = [{"user": person, "role": role} for person, role in copied.team if (person, role) in still]
            places = [place for place in copied.places if place]
            return self.create({"funders": copied.funders, "places": places, "team": team} | asked, request.user)

        return self.write(make)


class InitiativeRestore(InitiativeView):
    @extend_schema(
        operation_id="restore_initiative",
        summary="Restore an archived initiative",
        request=None,
        responses=InitiativeSerializer,
    )
    def post(self, request, pk: int) -> Response:
        def make() -> dict:
            restore_initiative(initiative=pk, by=request.user, now=timezone.now())
            return self.show(pk)

        return self.write(make, 200)


def _fields(asked: dict, pledge: dict | None) -> InitiativeFields:
    return InitiativeFields(
        name=asked["name"],
        source=asked["source"],
        starts_on=asked.get("starts_on"),
        ends_on=asked.get("ends_on"),
        pledge=pledge["amount"] if pledge else None,
        pledge_on=pledge["announced_on"] if pledge else None,
        pledge_source=pledge["source"] if pledge else "",
    )


def _pledge_of(row: InitiativeRow) -> dict | None:
    if row.pledge is None:
        return None
    return {"amount": row.pledge.amount, "announced_on": row.pledge.announced_on, "source": row.pledge.source}


def _setup(asked: dict) -> Setup:
    team = tuple((member["user"], member["role"]) for member in asked.get("team", ()))
    return Setup(team, asked.get("template", ""))

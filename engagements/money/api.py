"""The ledger: entries, their reversals and tracts, and sums by stage."""

from decimal import Decimal

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from engagements import limits
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer, id_field
from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.money.actions.ledger import place_entry, post_entry, reverse_entry
from engagements.money.queries.ledger import EntryFilter, count_entries, entries, entry_page
from engagements.money.queries.sums import money_sums
from engagements.money.rules.amounts import LARGEST
from engagements.money.rules.stages import CHOICES


class EntrySerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    engagement = serializers.IntegerField(source="engagement_id", allow_null=True, help_text="null: whole initiative")
    engagement_slug = serializers.CharField(allow_null=True)
    city_name = serializers.CharField(allow_null=True)
    initiative = serializers.CharField()
    stage = serializers.ChoiceField(CHOICES)
    definition = serializers.CharField(help_text="what the stage means")
    usd = serializers.DecimalField(14, 2, help_text="dollars of price_year; negative for a reversal")
    price_year = serializers.IntegerField()
    occurred_on = serializers.DateField()
    funder = serializers.IntegerField(source="funder_id")
    funder_name = serializers.CharField(source="funder")
    plan = serializers.IntegerField(source="plan_id", allow_null=True)
    project = serializers.IntegerField(
        source="project_id", allow_null=True, help_text="what it pays for; null: the plan's project, if it has one"
    )
    milestone = serializers.IntegerField(source="milestone_id", allow_null=True)
    payee = serializers.CharField(allow_null=True, help_text="null below view_payee, as are the next four")
    payee_address = serializers.CharField(allow_null=True, help_text="where the payee is, not where the money works")
    description = serializers.CharField(allow_null=True)
    source_system = serializers.CharField(allow_null=True)
    external_id = serializers.CharField(allow_null=True)
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    reversed_by = serializers.IntegerField(source="reversed_by_id", allow_null=True)
    why = serializers.CharField(help_text="of a reversal")
    entered_by = serializers.CharField(allow_null=True)
    entered_at = serializers.DateTimeField()
    is_fictional = serializers.BooleanField(help_text="invented for demonstration: never added to recorded money")
    tracts = serializers.SerializerMethodField(help_text="service area: tract GEOID (2010) -> share of the amount")

    def get_tracts(self, row) -> dict[str, float]:
        return dict(row.tracts)


class SumSerializer(serializers.Serializer):
    initiative = serializers.CharField(source="initiative__slug")
    engagement = serializers.IntegerField(source="engagement_id", allow_null=True)
    engagement_slug = serializers.CharField(source="engagement__slug", allow_null=True)
    funder = serializers.IntegerField(source="funder_id")
    funder_name = serializers.CharField(source="funder__name")
    plan = serializers.IntegerField(source="plan_id", allow_null=True)
    project = serializers.IntegerField(source="project_id", allow_null=True, help_text="as the entries name it")
    stage = serializers.ChoiceField(CHOICES)
    price_year = serializers.IntegerField()
    is_fictional = serializers.BooleanField()
    usd = serializers.DecimalField(16, 2, help_text="net of reversals, as booked")
    entries = serializers.IntegerField(source="count")
    as_of = serializers.DateTimeField(help_text="when the last of these entries was posted")


class EntryQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    stage = serializers.ListField(child=serializers.ChoiceField(CHOICES), required=False)
    funder = id_field(required=False)
    plan = id_field(required=False)
    project = id_field(required=False)
    since = serializers.DateField(required=False, help_text="occurred on or after")
    until = serializers.DateField(required=False, help_text="occurred on or before")
    placed = serializers.BooleanField(required=False, allow_null=True, default=None)
    external_id = serializers.CharField(required=False, max_length=limits.EXTERNAL_ID)
    words = serializers.CharField(required=False, max_length=200)


class SumQuery(StrictQuerySerializer):
    engagement = id_field(required=False)
    initiative = id_field(required=False)


class TractsField(serializers.DictField):
    def __init__(self, **options):
        share = serializers.DecimalField(max_digits=14, decimal_places=12, min_value=0, max_value=1)
        super().__init__(child=share, help_text="tract GEOID (2010) -> share; together 1", **options)


class NewEntry(StrictSerializer):
    engagement = id_field(required=False, help_text="of a city; or an initiative")
    initiative = id_field(required=False, help_text="for a commitment to a whole initiative")
    stage = serializers.ChoiceField(CHOICES)
    amount = serializers.DecimalField(
        max_digits=13, decimal_places=2, max_value=LARGEST, min_value=Decimal("0.01"), help_text="dollars, above 0"
    )
    occurred_on = serializers.DateField()
    funder = id_field(help_text="id of the organization whose money it is")
    price_year = serializers.IntegerField(required=False, min_value=2000, max_value=2100)
    payee = serializers.CharField(required=False, allow_blank=True, max_length=limits.NAME)
    payee_address = serializers.CharField(required=False, allow_blank=True, max_length=limits.POSTAL_ADDRESS)
    description = serializers.CharField(required=False, allow_blank=True, max_length=limits.SENTENCE)
    source_system = serializers.CharField(required=False, allow_blank=True, max_length=limits.SOURCE_SYSTEM)
    external_id = serializers.CharField(required=False, allow_blank=True, max_length=limits.EXTERNAL_ID)
    plan = id_field(required=False, allow_null=True)
    project = id_field(
        required=False, allow_null=True, help_text="what it pays for; a plan that is given calculates for no other"
    )
    milestone = id_field(required=False, allow_null=True)
    tracts = TractsField(required=False)
    is_another = serializers.BooleanField(required=False, help_text="true when it only looks like one that is there")

    def validate(self, attrs):
        if ("engagement" in attrs) == ("initiative" in attrs):
            raise serializers.ValidationError({"engagement": ["Give an engagement or an initiative, one of them."]})
        return attrs


class NewReversal(StrictSerializer):
    why = serializers.CharField(max_length=limits.WHY)
    occurred_on = serializers.DateField(required=False)
    external_id = serializers.CharField(required=False, allow_blank=True, max_length=limits.EXTERNAL_ID)


class NewPlacement(StrictSerializer):
    tracts = TractsField()
    why = serializers.CharField(required=False, allow_blank=True, max_length=limits.WHY)


class EntryView(ApiView):
    serializer_class = EntrySerializer
    write_scope = "write:ledger"

    def show(self, pk: int) -> dict:
        return EntrySerializer(entry_page(self.request.user, pk).row).data


class EntryList(EntryView):
    @extend_schema(
        summary="Transactions you may see, newest day first",
        parameters=[EntryQuery],
        responses=EntrySerializer(many=True),
    )
    def get(self, request) -> Response:
        asked = self.read_query(EntryQuery)
        where = EntryFilter(stages=tuple(asked.pop("stage", ())), **asked)
        return self.answer_list(
            CountedRows(
                lambda: count_entries(request.user, where),
                lambda limit, offset: entries(request.user, where, limit=limit, offset=offset),
            )
        )

    @extend_schema(summary="Add a transaction", request=NewEntry, responses={201: EntrySerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewEntry)
        return self.write(lambda: self.show(post_entry(**asked, by=request.user, now=timezone.now()).pk))


class EntryDetail(EntryView):
    @extend_schema(summary="One transaction")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))


class EntryReversal(EntryView):
    @extend_schema(
        operation_id="reverse_ledger_entry",
        summary="Reverse a transaction with a new one",
        request=NewReversal,
        responses={201: EntrySerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewReversal)
        return self.write(lambda: self.show(reverse_entry(entry=pk, **asked, by=request.user, now=timezone.now()).pk))


class EntryTracts(EntryView):
    @extend_schema(
        operation_id="place_ledger_entry",
        summary="Set which tracts a transaction serves",
        request=NewPlacement,
        responses={201: EntrySerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = {"why": "", **self.read_body(NewPlacement)}

        def make() -> dict:
            place_entry(entry=pk, **asked, by=request.user, now=timezone.now())
            return self.show(pk)

        return self.write(make)


class SumList(ApiView):
    serializer_class = SumSerializer

    @extend_schema(
        summary="Money by stage, funder, plan, project and price year, net of reversals",
        parameters=[SumQuery],
        responses=SumSerializer(many=True),
    )
    def get(self, request) -> Response:
        return self.answer_list(money_sums(request.user, **self.read_query(SumQuery)))

"""The evidence library: everybody reads what was reviewed; experts and leads write, with `write:evidence`."""

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from atlas.web.public_reads import Validator, public_read
from engagements import limits
from engagements.base.api.authentication import WithinScope
from engagements.base.api.inputs import StrictQuerySerializer, StrictSerializer
from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.evidence import prose
from engagements.evidence.actions import add_evidence, change_evidence, review_evidence
from engagements.evidence.gaps import GAPS
from engagements.evidence.import_rows import HELP
from engagements.evidence.queries import EvidenceFilter, EvidenceRecord, evidence_page, evidence_rows
from engagements.evidence.records import (
    CHOICES,
    COLUMNS,
    FAMILIES,
    FINDINGS,
    LISTS,
    MAY_BE_EMPTY,
    NUMBERS,
    TIERS,
    WHOLE_NUMBERS,
    YES_OR_NO,
    EvidenceFields,
)
from engagements.limits import EVIDENCE, EVIDENCE_TEXT
from engagements.reviews.api_inputs import answers_of, checklist_field
from engagements.reviews.rules.checklists import EVIDENCE as CHECKLIST


def _version_field() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="the version you saw")


def _column(name: str, **options) -> serializers.Field:
    """A column of the library, as a body takes it and an answer gives it; what may stand in it, the rules say."""
    options |= {"help_text": HELP[name]}
    if name in NUMBERS:
        return serializers.FloatField(allow_null=True, **options)
    if name in WHOLE_NUMBERS:
        return serializers.IntegerField(allow_null=True, min_value=1, max_value=2**31 - 1, **options)
    if name in YES_OR_NO:
        return serializers.BooleanField(**options)
    if name in LISTS:
        return serializers.ListField(child=serializers.CharField(max_length=80), max_length=100, **options)
    if name == "verified_on":
        return serializers.DateField(allow_null=True, **options)
    if name in CHOICES:
        return serializers.ChoiceField(CHOICES[name], allow_blank=name in MAY_BE_EMPTY, **options)
    return serializers.CharField(allow_blank=True, max_length=EVIDENCE.get(name, EVIDENCE_TEXT), **options)


class EvidenceQuery(StrictQuerySerializer):
    gap = serializers.ChoiceField([(gap.code, gap.label) for gap in GAPS], required=False)
    family = serializers.ChoiceField(FAMILIES, required=False)
    tier = serializers.ChoiceField(TIERS, required=False)
    finding = serializers.ChoiceField(FINDINGS, required=False)
    tried_in = serializers.SlugField(required=False, help_text="a city it was tried in")
    words = serializers.CharField(required=False, max_length=limits.SEARCH)
    waiting = serializers.BooleanField(default=False, help_text="only what needs a review; for its authors")


class NewEvidence(StrictSerializer):
    def get_fields(self) -> dict:
        needed = ("key", "intervention", "summary", "outcome", "outcome_family", "tier", "finding", "source")
        return {name: _column(name, required=name in needed) for name in COLUMNS}


class EvidenceChange(StrictSerializer):
    def get_fields(self) -> dict:
        columns = {name: _column(name, required=False) for name in COLUMNS if name != "key"}
        return {
            **columns,
            "version": _version_field(),
            "why": serializers.CharField(max_length=limits.WHY, required=False, allow_blank=True),
        }


class NewReview(StrictSerializer):
    status = serializers.ChoiceField(["reviewed", "draft"])
    version = _version_field()
    why = serializers.CharField(max_length=limits.WHY, required=False, allow_blank=True)
    checklist = checklist_field(CHECKLIST)


class EffectIntervalSerializer(serializers.Serializer):
    low = serializers.FloatField()
    high = serializers.FloatField()
    how = serializers.CharField(help_text="as published, or effect ± 1.96 standard errors")


class EvidenceSerializer(serializers.Serializer):
    """The columns of the library, with what follows from them."""

    def get_fields(self) -> dict:
        columns = {name: _column(name, source=f"fields.{name}") for name in COLUMNS}
        return {
            "id": serializers.IntegerField(source="pk"),
            "version": serializers.IntegerField(help_text="of these words; send it with a change"),
            **columns,
            "interval": EffectIntervalSerializer(allow_null=True, help_text="95%, in the effect's unit"),
            "not_said": serializers.ListField(child=serializers.CharField(), help_text="what nobody may read into it"),
            "is_waiting": serializers.BooleanField(help_text="not reviewed yet: only who writes the library sees it"),
            "is_earlier": serializers.BooleanField(help_text="a later change needs a review"),
            "reviewed_at": serializers.DateTimeField(allow_null=True),
        }

    def to_representation(self, row: EvidenceRecord) -> dict:
        found = {"interval": prose.interval(row.fields), "not_said": prose.list_caveats(row.fields)}
        return super().to_representation(_RecordWithFields(row, found))


class _RecordWithFields:
    """A record with fields computed from it."""

    def __init__(self, row: EvidenceRecord, more: dict):
        self._row, self._more = row, more

    def __getattr__(self, name: str):
        return self._more[name] if name in self._more else getattr(self._row, name)


class EvidenceView(ApiView):
    serializer_class = EvidenceSerializer
    permission_classes = [IsAuthenticatedOrReadOnly, WithinScope]
    write_scope = "write:evidence"

    def show(self, key: str) -> dict:
        return EvidenceSerializer(evidence_page(self.request.user, key).row).data


@public_read(Validator.ANSWER)
class EvidenceList(EvidenceView):
    @extend_schema(
        summary="The evidence library", parameters=[EvidenceQuery], responses=EvidenceSerializer(many=True), auth=[]
    )
    def get(self, request) -> Response:
        asked = self.read_query(EvidenceQuery)
        where = EvidenceFilter(
            gap=asked.get("gap", ""),
            family=asked.get("family", ""),
            tier=asked.get("tier", ""),
            finding=asked.get("finding", ""),
            city=asked.get("tried_in", ""),
            words=asked.get("words", ""),
            only_waiting=asked["waiting"],
        )
        rows = evidence_rows(request.user, where)
        return self.answer_list(CountedRows(lambda: len(rows), lambda limit, offset: rows[offset : offset + limit]))

    @extend_schema(
        summary="Add a study finding; someone else has to review it",
        request=NewEvidence,
        responses={201: EvidenceSerializer},
    )
    def post(self, request) -> Response:
        asked = _field_values(self.read_body(NewEvidence))
        fields = replace(EvidenceFields("", "", "", "", ""), **asked)
        return self.write(lambda: self.show(add_evidence(fields=fields, by=request.user, now=timezone.now()).key))


@public_read(Validator.ANSWER)
class EvidenceDetailView(EvidenceView):
    @extend_schema(summary="One study finding", auth=[])
    def get(self, request, slug: str) -> Response:
        return Response(self.show(slug))

    @extend_schema(
        summary="Change a study finding; 409 shows both versions", request=EvidenceChange, responses=EvidenceSerializer
    )
    def patch(self, request, slug: str) -> Response:
        asked = self.read_body(EvidenceChange)
        version, why = asked.pop("version"), asked.pop("why", "")

        def make() -> dict:
            change_evidence(
                key=slug,
                changes=_field_values(asked),
                expected_version=version,
                why=why,
                by=request.user,
                now=timezone.now(),
            )
            return self.show(slug)

        return self.write(make, 200)


class EvidenceReview(EvidenceView):
    @extend_schema(
        operation_id="review_evidence",
        summary="Review a study finding with the checklist, or withdraw a review",
        request=NewReview,
        responses=EvidenceSerializer,
    )
    def post(self, request, slug: str) -> Response:
        asked = self.read_body(NewReview)

        def make() -> dict:
            review_evidence(
                key=slug,
                status=asked["status"],
                expected_version=asked["version"],
                why=asked.get("why", ""),
                answers=answers_of(asked),
                by=request.user,
                now=timezone.now(),
            )
            return self.show(slug)

        return self.write(make, 200)


def _field_values(asked: dict) -> dict:
    """As EvidenceFields holds them."""
    return {name: tuple(value) if name in LISTS else value for name, value in asked.items()}

"""Plans: list, start, change with the version one saw, choose tracts, plan interventions, move; figures as shown."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from engagements.access.errors import NotFound
from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.plans.actions import interventions as plan_interventions
from engagements.plans.actions.interventions import (
    add_intervention,
    archive_intervention,
    change_intervention,
    intervention_for,
)
from engagements.plans.actions.links import set_links
from engagements.plans.actions.plans import CHANGEABLE, change_plan, start_plan
from engagements.plans.actions.status import make_public, move_plan
from engagements.plans.actions.tracts import set_tracts
from engagements.plans.api.inputs import (
    InterventionChange,
    NewIntervention,
    NewPlan,
    PlanChange,
    PlanLinks,
    PlanPublic,
    PlanQuery,
    PlanStatus,
    PlanTracts,
)
from engagements.plans.api.serializers import (
    InterventionVersionSerializer,
    PlanDetailSerializer,
    PlanFiguresSerializer,
    PlanSerializer,
    TractsSerializer,
)
from engagements.plans.queries.plans import PlanPage, count_plans, intervention_versions, plan_page, plans
from engagements.reviews.api_inputs import answers_of


class PlanView(ApiView):
    serializer_class: type[serializers.BaseSerializer] | None = PlanDetailSerializer
    write_scope = "write:plans"

    def page(self, pk: int) -> PlanPage:
        now = timezone.now()
        return plan_page(self.request.user, pk, today=timezone.localdate(now), now=now)

    def show(self, pk: int) -> dict:
        return PlanDetailSerializer(self.page(pk)).data

    def by(self) -> dict:
        return {"by": self.request.user, "now": timezone.now()}


class PlanList(PlanView):
    serializer_class = PlanSerializer

    @extend_schema(
        summary="Plans you may read, newest first", parameters=[PlanQuery], responses=PlanSerializer(many=True)
    )
    def get(self, request) -> Response:
        asked = self.read_query(PlanQuery)
        where = {"engagements": (asked["engagement"],) if "engagement" in asked else (), "city": asked.get("city", "")}

        def rows(limit: int, offset: int):
            return plans(request.user, limit=limit, offset=offset, **where)

        return self.answer_list(CountedRows(lambda: count_plans(request.user, **where), rows))

    @extend_schema(summary="Start a plan", request=NewPlan, responses={201: PlanDetailSerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewPlan)
        return self.write(lambda: self.show(start_plan(**asked, **self.by()).pk))


class PlanDetail(PlanView):
    @extend_schema(summary="One plan: the draft for its team, what was published for others")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(summary="Change a plan; 409 shows both versions", request=PlanChange, responses=PlanDetailSerializer)
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(PlanChange)

        def make() -> dict:
            change_plan(
                plan=pk,
                changes={name: asked[name] for name in asked.keys() & CHANGEABLE},
                expected_version=asked["version"],
                why=asked.get("why", ""),
                **self.by(),
            )
            return self.show(pk)

        return self.write(make, 200)


class PlanMove(PlanView):
    @extend_schema(
        operation_id="move_plan",
        summary="Submit, send back, review with the checklist, approve, publish, revise, close, reopen",
        request=PlanStatus,
        responses=PlanDetailSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(PlanStatus)
        version, answers = asked.pop("version"), answers_of(asked)

        def make() -> dict:
            move_plan(plan=pk, expected_version=version, answers=answers, **asked, **self.by())
            return self.show(pk)

        return self.write(make, 200)


class PlanPublicity(PlanView):
    @extend_schema(
        operation_id="publish_plan",
        summary="Make a published plan public, or private again (city staff)",
        request=PlanPublic,
        responses=PlanDetailSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(PlanPublic)

        def make() -> dict:
            make_public(plan=pk, is_public=asked["is_public"], **self.by())
            return self.show(pk)

        return self.write(make, 200)


class PlanLinking(PlanView):
    @extend_schema(
        operation_id="link_plan",
        summary="Link exactly these milestones and documents",
        request=PlanLinks,
        responses=PlanDetailSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(PlanLinks)

        def make() -> dict:
            set_links(
                plan=pk,
                milestones=asked.get("milestones"),
                documents=asked.get("documents"),
                expected_version=asked.get("version"),
                **self.by(),
            )
            return self.show(pk)

        return self.write(make, 200)


class PlanFigureSet(PlanView):
    serializer_class = PlanFiguresSerializer

    @extend_schema(
        operation_id="get_plan_figures", summary="Every figure of the plan's page", responses=PlanFiguresSerializer
    )
    def get(self, request, pk: int) -> Response:
        return Response(PlanFiguresSerializer(self.page(pk).figures).data)


class PlanTractSet(PlanView):
    serializer_class = TractsSerializer

    def answer(self, pk: int) -> dict:
        page = self.page(pk)
        words = page.content
        return TractsSerializer(
            {
                "plan": pk,
                "version": page.row.version,
                "area_name": words.area_name,
                "area_rule": words.area_rule,
                "measure": words.measure,
                "tract_vintage": 2010,
                "geoids": words.geoids,
            }
        ).data

    @extend_schema(operation_id="get_plan_tracts", summary="The plan's tracts", responses=TractsSerializer)
    def get(self, request, pk: int) -> Response:
        return Response(self.answer(pk))

    @extend_schema(
        operation_id="choose_plan_tracts",
        summary="Choose the whole area again",
        request=PlanTracts,
        responses=TractsSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(PlanTracts)
        version = asked.pop("version")

        def make() -> dict:
            set_tracts(plan=pk, expected_version=version, **asked, **self.by())
            return self.answer(pk)

        return self.write(make, 200)


class InterventionView(PlanView):
    serializer_class = InterventionVersionSerializer
    pagination_class = None

    def rows(self, pk: int) -> list[dict]:
        page = self.page(pk)
        versions = intervention_versions(pk) if page.is_team else {}
        return InterventionVersionSerializer(page.content.interventions, many=True, context={"versions": versions}).data

    def row(self, pk: int, intervention: int) -> dict:
        return next(row for row in self.rows(pk) if row["id"] == intervention)


class InterventionList(InterventionView):
    @extend_schema(summary="The plan's interventions, in order", responses=InterventionVersionSerializer(many=True))
    def get(self, request, pk: int) -> Response:
        return Response(self.rows(pk))

    @extend_schema(
        summary="Add an intervention", request=NewIntervention, responses={201: InterventionVersionSerializer}
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewIntervention)

        def make() -> dict:
            made = add_intervention(
                plan=pk,
                values=_of_intervention(asked),
                evidence=asked.get("evidence", ""),
                rule=asked.get("rule", ""),
                **self.by(),
            )
            return self.row(pk, made.pk)

        return self.write(make)


class InterventionDetail(InterventionView):
    @extend_schema(summary="One intervention", responses=InterventionVersionSerializer)
    def get(self, request, pk: int, intervention: int) -> Response:
        found = [row for row in self.rows(pk) if row["id"] == intervention]
        if not found:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        return Response(found[0])

    @extend_schema(
        summary="Change an intervention, or remove it with a reason",
        request=InterventionChange,
        responses=InterventionVersionSerializer,
    )
    def patch(self, request, pk: int, intervention: int) -> Response:
        asked = self.read_body(InterventionChange)

        def make() -> dict:
            if intervention_for(request.user, intervention).plan_id != pk:
                raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
            shown = self.row(pk, intervention)
            if asked.get("archive_why", "").strip():
                archive_intervention(
                    intervention=intervention, expected_version=asked["version"], why=asked["archive_why"], **self.by()
                )
                return shown
            change_intervention(
                intervention=intervention,
                changes=_of_intervention(asked),
                expected_version=asked["version"],
                evidence=asked.get("evidence"),
                rule=asked.get("rule", ""),
                **self.by(),
            )
            return self.row(pk, intervention)

        return self.write(make, 200)


def _of_intervention(asked: dict) -> dict[str, object]:
    return {name: asked[name] for name in asked.keys() & plan_interventions.CHANGEABLE}

"""Results: everybody reads what was published, the team drafts; writing with `write:results`."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from atlas.web.public_reads import Validator, public_read
from engagements.access.results import (
    project_for,
    reply_request_for,
    search_for,
    visible_projects,
    visible_reply_requests,
    visible_results,
    visible_searches,
)
from engagements.access.roles import engagements_with
from engagements.base.api.authentication import WithinScope
from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.models import SearchRecord
from engagements.permissions import VIEW_RESULT
from engagements.results.actions.links import check_may_be_sent
from engagements.results.actions.projects import add_project, change_project, link_plans
from engagements.results.actions.replies import answer_reply, ask_reply
from engagements.results.actions.results import add_result, change_result, move_result
from engagements.results.actions.searches import add_search, publish_search
from engagements.results.api_serializers import (
    NewProject,
    NewReply,
    NewReplyRequest,
    NewResult,
    NewResultMove,
    NewSearch,
    ProjectChange,
    ProjectQuery,
    ProjectSerializer,
    ReplyRequestSerializer,
    ResultChange,
    ResultQuery,
    ResultSerializer,
    SearchPublication,
    SearchSerializer,
)
from engagements.results.mail import send_reply_link
from engagements.results.queries.drafts import ResultDetail, result_page, result_pages
from engagements.results.records import (
    SEARCH_COLUMNS,
    Arm,
    ProjectFields,
    ResultFields,
    SearchFields,
    Source,
)
from engagements.reviews.api_inputs import answers_of


class _PublicView(ApiView):
    permission_classes = [IsAuthenticatedOrReadOnly, WithinScope]
    write_scope = "write:results"

    def by(self) -> dict:
        return {"by": self.request.user, "now": timezone.now()}


class _ResultView(_PublicView):
    serializer_class: type[serializers.BaseSerializer] | None = ResultSerializer

    def show(self, pk: int) -> dict:
        return ResultSerializer(result_page(self.request.user, pk)).data


@public_read(Validator.ANSWER)
class ResultList(_ResultView):
    @extend_schema(
        summary="Results of projects: published ones, and drafts for their team",
        parameters=[ResultQuery],
        responses=ResultSerializer(many=True),
        auth=[],
    )
    def get(self, request) -> Response:
        asked = self.read_query(ResultQuery)
        names = {"engagement": "engagement_id", "project": "project_id", "city": "engagement__city__slug"}
        where = Q(**{names[name]: value for name, value in asked.items() if name in names})
        rows = visible_results(request.user).filter(where).order_by("pk")
        if "status" in asked:  # what was published keeps that status for readers while a correction is written
            team = Q(engagement__in=engagements_with(request.user, VIEW_RESULT).values("pk"))
            for_others = {
                "published": Q(status__in=("draft", "in_review", "published")),
                "retracted": Q(status="retracted"),
            }
            rows = rows.filter(team & Q(status=asked["status"]) | ~team & for_others.get(asked["status"], Q(pk=None)))

        def page(limit: int, offset: int) -> tuple[ResultDetail, ...]:
            return result_pages(request.user, rows[offset : offset + limit])

        return self.answer_list(CountedRows(rows.count, page))

    @extend_schema(summary="Record a result; it is a draft", request=NewResult, responses={201: ResultSerializer})
    def post(self, request) -> Response:
        asked = _values(self.read_body(NewResult))
        engagement = asked.pop("engagement")
        fields = replace(ResultFields("", "", ""), **asked)
        return self.write(lambda: self.show(add_result(engagement=engagement, fields=fields, **self.by()).pk))


@public_read(Validator.ANSWER)
class ResultDetailView(_ResultView):
    @extend_schema(summary="One result with its publications", auth=[])
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(
        summary="Change a draft, or correct what was published; 409 shows both versions",
        request=ResultChange,
        responses=ResultSerializer,
    )
    def patch(self, request, pk: int) -> Response:
        asked = _values(self.read_body(ResultChange))
        version, why = asked.pop("version"), asked.pop("why", "")

        def make() -> dict:
            change_result(pk=pk, changes=asked, expected_version=version, why=why, **self.by())
            return self.show(pk)

        return self.write(make, 200)


class ResultMove(_ResultView):
    @extend_schema(
        operation_id="move_result",
        summary="Send to review, send back, publish with the checklist, or retract",
        request=NewResultMove,
        responses=ResultSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewResultMove)

        def make() -> dict:
            move_result(
                pk=pk,
                status=asked["status"],
                expected_version=asked["version"],
                why=asked.get("why", ""),
                answers=answers_of(asked),
                **self.by(),
            )
            return self.show(pk)

        return self.write(make, 200)


@public_read(Validator.ANSWER)
class ProjectList(_PublicView):
    serializer_class = ProjectSerializer

    @extend_schema(
        summary="What cities try", parameters=[ProjectQuery], responses=ProjectSerializer(many=True), auth=[]
    )
    def get(self, request) -> Response:
        asked = self.read_query(ProjectQuery)
        where = {"engagement_id": asked["engagement"]} if "engagement" in asked else {}
        return self.answer_list(visible_projects(request.user).filter(**where).order_by("pk"))

    @extend_schema(summary="Add a project", request=NewProject, responses={201: ProjectSerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewProject)
        engagement, plans = asked.pop("engagement"), asked.pop("plans", None)
        fields = replace(ProjectFields(""), **asked)

        def make() -> dict:
            row = add_project(engagement=engagement, fields=fields, **self.by())
            if plans is not None:
                link_plans(pk=row.pk, plans=plans, **self.by())
            return ProjectSerializer(row).data

        return self.write(make)


@public_read(Validator.ANSWER)
class ProjectDetail(_PublicView):
    serializer_class = ProjectSerializer

    @extend_schema(summary="One project", auth=[])
    def get(self, request, pk: int) -> Response:
        return Response(ProjectSerializer(project_for(request.user, pk)).data)

    @extend_schema(
        summary="Change a project; 409 shows both versions", request=ProjectChange, responses=ProjectSerializer
    )
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(ProjectChange)
        version, plans = asked.pop("version"), asked.pop("plans", None)

        def make() -> dict:
            row = change_project(pk=pk, changes=asked, expected_version=version, **self.by())
            if plans is not None:
                link_plans(pk=pk, plans=plans, **self.by())
            return ProjectSerializer(row).data

        return self.write(make, 200)


@public_read(Validator.ANSWER)
class SearchList(_PublicView):
    serializer_class = SearchSerializer

    @extend_schema(
        summary="Searches that found no published result",
        parameters=[ProjectQuery],
        responses=SearchSerializer(many=True),
        auth=[],
    )
    def get(self, request) -> Response:
        asked = self.read_query(ProjectQuery)
        where = {"engagement_id": asked["engagement"]} if "engagement" in asked else {}
        return self.answer_list(visible_searches(request.user).filter(**where).order_by("pk"))

    @extend_schema(summary="Record a search", request=NewSearch, responses={201: SearchSerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewSearch)
        engagement = asked.pop("engagement")
        fields = SearchFields(**{name: asked[name] for name in SEARCH_COLUMNS})
        return self.write(lambda: SearchSerializer(add_search(engagement=engagement, fields=fields, **self.by())).data)


class SearchPublish(_PublicView):
    serializer_class = SearchSerializer

    @extend_schema(
        operation_id="publish_search",
        summary="Publish a search, once the city was asked",
        request=SearchPublication,
        responses=SearchSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(SearchPublication)

        def make() -> dict:
            publish_search(pk=pk, expected_version=asked["version"], **self.by())
            found: SearchRecord = search_for(request.user, pk)
            return SearchSerializer(found).data

        return self.write(make, 200)


class ReplyList(ApiView):
    serializer_class = ReplyRequestSerializer
    write_scope = "write:results"

    @extend_schema(summary="Requests for the city's reply", responses=ReplyRequestSerializer(many=True))
    def get(self, request) -> Response:
        return self.answer_list(visible_reply_requests(request.user).order_by("pk"))

    @extend_schema(
        operation_id="create_reply",
        summary="Ask the city about a sentence",
        request=NewReplyRequest,
        responses={201: ReplyRequestSerializer},
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewReplyRequest)
        email = asked.pop("email", "")

        def make() -> dict:
            if email and "organisation" not in asked:
                raise ValidationError({"email": "Choose the organization it belongs to."})
            if email:
                check_may_be_sent(None, email)
            row = ask_reply(by=request.user, now=timezone.now(), **asked)
            if email:
                send_reply_link(request=row.pk, email=email, by=request.user, now=timezone.now())
            return ReplyRequestSerializer(row).data

        return self.write(make)


class ReplyDetailView(ApiView):
    serializer_class = ReplyRequestSerializer
    write_scope = "write:results"

    @extend_schema(operation_id="get_reply", summary="One request for a reply")
    def get(self, request, pk: int) -> Response:
        return Response(ReplyRequestSerializer(reply_request_for(request.user, pk)).data)

    @extend_schema(
        operation_id="answer_reply",
        summary="Reply for the city: agree, correct or add",
        request=NewReply,
        responses=ReplyRequestSerializer,
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewReply)
        version = asked.pop("version")

        def make() -> dict:
            row = answer_reply(pk=pk, expected_version=version, by=request.user, now=timezone.now(), **asked)
            return ReplyRequestSerializer(row).data

        return self.write(make, 200)


def _values(asked: dict) -> dict:
    """As ResultFields holds them."""
    found = dict(asked)
    if "arms" in found:
        found["arms"] = tuple(Arm(**each) for each in found["arms"])
    if "sources" in found:
        found["sources"] = tuple(Source(**each) for each in found["sources"])
    return found

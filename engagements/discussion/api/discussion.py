"""Comments, and requests to experts with their answers."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.requests import answer_request, create_request
from engagements.discussion.api.inputs import CommentQuery, NewAnswer, NewComment, NewRequest, RequestQuery
from engagements.discussion.api.serializers import CommentSerializer, RequestSerializer
from engagements.discussion.queries.discussion import comment_page, count_comments
from engagements.discussion.queries.requests import count_requests, request_page, requests


class CommentList(ApiView):
    serializer_class = CommentSerializer
    write_scope = "write:comments"

    @extend_schema(
        summary="Comments you may read, newest first", parameters=[CommentQuery], responses=CommentSerializer(many=True)
    )
    def get(self, request) -> Response:
        about = {f"{name}_id": pk for name, pk in self.read_query(CommentQuery).items()}

        def rows(limit: int, offset: int):
            return comment_page(request.user, limit=limit, offset=offset, **about)

        return self.answer_list(CountedRows(lambda: count_comments(request.user, **about), rows))

    @extend_schema(
        summary="Comment on an engagement, or on one milestone, update or request of it",
        request=NewComment,
        responses={201: CommentSerializer},
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewComment)

        def make() -> dict:
            made = add_comment(**asked, by=request.user, now=timezone.now())
            (row,) = comment_page(request.user, limit=1, pk=made.pk)
            return CommentSerializer(row).data

        return self.write(make)


class RequestView(ApiView):
    serializer_class = RequestSerializer
    write_scope = "write:requests"

    def show(self, pk: int) -> dict:
        return RequestSerializer(request_page(self.request.user, pk, today=timezone.localdate()).row).data


class RequestList(RequestView):
    @extend_schema(
        summary="Requests you may read, soonest due first",
        parameters=[RequestQuery],
        responses=RequestSerializer(many=True),
    )
    def get(self, request) -> Response:
        asked, today = self.read_query(RequestQuery), timezone.localdate()
        where = {
            "engagements": (asked["engagement"],) if "engagement" in asked else (),
            "statuses": tuple(asked.get("status", ())),
            "mine": asked["mine"],
        }

        def rows(limit: int, offset: int):
            return requests(request.user, today=today, limit=limit, offset=offset, **where)

        return self.answer_list(CountedRows(lambda: count_requests(request.user, **where), rows))

    @extend_schema(summary="Ask an expert", request=NewRequest, responses={201: RequestSerializer})
    def post(self, request) -> Response:
        asked = self.read_body(NewRequest)
        return self.write(lambda: self.show(create_request(**asked, by=request.user, now=timezone.now()).pk))


class RequestDetail(RequestView):
    @extend_schema(summary="One request")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))


class RequestAnswer(RequestView):
    @extend_schema(
        operation_id="answer_request", summary="Answer a request", request=NewAnswer, responses=RequestSerializer
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewAnswer)

        def make() -> dict:
            answer_request(
                request=pk,
                answer=asked["answer"],
                expected_version=asked["version"],
                by=request.user,
                now=timezone.now(),
            )
            return self.show(pk)

        return self.write(make, 200)

"""Feeds for programs: list, bind, change, move, decide; and the address to which values are pushed with a key."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

from engagements.access.errors import NotFound
from engagements.access.feeds import editable_feed_for, find_key
from engagements.base.api.pagination import CountedRows
from engagements.base.api.views import ApiView
from engagements.feeds.actions.checking import plan_now
from engagements.feeds.actions.decisions import decide
from engagements.feeds.actions.feeds import (
    FIELDS,
    archive_feed,
    bind_indicator,
    bind_ledger_line,
    change_feed,
    pause_feed,
    resume_feed,
    trust_feed,
)
from engagements.feeds.actions.pushing import PREFIX, make_key, push, revoke_key
from engagements.feeds.api_inputs import FeedChange, FeedQuery, NewFeed, NewFeedDecision, NewFeedMove, NewPush
from engagements.feeds.api_serializers import (
    EndedKeySerializer,
    FeedKeySerializer,
    FeedReadingSerializer,
    FeedSerializer,
    PushedSerializer,
)
from engagements.feeds.queries.feeds import count_readings, feed_rows, readings_of_value
from engagements.models import FeedKey, FeedReading, User

SCOPE = "write:feeds"


class FeedView(ApiView):
    serializer_class = FeedSerializer
    write_scope = SCOPE

    def show(self, pk: int) -> dict:
        found = feed_rows(self.request.user, today=timezone.localdate(), pk=pk)
        if not found:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        return FeedSerializer(found[0]).data


class FeedList(FeedView):
    @extend_schema(
        summary="Feeds of your teams, what needs somebody first",
        parameters=[FeedQuery],
        responses=FeedSerializer(many=True),
    )
    def get(self, request) -> Response:
        asked = self.read_query(FeedQuery)
        return self.answer_list(feed_rows(request.user, today=timezone.localdate(), engagement=asked.get("engagement")))

    @extend_schema(
        summary="Bind an indicator or a line of the ledger to a feed", request=NewFeed, responses={201: FeedSerializer}
    )
    def post(self, request) -> Response:
        asked = self.read_body(NewFeed)
        common: dict[str, Any] = {
            "fields": {name: asked[name] for name in FIELDS if name in asked},
            "secret": asked.get("token", ""),
            "variable": asked.get("token_variable", ""),
            "by": request.user,
            "now": timezone.now(),
        }

        def make() -> dict:
            if "indicator" in asked:
                return self.show(bind_indicator(indicator=asked["indicator"], **common).pk)
            line: dict[str, Any] = {name: asked.get(name) for name in ("engagement", "stage", "funder", "plan")}
            return self.show(bind_ledger_line(**line, **common).pk)

        return self.write(make)


class FeedDetail(FeedView):
    @extend_schema(summary="One feed: how it fares and how old its newest value is")
    def get(self, request, pk: int) -> Response:
        return Response(self.show(pk))

    @extend_schema(
        summary="Change a feed; what it reads is approved again by someone else. 409 shows both versions",
        request=FeedChange,
        responses=FeedSerializer,
    )
    def patch(self, request, pk: int) -> Response:
        asked = self.read_body(FeedChange)

        def make() -> dict:
            change_feed(
                feed=pk,
                changes={name: asked[name] for name in FIELDS if name in asked},
                expected_version=asked["version"],
                secret=asked.get("token"),
                variable=asked.get("token_variable", ""),
                by=request.user,
                now=timezone.now(),
            )
            return self.show(pk)

        return self.write(make, 200)


class FeedMoves(FeedView):
    @extend_schema(
        operation_id="move_feed",
        summary="Pause, resume, approve, ask now or archive a feed",
        request=NewFeedMove,
        responses={201: FeedSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewFeedMove)
        seen = {"feed": pk, "expected_version": asked["version"], "by": request.user, "now": timezone.now()}
        acts = {"pause": pause_feed, "resume": resume_feed, "approve": trust_feed}

        def make() -> dict:
            before = self.show(pk)
            if asked["to"] == "archive":
                archive_feed(**seen, why=asked.get("why", ""))
                return before | {"version": before["version"] + 1}
            if asked["to"] == "check":
                plan_now(editable_feed_for(request.user, pk), timezone.now())
            else:
                acts[asked["to"]](**seen)
            return self.show(pk)

        return self.write(make)


class FeedKeys(ApiView):
    write_scope = SCOPE
    serializer_class = FeedKeySerializer

    @extend_schema(
        summary="A key for a program that pushes; its secret is shown this once",
        request=None,
        responses={201: FeedKeySerializer},
    )
    def post(self, request, pk: int) -> Response:
        key, secret = make_key(feed=pk, by=request.user, now=timezone.now())
        shown = {"id": key.pk, "first_characters": key.first_characters, "secret": secret, "created_at": key.created_at}
        return Response(shown, 201)  # never kept for a repeated Idempotency-Key: it would keep the secret


class FeedKeyEnd(ApiView):
    write_scope = SCOPE
    serializer_class = EndedKeySerializer

    @extend_schema(operation_id="end_feed_key", summary="End a key", request=None, responses={201: EndedKeySerializer})
    def post(self, request, pk: int) -> Response:
        return self.write(lambda: EndedKeySerializer(revoke_key(key=pk, by=request.user, now=timezone.now())).data)


class FeedReadings(ApiView):
    write_scope = SCOPE
    serializer_class = FeedReadingSerializer

    @extend_schema(
        summary="What each vintage said, the newest first: corrected values stay beside what they correct",
        responses=FeedReadingSerializer(many=True),
    )
    def get(self, request, pk: int) -> Response:
        count = count_readings(request.user, pk)

        def rows(limit: int, offset: int) -> tuple[FeedReading, ...]:
            return readings_of_value(request.user, pk, limit=limit, offset=offset)

        return self.answer_list(CountedRows(lambda: count, rows))


class FeedDecision(ApiView):
    write_scope = SCOPE
    serializer_class = FeedReadingSerializer

    @extend_schema(
        operation_id="review_feed_value",
        summary="Accept or refuse a value that waits",
        request=NewFeedDecision,
        responses={201: FeedReadingSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewFeedDecision)

        def make() -> dict:
            done = decide(
                reading=pk, accept=asked["accept"], reason=asked["reason"], by=request.user, now=timezone.now()
            )
            return FeedReadingSerializer(done).data

        return self.write(make)


class FeedKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer mf_…`, for the one feed the key is of. Unknown, revoked and another's answer the same."""

    def authenticate(self, request) -> tuple[User, FeedKey]:
        words = get_authorization_header(request).split()
        refused = exceptions.AuthenticationFailed("The key is unknown or revoked, or belongs to another feed.")
        if len(words) != 2 or words[0].lower() != b"bearer":
            raise refused
        try:
            secret = words[1].decode("ascii")
            if not secret.startswith(PREFIX):
                raise refused
            feed = request.parser_context["kwargs"]["pk"]
            key = find_key(secret=secret, feed=feed, now=timezone.now())
        except (ValueError, NotFound) as unknown:
            raise refused from unknown
        return key.feed.owner, key

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="Mobility Portal feed"'


class FeedKeyScheme(OpenApiAuthenticationExtension):
    target_class = FeedKeyAuthentication
    name = "feedKey"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "A key made on the page of a feed, for that feed."}


class WithFeedKey(BasePermission):
    def has_permission(self, request, view) -> bool:
        return isinstance(request.auth, FeedKey)


class FeedKeyThrottle(SimpleRateThrottle):
    """So often one key may push."""

    scope = "feed_key"

    def get_cache_key(self, request, view) -> str | None:
        return f"throttle_feed_key_{request.auth.pk}" if isinstance(request.auth, FeedKey) else None


class FeedPush(ApiView):
    authentication_classes = [FeedKeyAuthentication]
    permission_classes = [WithFeedKey]
    throttle_classes = [FeedKeyThrottle]
    serializer_class = PushedSerializer
    more_problems = (401,)  # its key is no account of a person

    @extend_schema(
        operation_id="push_feed",
        summary="Push values to a feed with its key; sent again they change nothing",
        request=NewPush,
        responses={201: PushedSerializer},
    )
    def post(self, request, pk: int) -> Response:
        asked = self.read_body(NewPush)
        try:
            vintage, mapped = push(key=request.auth, rows=asked["rows"], now=timezone.now())
        except ValidationError as refused:
            raise exceptions.ValidationError(
                refused.message_dict if hasattr(refused, "error_dict") else refused.messages
            ) from refused
        told = {
            "vintage": vintage.number if vintage else None,
            "added": vintage.added if vintage else 0,
            "corrected": vintage.corrected if vintage else 0,
            "waiting": vintage.waiting if vintage else 0,
            "problems": list(mapped.problems[:20]),
        }
        return Response(PushedSerializer(told).data, 201)

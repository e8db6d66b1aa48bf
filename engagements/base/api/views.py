"""What every address of the API on engagements has in common: who may ask, what errors look like, writing once."""

import hashlib
import json
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import BasePagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from atlas.web.parameters import DeclaredParametersMixin
from atlas.web.public_reads import find_public_read
from engagements.access.errors import NotAllowed, NotFound
from engagements.base.api.authentication import TokenAuthentication, WithinScope
from engagements.base.api.pagination import LazyListPagination
from engagements.base.api.throttling import PersonThrottle, StrangerThrottle, TokenThrottle
from engagements.base.editing import Conflict
from engagements.base.idempotency import KeyReused, respond_once
from engagements.models import User


class EditConflict(exceptions.APIException):
    """Both versions of every field two people changed, and the version to start from now."""

    status_code = 409
    default_detail = "Someone else saved a change first. Nothing was saved."
    default_code = "conflict"

    def __init__(self, conflict: Conflict):
        super().__init__()
        self.members = {
            "version": conflict.version,
            "fields": [
                {"field": each.field, "base": each.base, "theirs": each.theirs, "yours": each.yours}
                for each in conflict.fields
            ],
        }


class IdempotencyKeyReused(exceptions.APIException):
    status_code = 422
    default_detail = "This Idempotency-Key was used for another request."
    default_code = "key_reused"


class ApiView(DeclaredParametersMixin, GenericAPIView):
    """`write_scope`: what a token needs to write here."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated, WithinScope]
    throttle_classes = [TokenThrottle, PersonThrottle]
    pagination_class: type[BasePagination] | None = LazyListPagination
    serializer_class: type[serializers.BaseSerializer] | None = None
    write_scope = ""

    def initial(self, request, *args, **kwargs) -> None:
        try:
            super().initial(request, *args, **kwargs)
        except (exceptions.NotAuthenticated, exceptions.AuthenticationFailed) as refused:
            throttle = StrangerThrottle()
            if not throttle.allow_request(request, self):
                raise exceptions.Throttled(throttle.wait()) from refused
            raise

    def handle_exception(self, exc):
        return super().handle_exception(_translate(exc))

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.user.is_authenticated or not find_public_read(type(self)):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def read_query(self, query: type[serializers.Serializer]) -> dict:
        """The checked parameters of the address. Raises ValidationError."""
        found = query(data=self.request.query_params)
        found.is_valid(raise_exception=True)
        return found.validated_data

    def read_body(self, body: type[serializers.Serializer]) -> dict:
        found = body(data=self.request.data)
        found.is_valid(raise_exception=True)
        return found.validated_data

    def answer_list(self, rows) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def write(self, make: Callable[[], dict], status: int = 201) -> Response:
        """Carries out `make`; a repeated Idempotency-Key gets the first's answer instead."""
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            return Response(make(), status)
        by, method = self.request.user, self.request.method
        assert isinstance(by, User) and method is not None, "permission classes let nobody else write"
        given = respond_once(
            by=by,
            key=key,
            method=method,
            path=self.request.path,
            now=timezone.now(),
            body_sha256=_digest(self.request.data),
            answer=lambda: (status, _plain(make())),
        )
        return Response(given.data, given.status, headers={"Idempotency-Replayed": "true"} if given.is_repeat else {})


def _translate(exc: Exception) -> Exception:
    if isinstance(exc, NotFound):
        return exceptions.NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    if isinstance(exc, NotAllowed):
        return exceptions.PermissionDenied(str(exc))
    if isinstance(exc, Conflict):
        return EditConflict(exc)
    if isinstance(exc, KeyReused):
        return IdempotencyKeyReused()
    if isinstance(exc, ValidationError):
        return exceptions.ValidationError(exc.message_dict if hasattr(exc, "error_dict") else exc.messages)
    return exc


def _plain(data: dict) -> dict:
    """As it goes out: days and times as text."""
    return json.loads(JSONRenderer().render(data))


def _digest(data) -> str:
    """SHA-256 of what was sent, independent of the order of its fields; of files their bytes."""
    fields = data.lists() if hasattr(data, "lists") else data.items() if isinstance(data, dict) else [("", data)]
    return hashlib.sha256(json.dumps(sorted((n, _marked(v)) for n, v in fields), sort_keys=True).encode()).hexdigest()


def _marked(value):
    if isinstance(value, list):
        return [_marked(each) for each in value]
    if isinstance(value, UploadedFile):
        found = hashlib.sha256()
        for chunk in value.chunks():
            found.update(chunk)
        value.seek(0)
        return [value.name, found.hexdigest()]
    return value

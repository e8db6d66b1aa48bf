"""How the API describes itself: an operation's name and tag, and the problems each one may answer.

The names are read by people and become functions of generated clients: a verb and a thing, such as `list_city_tracts`.
"""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import permissions

from atlas.web.api_problems import MEDIA_TYPE
from atlas.web.public_reads import find_public_read

_VERBS = {"GET": "get", "POST": "create", "PATCH": "update", "DELETE": "delete"}
_ONE_OF = {"cities": "city", "entries": "entry", "errata": "erratum"}
_ROOT = "/api/v1/"
PROBLEM = "Problem"
PROBLEMS = {
    400: "A parameter or field is wrong or unknown; `errors` says which.",
    401: "Sign in or send an access token to use this address. A token may be unknown, expired or revoked.",
    403: "You need a different role or access token, or you have to read the context first (`context=read`).",
    404: "We can’t find this. It may have moved, or it isn’t shared with you.",
    406: "The answer exists as JSON only.",
    409: "Someone else saved a change first; `fields` has both versions.",
    415: "This address does not accept a body of this media type.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many requests; Retry-After says for how many seconds.",
    503: "The database, the disk or the queue is away; Retry-After says for how many seconds.",
}
_RATE_HEADERS = {
    "RateLimit-Limit": "requests an address without an account may make within a minute",
    "RateLimit-Remaining": "how many of them are left",
    "RateLimit-Reset": "seconds until all are there again",
}


class ApiSchema(AutoSchema):
    """DRF's DEFAULT_SCHEMA_CLASS."""

    def get_operation_id(self) -> str:
        """From the address: list_cities, get_city, get_city_summary; `operation_id` of extend_schema says otherwise."""
        parts = self.path.removeprefix(_ROOT).strip("/").split("/")
        is_list = self.method == "GET" and self._is_list_view()
        words = [
            name if is_list and at == len(parts) - 1 else _one_of(name)
            for at, name in enumerate(parts)
            if not name.startswith("{")
        ]
        return "_".join(["list" if is_list else _VERBS[self.method], *words]).replace("-", "_")

    def get_tags(self) -> list[str]:
        """The first word of the address."""
        return [self.path.removeprefix(_ROOT).split("/")[0]]

    def get_operation(self, path, path_regex, path_prefix, method, registry) -> dict[str, Any] | None:
        found = super().get_operation(path, path_regex, path_prefix, method, registry)
        if found is not None:
            self._add_idempotency_key(found)
            found["responses"] = {str(code): said for code, said in found["responses"].items()}
            for status in self._problem_statuses(found):
                found["responses"].setdefault(str(status), _problem_response(PROBLEMS[status]))
            self._add_headers(found["responses"])
            found["responses"]["503"]["headers"] = {"Retry-After": _header("integer", "seconds")}
        return found

    def _add_idempotency_key(self, operation: dict[str, Any]) -> None:
        if not self._writes_once():
            return
        operation.setdefault("parameters", []).append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "schema": {"type": "string", "maxLength": 200},
                "description": "A repeated request with the same key gets the first one's answer.",
            }
        )

    def _writes_once(self) -> bool:
        return self.method != "GET" and hasattr(self.view, "write_scope")

    def _problem_statuses(self, operation: dict[str, Any]) -> set[int]:
        found = {400, 406, 429, 503}
        is_public = find_public_read(type(self.view)) is not None
        needs_account = any(
            isinstance(one, (permissions.IsAuthenticated, permissions.IsAuthenticatedOrReadOnly))
            for one in self.view.get_permissions()
        )
        if needs_account and not (is_public and self.method == "GET"):
            found |= {401, 403}
        named = {one["name"] for one in operation.get("parameters", ())}
        if "{" in self.path or named & {"page", "measure", "metric"} or self.method != "GET":
            found.add(404)
        if "context" in named:
            found.add(403)
        if "requestBody" in operation:
            found |= {409, 415}
        if self._writes_once():
            found.add(422)
        return found | set(getattr(self.view, "more_problems", ()))

    def _add_headers(self, responses: dict[str, Any]) -> None:
        about = find_public_read(type(self.view))
        if about is None or self.method != "GET":
            return
        responses["304"] = {"description": "Still the same as what If-None-Match names.", "headers": _etag()}
        for status, response in responses.items():
            headers = _etag() if status == "200" else {}
            if about.is_counted:
                headers |= {name: _header("integer", said) for name, said in _RATE_HEADERS.items()}
            response["headers"] = response.get("headers", {}) | headers


def add_problem_schema(result: dict[str, Any], generator, request, public) -> dict[str, Any]:
    """A post-processing hook: the schema that every problem refers to (RFC 9457)."""
    result["components"]["schemas"][PROBLEM] = {
        "type": "object",
        "description": "A problem document (RFC 9457), with more members where the operation says so.",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string", "description": "the kind of problem"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "what happened and what to do"},
            "request_id": {
                "type": "string",
                "description": "of this request, as in the header X-Request-ID; administrators find it in the log",
            },
            "errors": {
                "type": "object",
                "description": "what is wrong by field or parameter, empty for the whole",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            "version": {"type": "integer", "description": "of a conflict: the version to start from now"},
            "fields": {
                "type": "array",
                "description": "of a conflict: base, theirs and yours of every field two people changed",
                "items": {"type": "object", "additionalProperties": {}},
            },
        },
        "required": ["type", "title", "status", "detail"],
    }
    return result


def _problem_response(description: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
    return {"description": description, "content": content}


def _etag() -> dict[str, Any]:
    return {"ETag": _header("string", "for If-None-Match")}


def _header(kind: str, description: str) -> dict[str, Any]:
    return {"schema": {"type": kind}, "description": description}


def _one_of(name: str) -> str:
    return _ONE_OF.get(name, re.sub("(?<!s)s$", "", name))

"""Errors of the API as problem documents (RFC 9457): what happened and what to do, nothing of the inside."""

from typing import Any

from rest_framework.exceptions import APIException, MethodNotAllowed, UnsupportedMediaType
from rest_framework.response import Response
from rest_framework.views import exception_handler

from atlas.web.request_id import current_request_id

MEDIA_TYPE = "application/problem+json"
_GENERAL_KEYS = frozenset({"non_field_errors", "__all__", "detail", ""})


def handle_exception(exception: Exception, context: dict) -> Response | None:
    """DRF's EXCEPTION_HANDLER: {type, title, status, detail} and the exception's own `members`.

    `detail` is always a sentence; where fields are wrong `errors` has the same by field, each a list of sentences.
    """
    response = exception_handler(exception, context)
    if response is None:
        return None
    said = response.data
    if isinstance(said, dict) and set(said) == {"detail"}:
        said = said["detail"]
    title = _title(exception)
    if isinstance(said, str):
        response.data = problem_data(title, response.status_code, said)
    else:
        errors = errors_by_field(said)
        response.data = problem_data(title, response.status_code, as_sentence(errors)) | {"errors": errors}
    response.data |= getattr(exception, "members", {})
    response.content_type = MEDIA_TYPE
    return response


def _title(exception: Exception) -> str:
    """The kind of problem; what DRF words with a part to fill in ("Method "{method}" not allowed.") is worded here."""
    if isinstance(exception, MethodNotAllowed):
        return "Method not allowed."
    if isinstance(exception, UnsupportedMediaType):
        return "Unsupported media type."
    return str(exception.default_detail) if isinstance(exception, APIException) else "Not found."


def problem_data(title: str, status: int, detail: str) -> dict[str, Any]:
    """The members every problem document has; `request_id` finds the request in the log."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": _encodable(detail)}
    request_id = current_request_id()
    return {**said, "request_id": request_id} if request_id else said


def errors_by_field(said: Any, field: str = "") -> dict[str, list[str]]:
    """Sentences by the field they are about, "" for the whole; fields inside fields and rows get a dotted name.

    >>> errors_by_field({"geoids": {3: ["Too long."]}, "non_field_errors": ["Not both."]})
    {'geoids.3': ['Too long.'], '': ['Not both.']}
    """
    if isinstance(said, dict):
        parts = [(_join_field(field, _encodable(key)), part) for key, part in said.items()]
    elif isinstance(said, list | tuple):
        parts = [
            (_join_field(field, str(row)) if isinstance(part, dict) else field, part) for row, part in enumerate(said)
        ]
    else:
        return {field: [_encodable(said)]}
    found: dict[str, list[str]] = {}
    for name, part in parts:
        for key, sentences in errors_by_field(part, name).items():
            found.setdefault(key, []).extend(sentences)
    return found


def as_sentence(errors: dict[str, list[str]]) -> str:
    """Everything that is wrong in one text: "geoids: None of this is a tract GEOID. name: Give the area a name."."""
    said = [f"{field}: {' '.join(sentences)}" if field else " ".join(sentences) for field, sentences in errors.items()]
    return " ".join(said)


def _encodable(said: object) -> str:
    """What was sent is quoted; half a character of JSON's (a lone surrogate) cannot be sent back."""
    return str(said).encode("utf-8", "replace").decode()


def _join_field(field: str, key: str) -> str:
    return field if key in _GENERAL_KEYS else f"{field}.{key}".strip(".")

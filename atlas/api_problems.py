"""Errors of the API as problem documents (RFC 9457): what happened and what to do, nothing of the inside."""

from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler


def problem(exception: Exception, context: dict) -> Response | None:
    """DRF's EXCEPTION_HANDLER: {type, title, status, detail} and the exception's own `members`."""
    response = exception_handler(exception, context)
    if response is None:
        return None
    detail = response.data.get("detail", response.data) if isinstance(response.data, dict) else response.data
    title = exception.default_detail if isinstance(exception, APIException) else "Not found."
    response.data = {"type": "about:blank", "title": str(title), "status": response.status_code, "detail": detail}
    response.data |= getattr(exception, "members", {})
    response.content_type = "application/problem+json"
    return response

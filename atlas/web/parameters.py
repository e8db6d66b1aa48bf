"""What may stand in an address after `?`: declared names only, so that a misspelt one is never silently ignored.

An API view declares them once, to `extend_schema`: the OpenAPI document and this check read the same list. The view of
a file declares them with `takes_parameters`.
"""

from collections.abc import Callable, Collection
from functools import cache, wraps
from threading import Lock

from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView

from atlas.web.api_problems import MEDIA_TYPE, as_sentence, problem_data

_OPERATIONS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# drf-spectacular loads its extensions when they are first asked for; two threads at once find them half loaded.
_ONE_AT_A_TIME = Lock()


class DeclaredParametersMixin:
    """For an APIView: answers 400 to a parameter its operation does not declare, and names those it does."""

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # who may not ask learns nothing of parameters
        known = declared_parameters(type(self), request.method)  # type: ignore[arg-type]  # a mixin of APIViews
        errors = unknown_parameters(request.query_params, known)
        if errors:
            raise ValidationError(errors)


def takes_parameters(*names: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For the view of a file: answers 400 with a problem document to any parameter but these.

    The view carries `query_parameters`: a test looks for it at the address of every file.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            errors = unknown_parameters(request.GET, names)
            return refuse_parameters(errors) if errors else view(request, *args, **kwargs)

        wrapped.query_parameters = names  # type: ignore[attr-defined]
        return wrapped

    return decorate


def refuse_parameters(errors: dict[str, list[str]]) -> JsonResponse:
    """400 with a problem document: what is wrong with each parameter, and all of it as one text."""
    problem = problem_data("Invalid input.", 400, as_sentence(errors)) | {"errors": errors}
    return JsonResponse(problem, status=400, content_type=MEDIA_TYPE)


def unknown_parameters(asked: Collection[str], known: Collection[str]) -> dict[str, list[str]]:
    """A sentence for each name asked for that is not known, with those that are; {} where all are known."""
    there_are = f"There are: {', '.join(sorted(known))}." if known else "It takes none."
    return {name: [f"There is no such parameter here. {there_are}"] for name in sorted(set(asked) - set(known))}


def declared_parameters(view: type[APIView], method: str) -> tuple[str, ...]:
    """Names of the query parameters that the OpenAPI document gives an operation; () for a method it leaves out, and
    for a word that is no method."""
    method = "GET" if method == "HEAD" else method
    if method not in _OPERATIONS or not hasattr(view, method.lower()):
        return ()
    return _read_declaration(view, method)  # type: ignore[arg-type]  # a class can be hashed; mypy asks its instances


@cache
def _read_declaration(view: type[APIView], method: str) -> tuple[str, ...]:
    with _ONE_AT_A_TIME:
        generator = SchemaGenerator()
        schema = generator.create_view(view.as_view(), method).schema
        schema.registry, schema.method = generator.registry, method
        schema.path = schema.path_regex = schema.path_prefix = ""  # parts of the path are no parameters of this kind
        return tuple(one["name"] for one in schema._get_parameters() if one["in"] == "query")

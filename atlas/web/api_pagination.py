"""Lists of the API: {count, next, results}, with what holds for the whole list beside it."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination

from atlas.records.places import SAMPLE_NOTICE


class ListPagination(PageNumberPagination):
    """{count, next, results}, with what holds for the whole list beside it (`about`)."""

    page_size = 1000
    page_size_query_param = "page_size"
    max_page_size = 10_000
    last_page_strings = ()
    about: dict[str, object]

    def get_page_size(self, request) -> int:
        """Raises ValidationError for a size that is none: rows left out unasked would pass for all there are."""
        said = request.query_params.get(self.page_size_query_param)
        if said is None:
            return self.page_size
        if not (said.isascii() and said.isdigit() and len(said) < 10 and 1 <= int(said) <= self.max_page_size):
            raise ValidationError({"page_size": [f"Give a whole number from 1 to {self.max_page_size:,}."]})
        return int(said)

    def get_schema_operation_parameters(self, view) -> list[dict]:
        return [
            {"name": one.name, "in": "query", "required": False, "description": one.description, "schema": one.type}
            for one in page_parameters(self.page_size, self.max_page_size)
        ]

    def get_paginated_response(self, data):
        response = super().get_paginated_response(data)
        response.data.pop("previous")
        response.data |= getattr(self, "about", {})
        response.data = with_notice(response.data)
        return response

    def get_paginated_response_schema(self, schema):
        found = super().get_paginated_response_schema(schema)
        found["properties"].pop("previous")
        found["properties"] |= {"sample": {"type": "boolean"}, "notice": {"type": "string"}}
        return found


def page_parameters(default: int, most: int) -> list[OpenApiParameter]:
    """The two parameters of a list, with the rows a page has unasked and those it may have."""
    size = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return [
        OpenApiParameter("page", {"type": "integer", "minimum": 1, "default": 1}, description="404 past the last"),
        OpenApiParameter("page_size", size, description="rows of a page"),
    ]


_SAMPLE_FIELDS = frozenset({"is_sample", "geometry_is_sample"})


def with_notice(answer: dict) -> dict:
    """An answer with `sample` and `notice` up front: true and words when anything in it was generated."""
    sample = _has_sample(answer)
    return {"sample": sample, "notice": SAMPLE_NOTICE if sample else "", **answer}


def _has_sample(data) -> bool:
    if isinstance(data, dict):
        return any(
            bool(value) if key in _SAMPLE_FIELDS else isinstance(value, (dict, list, tuple)) and _has_sample(value)
            for key, value in data.items()
        )
    return isinstance(data, (list, tuple)) and any(_has_sample(item) for item in data)

"""Lists of the API: {count, next, results}, with what holds for the whole list beside it."""

from rest_framework.pagination import PageNumberPagination

from atlas.records.places import SAMPLE_NOTICE


class ListPagination(PageNumberPagination):
    """{count, next, results}, with what holds for the whole list beside it (`about`)."""

    page_size = 1000
    page_size_query_param = "page_size"
    max_page_size = 10_000
    about: dict[str, object]

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

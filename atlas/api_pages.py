"""Lists of the API: {count, next, results}, with what holds for the whole list beside it."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """{count, next, results}, with what holds for the whole list beside it (`about`)."""

    page_size = 1000
    page_size_query_param = "page_size"
    max_page_size = 10_000

    def get_paginated_response(self, data):
        response = super().get_paginated_response(data)
        response.data.pop("previous")
        response.data |= getattr(self, "about", {})
        return response

    def get_paginated_response_schema(self, schema):
        found = super().get_paginated_response_schema(schema)
        found["properties"].pop("previous")
        return found

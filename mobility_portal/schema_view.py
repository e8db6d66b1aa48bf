"""The OpenAPI document: made once by each process, as YAML or with `?format=json` as JSON."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation

from atlas.web.public_reads import Validator, public_read


class _FormatParameter(DefaultContentNegotiation):
    """`format` is a parameter here and nowhere else: the API itself is JSON only."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return super().select_renderer(request, renderers, format_suffix or request.query_params.get("format"))


class _OnceMadeGenerator(SchemaGenerator):
    """The document is the same for everybody, and takes a second to make."""

    def get_schema(self, request=None, public=False) -> dict[str, Any]:
        return api_document()


@cache
def api_document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@public_read(Validator.ANSWER)
class SchemaView(SpectacularAPIView):
    content_negotiation_class = _FormatParameter
    generator_class = _OnceMadeGenerator

"""A declared table as an HTTP answer: any of its formats, its datapackage.json, its schema.org description, or code."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from shapely.geometry.base import BaseGeometry

from atlas.records.places import Source
from atlas.tables.code import python_code, r_code
from atlas.tables.datapackage import describe_package, facts_of
from atlas.tables.declaration import Provenance, Table
from atlas.tables.formats import FORMATS, formats_of, write_table
from atlas.tables.json_file import dump
from atlas.tables.schema_org import describe_dataset
from atlas.web.converters import DATASET, DESCRIPTIONS, PACKAGE

PUBLISHER = "Mobility Portal"
_JSON, _JSON_LD, _TEXT = "application/json", "application/ld+json", "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Shapes:
    """Geometries by GEOID, and where they came from."""

    by_geoid: Mapping[str, BaseGeometry]
    sources: tuple[Provenance, ...]


@dataclass(frozen=True)
class TableFile:
    """A table with its rows. `shapes` finds the shapes of its tracts; None where rows are not tracts."""

    table: Table
    frame: pd.DataFrame
    shapes: Callable[[], Shapes] | None = None


def provenance_of(source: Source) -> Provenance:
    """A live release as exports name it."""
    return Provenance(
        source.title,
        source.publisher,
        source.citation,
        source.licence,
        source.address,
        source.vintage,
        source.release_id,
        source.sha256,
        source.is_sample,
        source.starter_date,
    )


def write_file(found: TableFile, extension: str) -> bytes:
    """Bytes of one format. Raises Http404 for a format that needs shapes where the table has none."""
    wanted = FORMATS[extension]
    if not wanted.needs_shapes:
        return write_table(extension, found.table, found.frame)
    if found.shapes is None or wanted not in formats_of(found.table, has_shapes=True):
        raise Http404(f"There is no {wanted.label} of this table: its rows are not tracts.")
    shapes = found.shapes()
    table = replace(found.table, sources=tuple(dict.fromkeys((*found.table.sources, *shapes.sources))))
    return write_table(extension, table, found.frame, shapes.by_geoid)


def table_response(
    request: HttpRequest, found: TableFile, extension: str, file_name: str, *, is_public: bool = False
) -> HttpResponse:
    """The file to save as `file_name`, or one of its descriptions, or code. `request.path` ends in the extension.

    Carries an ETag (304 when the reader has it) and a Link to the datapackage.json. What is not public is not kept by
    any cache. Raises Http404 as `write_file` does.
    """
    content, media = _content(request, found, extension)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response: HttpResponse = HttpResponse(content, content_type=media)
    if extension in FORMATS:
        response["Content-Disposition"] = f'attachment; filename="{file_name}.{extension}"'
        response["Link"] = f'<{_address(request, PACKAGE)}>; rel="describedby"; type="{_JSON}"'
    response["ETag"] = etag
    if is_public:
        patch_cache_control(response, public=True, max_age=300)
        return get_conditional_response(request, etag=etag, response=response) or response
    patch_cache_control(response, private=True, no_store=True)
    return response


def _content(request: HttpRequest, found: TableFile, extension: str) -> tuple[bytes, str]:
    if extension == PACKAGE:
        return dump(package_of(request, found)), _JSON
    if extension == DATASET:
        return dump(dataset_of(request, found)), _JSON_LD
    if extension in FORMATS:
        return write_file(found, extension), FORMATS[extension].media_type
    write = {"py": python_code, "R": r_code}[extension]
    sha256 = hashlib.sha256(write_file(found, "csv")).hexdigest()
    return write(found.table, _address(request, "csv"), sha256).encode(), _TEXT


def package_of(request: HttpRequest, found: TableFile) -> dict:
    """The datapackage.json of a table's CSV, at its own absolute address."""
    path = _address(request, "csv")
    facts = facts_of(write_file(found, "csv"), path, "csv", "text/csv")
    return describe_package(found.table.name, found.table.title, [(found.table, facts)], homepage=found.table.address)


def dataset_of(request: HttpRequest, found: TableFile) -> dict:
    """The schema.org description with every format at its absolute address."""
    offered = formats_of(found.table, has_shapes=found.shapes is not None)
    files = {_address(request, made.extension): made.media_type for made in offered}
    return describe_dataset(found.table, files, publisher=PUBLISHER)


def _address(request: HttpRequest, extension: str) -> str:
    """The same table in another format, the reader's choices included."""
    path = request.path
    ends = sorted((*FORMATS, *DESCRIPTIONS), key=len, reverse=True)
    own = next(end for end in ends if path.endswith(f".{end}"))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return request.build_absolute_uri(f"{path.removesuffix(own)}{extension}{query}")

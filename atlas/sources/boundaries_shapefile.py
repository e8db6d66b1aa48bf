"""Boundaries as the Census Bureau's zipped shapefile."""

import io
import struct
import warnings

import shapefile

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base
from atlas.sources.base import BoundaryTable, Progress, file_error
from atlas.sources.boundaries import MAX_MAP_BYTES, boundary_table, find_dataset
from atlas.sources.opening import OpenedFile

__all__ = ["METRICS", "find_dataset", "matches_file", "read"]
METRICS: tuple[MetricDefinition, ...] = ()


def matches_file(opened: OpenedFile) -> bool:
    """Whether the chosen entry of a .zip is the .shp of a shapefile."""
    return opened.kind == "zip" and opened.member.lower().endswith(".shp")


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> BoundaryTable:
    """Every feature, in degrees of NAD83. Raises SourceFileError for an archive that is damaged, too large or lacks the
    .shx or .dbf beside the .shp.
    """
    stem = opened.member[:-4]
    parts, left = {}, min(MAX_MAP_BYTES, opened.most_expanded_bytes)
    for suffix in ("shp", "shx", "dbf"):
        name = next((m for m in opened.members if m.lower() == f"{stem}.{suffix}".lower()), None)
        if name is None:
            raise file_error(f"the archive has a .shp but no .{suffix} beside it")
        data = opened.read_member(name, left)  # one budget for the three together
        left -= len(data)
        parts[suffix] = io.BytesIO(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", shapefile.PossiblyCorruptFileHeader)  # a length that is a lie
            with shapefile.Reader(**parts, encoding=_encoding(opened, stem)) as reader:
                total = len(reader)
                rows = ((item.record.as_dict(), item.shape.__geo_interface__) for item in reader.iterShapeRecords())
                return boundary_table(rows, total, progress)
    except _NOT_A_SHAPEFILE as error:
        raise file_error("is not a readable shapefile") from error


# What the reader raises for garbled or truncated parts.
_NOT_A_SHAPEFILE = (
    shapefile.ShapefileException,
    shapefile.PossiblyCorruptFileHeader,
    struct.error,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
)


def _encoding(opened: OpenedFile, stem: str) -> str:
    """What the .cpg beside the .shp says; the Census wrote latin-1 before it wrote UTF-8 with a .cpg."""
    name = next((m for m in opened.members if m.lower() == f"{stem}.cpg".lower()), None)
    text = opened.read_member(name, 1000).decode("ascii", "replace").strip().lower() if name else ""
    return "utf-8" if text in ("utf-8", "utf8", "65001") else "latin-1"

"""Boundaries as GeoJSON: one FeatureCollection, as large as a national file at 1:500,000."""

import io
import json

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base
from atlas.sources.base import BoundaryTable, Progress, file_error
from atlas.sources.boundaries import MAX_MAP_BYTES, boundary_table, find_dataset
from atlas.sources.opening import GuardedStream, OpenedFile

__all__ = ["METRICS", "find_dataset", "matches_file", "read"]
METRICS: tuple[MetricDefinition, ...] = ()


def matches_file(opened: OpenedFile) -> bool:
    """Whether the first bytes are those of a FeatureCollection. Raises SourceFileError for what is no text."""
    with opened.text_stream(lines=False) as stream:
        first = stream.read(2000)
    return first.lstrip()[:1] == b"{" and b"FeatureCollection" in first


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> BoundaryTable:
    """Every feature, in degrees of WGS84. Raises SourceFileError for what is larger than MAX_MAP_BYTES or no map."""
    if opened.kind == "plain" and opened.packed_bytes > MAX_MAP_BYTES:
        raise file_error(f"is larger than {MAX_MAP_BYTES // 10**6:,} MB")
    with opened.text_stream(lines=False) as stream:
        stream_bytes = _read_all(stream)
    try:
        features = json.loads(stream_bytes)["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise file_error("is not a GeoJSON FeatureCollection") from error
    if not isinstance(features, list):
        raise file_error("is not a GeoJSON FeatureCollection: its features are no list")
    rows = ((f.get("properties"), f.get("geometry")) if isinstance(f, dict) else (None, None) for f in features)
    return boundary_table(rows, len(features), progress)


def _read_all(stream: GuardedStream) -> bytes:
    buffer = io.BytesIO()
    while block := stream.read(1 << 20):
        buffer.write(block)
        if buffer.tell() > MAX_MAP_BYTES:
            raise file_error(f"expands to more than {MAX_MAP_BYTES // 10**6:,} MB")
    return buffer.getvalue()

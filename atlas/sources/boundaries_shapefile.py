"""Boundaries as the Census Bureau's zipped shapefile."""

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base
from atlas.sources.base import BoundaryTable, Progress
from atlas.sources.boundaries import MAX_MAP_BYTES, boundary_table, find_dataset
from atlas.sources.opening import OpenedFile
from atlas.sources.shapefile_parts import is_shapefile, shapefile_reader

__all__ = ["METRICS", "find_dataset", "matches_file", "read"]
METRICS: tuple[MetricDefinition, ...] = ()


def matches_file(opened: OpenedFile) -> bool:
    """Whether the chosen entry of a .zip is the .shp of a shapefile."""
    return is_shapefile(opened)


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> BoundaryTable:
    """Every feature, in degrees of NAD83. Raises SourceFileError for an archive that is damaged, too large or lacks the
    .shx or .dbf beside the .shp.
    """
    with shapefile_reader(opened, MAX_MAP_BYTES) as reader:
        rows = ((item.record.as_dict(), item.shape.__geo_interface__) for item in reader.iterShapeRecords())
        return boundary_table(rows, len(reader), progress)

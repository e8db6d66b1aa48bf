"""Main roads: Census TIGER/Line `prisecroads` of a state, or `roads` of a county."""

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, map_layers
from atlas.sources.base import DatasetInfo, MapLayer, Progress
from atlas.sources.map_layers import LayerFormat
from atlas.sources.opening import OpenedFile

METRICS: tuple[MetricDefinition, ...] = ()
DATASET = map_layers.layer_dataset("tiger_roads", "Main roads", "roads", "PRISECROADS/")
PRIMARY, SECONDARY = "S1100", "S1200"  # MTFCC: limited-access highways; main arteries
_FORMAT = LayerFormat(
    DATASET,
    "road",
    frozenset({"LINEARID", "FULLNAME", "RTTYP", "MTFCC"}),
    ("roads", "prisecroads"),
    map_layers.LINES,
    frozenset({PRIMARY, SECONDARY}),
    route_column="RTTYP",
)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_file(opened: OpenedFile) -> bool:
    """Whether a .zip holds a shapefile with the columns of this layer."""
    return map_layers.matches(opened, _FORMAT)


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> MapLayer:
    """Primary and secondary roads; the 12,000 streets of a county are left out.

    Raises SourceFileError naming every problem.
    """
    return map_layers.read_layer(opened, _FORMAT, progress)

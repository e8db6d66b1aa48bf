"""Lakes, rivers and bays: Census TIGER/Line `areawater` of a county."""

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, map_layers
from atlas.sources.base import DatasetInfo, MapLayer, Progress
from atlas.sources.map_layers import LayerFormat
from atlas.sources.opening import OpenedFile

METRICS: tuple[MetricDefinition, ...] = ()
DATASET = map_layers.layer_dataset("tiger_area_water", "Lakes, rivers and bays", "water", "AREAWATER/")
# MTFCC: lake or pond, reservoir, bay, ocean or sea, river, braided river, canal.
_CLASSES = frozenset({"H2030", "H2040", "H2051", "H2053", "H3010", "H3013", "H3020"})
_FORMAT = LayerFormat(
    DATASET,
    "water",
    frozenset({"HYDROID", "FULLNAME", "MTFCC", "ALAND", "AWATER"}),
    ("areawater",),
    map_layers.POLYGONS,
    _CLASSES,
    area_column="AWATER",
)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_file(opened: OpenedFile) -> bool:
    """Whether a .zip holds a shapefile with the columns of this layer."""
    return map_layers.matches(opened, _FORMAT)


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> MapLayer:
    """Open water of more than 50,000 square meters; swamps, glaciers and treatment ponds are left out.

    Raises SourceFileError naming every problem.
    """
    return map_layers.read_layer(opened, _FORMAT, progress)

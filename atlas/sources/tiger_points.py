"""Schools and hospitals as points: Census TIGER/Line `pointlm` of a state."""

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, map_layers
from atlas.sources.base import DatasetInfo, MapLayer, Progress
from atlas.sources.map_layers import LayerFormat
from atlas.sources.opening import OpenedFile

METRICS: tuple[MetricDefinition, ...] = ()
DATASET = map_layers.layer_dataset("tiger_points", "Schools and hospitals", "schools and hospitals", "POINTLM/")
HOSPITAL, SCHOOL = "K1231", "K2543"  # MTFCC
_FORMAT = LayerFormat(
    DATASET,
    "point",
    frozenset({"STATEFP", "POINTID", "FULLNAME", "MTFCC"}),
    ("pointlm",),
    map_layers.POINTS,
    frozenset({HOSPITAL, SCHOOL}),
    is_named=True,
)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_file(opened: OpenedFile) -> bool:
    """Whether a .zip holds a shapefile with the columns of this layer."""
    return map_layers.matches(opened, _FORMAT)


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> MapLayer:
    """Schools and hospitals with a name. The publisher lists not all there are: they help to find the way and are
    never a count.

    Raises SourceFileError naming every problem.
    """
    return map_layers.read_layer(opened, _FORMAT, progress)

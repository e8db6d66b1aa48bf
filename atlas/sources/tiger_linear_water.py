"""Rivers and creeks drawn as lines: Census TIGER/Line `linearwater` of a county."""

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, map_layers
from atlas.sources.base import DatasetInfo, MapLayer, Progress
from atlas.sources.map_layers import LayerFormat
from atlas.sources.opening import OpenedFile

METRICS: tuple[MetricDefinition, ...] = ()
DATASET = map_layers.layer_dataset("tiger_linear_water", "Rivers and creeks", "streams", "LINEARWATER/")
# The columns are among those of roads too: in the registry this source comes after `tiger_roads`.
_FORMAT = LayerFormat(
    DATASET,
    "stream",
    frozenset({"LINEARID", "FULLNAME", "MTFCC"}),
    ("linearwater",),
    map_layers.LINES,
    frozenset({"H3010", "H3013"}),  # MTFCC: stream or river, braided stream
    is_named=True,
)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_file(opened: OpenedFile) -> bool:
    """Whether a .zip holds a shapefile with the columns of this layer."""
    return map_layers.matches(opened, _FORMAT)


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> MapLayer:
    """Streams with a name; the thousands without one are ditches at the scale of a city.

    Raises SourceFileError naming every problem.
    """
    return map_layers.read_layer(opened, _FORMAT, progress)

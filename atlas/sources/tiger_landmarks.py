"""Parks, campuses, airports and cemeteries: Census TIGER/Line `arealm` of a state."""

from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, map_layers
from atlas.sources.base import DatasetInfo, MapLayer, Progress
from atlas.sources.map_layers import LayerFormat
from atlas.sources.opening import OpenedFile

METRICS: tuple[MetricDefinition, ...] = ()
DATASET = map_layers.layer_dataset("tiger_landmarks", "Parks, campuses and airports", "landmarks", "AREALM/")
PARKS = frozenset(f"K{code}" for code in range(2180, 2191))  # MTFCC: parks of every keeper
AIRPORT, CAMPUS, CEMETERY = "K2451", "K2540", "K2582"
_FORMAT = LayerFormat(
    DATASET,
    "landmark",
    frozenset({"STATEFP", "AREAID", "FULLNAME", "MTFCC", "ALAND", "AWATER"}),
    ("arealm",),
    map_layers.POLYGONS,
    PARKS | {AIRPORT, CAMPUS, CEMETERY},
    area_column="ALAND",
)


def find_dataset(key: str) -> DatasetInfo | None:
    return DATASET if key == DATASET.key else None


def matches_file(opened: OpenedFile) -> bool:
    """Whether a .zip holds a shapefile with the columns of this layer."""
    return map_layers.matches(opened, _FORMAT)


def read(opened: OpenedFile, progress: Progress = base.no_progress) -> MapLayer:
    """Landmarks of more than 50,000 square meters of land. The publisher lists not all there are: never a count.

    Raises SourceFileError naming every problem.
    """
    return map_layers.read_layer(opened, _FORMAT, progress)

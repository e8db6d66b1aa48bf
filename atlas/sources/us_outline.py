"""State outlines and county names: Census cartographic boundaries 2016, 1:500,000, from the `plotly-geo` wheel.

Public domain (US Census Bureau). Used to draw the home page's map and to name counties; never for overlays.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import shapefile
from pyproj import Transformer
from shapely import box as shapely_box
from shapely import transform
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

ALBERS = 5070  # NAD83 / Conus Albers, meters, equal area
NOT_CONTIGUOUS = frozenset({"AK", "HI", "PR", "GU", "VI", "MP", "AS"})
# Census legal/statistical area description of a county, as it follows the name.
LSAD_NAMES = {
    "03": "City and Borough",
    "04": "Borough",
    "05": "Census Area",
    "06": "County",
    "12": "Municipality",
    "13": "Municipio",
    "15": "Parish",
    "25": "city",
}


@lru_cache(maxsize=1)
def state_outlines(tolerance_metres: float = 6000.0) -> dict[str, BaseGeometry]:
    """The 48 contiguous states and DC by postal code, in Albers meters, simplified to `tolerance_metres`."""
    outlines = {}
    with shapefile.Reader(str(_package_data() / "cb_2016_us_state_500k")) as reader:
        for record in reader.iterShapeRecords():
            usps = record.record["STUSPS"]
            if usps not in NOT_CONTIGUOUS:
                polygons = shape(record.shape.__geo_interface__).segmentize(0.25)
                outlines[usps] = _project_shape(polygons).simplify(tolerance_metres, preserve_topology=True)
    return outlines


@lru_cache(maxsize=1)
def county_names() -> dict[str, str]:
    """Five-digit county FIPS to its full name: "26163" -> "Wayne County", "22071" -> "Orleans Parish"."""
    with shapefile.Reader(dbf=str(_package_data() / "cb_2016_us_county_500k.dbf"), encoding="utf-8") as reader:
        return {
            row["GEOID"]: f"{row['NAME']} {LSAD_NAMES.get(row['LSAD'], '')}".strip() for row in reader.iterRecords()
        }


def counties_within(box: tuple[float, float, float, float]) -> tuple[str, ...]:
    """Five-digit codes of the counties that a box (west, south, east, north in degrees) touches, sorted.

    Reads the shapes of the few whose own boxes overlap it.
    """
    west, south, east, north = box
    corner = shapely_box(*box)
    found = []
    with shapefile.Reader(str(_package_data() / "cb_2016_us_county_500k"), encoding="utf-8") as reader:
        for item in reader.iterShapeRecords(bbox=[west, south, east, north]):
            if corner.intersects(shape(item.shape.__geo_interface__)):
                found.append(str(item.record["GEOID"]))
    return tuple(sorted(found))


def to_albers(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to Albers meters, x east and y north."""
    return _transformer().transform(longitude, latitude)


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    return Transformer.from_crs(4269, ALBERS, always_xy=True)


def _project_shape(geometry: BaseGeometry) -> BaseGeometry:
    return transform(geometry, lambda x, y: _transformer().transform(x, y), interleaved=False)


def _package_data() -> Path:
    spec = find_spec("_plotly_geo")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The plotly-geo package is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "package_data"


@lru_cache(maxsize=1)
def _states() -> dict[str, tuple[str, str]]:
    with shapefile.Reader(dbf=str(_package_data() / "cb_2016_us_state_500k.dbf"), encoding="utf-8") as reader:
        return {row["STATEFP"]: (row["NAME"], row["STUSPS"]) for row in reader.iterRecords()}


def state_of(fips: str) -> tuple[str, str]:
    """Name and postal code of a state: "26" -> ("Michigan", "MI"). Raises KeyError for a code that is none."""
    return _states()[fips]


def state_codes(text: str) -> tuple[str, ...]:
    """Codes of the state with that name or postal code, in any case: "nj" and "New Jersey" -> ("34",); () for none."""
    wanted = " ".join(text.split()).casefold()
    return tuple(code for code, names in _states().items() if wanted in {name.casefold() for name in names})


# Kusilvak Census Area was Wade Hampton (02270) and Oglala Lakota was Shannon (46113) when the 2010 list was printed:
# same ground, and the Atlas files use either code.
_RENAMED_COUNTIES = frozenset({"02158", "46102"})


@lru_cache(maxsize=1)
def counties_2010() -> frozenset[str]:
    """Five-digit codes of the counties of 2010, Puerto Rico among them (Census gz_2010_us_050)."""
    with shapefile.Reader(dbf=str(_package_data() / "gz_2010_us_050_00_500k.dbf"), encoding="latin-1") as reader:
        return frozenset(row["STATE"] + row["COUNTY"] for row in reader.iterRecords()) | _RENAMED_COUNTIES

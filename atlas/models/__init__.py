from atlas.models.estimates import AreaIndex, Estimate, Measure, ReleaseMeasure
from atlas.models.geography import Boundary, City, CityGeometry, CityTract, Tract
from atlas.models.releases import IngestJob, LivePart, Release, ReleaseEvent

__all__ = [
    "AreaIndex",
    "Boundary",
    "City",
    "CityGeometry",
    "CityTract",
    "Estimate",
    "IngestJob",
    "LivePart",
    "Measure",
    "Release",
    "ReleaseEvent",
    "ReleaseMeasure",
    "Tract",
]

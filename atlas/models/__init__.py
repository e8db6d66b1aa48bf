from atlas.models.estimates import AreaIndex, Estimate, Measure, ReleaseMeasure
from atlas.models.fetches import FetchJob
from atlas.models.geography import Boundary, City, CityGeometry, CityTract, Tract
from atlas.models.releases import IngestJob, LivePart, Release

__all__ = [
    "AreaIndex",
    "Boundary",
    "City",
    "CityGeometry",
    "CityTract",
    "Estimate",
    "FetchJob",
    "IngestJob",
    "LivePart",
    "Measure",
    "Release",
    "ReleaseMeasure",
    "Tract",
]

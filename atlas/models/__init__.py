from atlas.models.areas import Area, AreaEvent, AreaGeometry, AreaTract, AreaUpload
from atlas.models.census_places import CensusPlace
from atlas.models.confirmations import Confirmation
from atlas.models.estimates import AreaIndex, Estimate, Measure, ReleaseMeasure
from atlas.models.fetches import FetchJob
from atlas.models.geography import Boundary, City, CityGeometry, CityTract, KnownState, Tract, TractRelation
from atlas.models.map_layers import MapFeature, ZipTracts
from atlas.models.observations import Observation
from atlas.models.occupation_wages import OccupationWage
from atlas.models.rank_sets import TractRankSet
from atlas.models.releases import IngestJob, LivePart, Release, ReleaseEvent

__all__ = [
    "Area",
    "AreaEvent",
    "AreaGeometry",
    "AreaTract",
    "AreaUpload",
    "AreaIndex",
    "Boundary",
    "CensusPlace",
    "City",
    "CityGeometry",
    "CityTract",
    "Confirmation",
    "Estimate",
    "FetchJob",
    "IngestJob",
    "KnownState",
    "LivePart",
    "MapFeature",
    "Measure",
    "Observation",
    "OccupationWage",
    "Release",
    "ReleaseEvent",
    "ReleaseMeasure",
    "Tract",
    "TractRankSet",
    "TractRelation",
    "ZipTracts",
]

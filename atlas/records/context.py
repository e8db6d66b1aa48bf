"""What is drawn around tracts so that a resident finds the way, and the tracts of a ZIP code. Frozen records."""

from dataclasses import dataclass
from typing import Literal

from shapely.geometry.base import BaseGeometry

from atlas.records.places import Source

BoundingBox = tuple[float, float, float, float]  # min longitude, min latitude, max longitude, max latitude; degrees


Kind = Literal["road", "water", "stream", "landmark", "point"]


@dataclass(frozen=True)
class ContextFeature:
    """A road, a body of water, a stream, a landmark or a point. Nothing is ever computed from one."""

    kind: Kind
    name: str  # as the publisher writes it ("I- 75", "Reading Rd"), "" for one without a name
    feature_class: str  # MTFCC: S1100 highway, S1200 main road, H3010 river, H2030 lake, K2190 park ...
    geometry: BaseGeometry  # degrees, EPSG:4269; lines of roads and streams, points, else polygons
    route_type: str = ""  # of a road: I interstate, U US, S state, C county, M common name, O other


@dataclass(frozen=True)
class ContextLayers:
    """Everything live within a box, clipped to it; all empty where no layer is loaded."""

    roads: tuple[ContextFeature, ...] = ()  # main roads last, as they are drawn
    water: tuple[ContextFeature, ...] = ()
    landmarks: tuple[ContextFeature, ...] = ()
    streams: tuple[ContextFeature, ...] = ()  # where no area of water is
    points: tuple[ContextFeature, ...] = ()
    sources: tuple[Source, ...] = ()  # releases that something in the box came from; each says its year

    @property
    def is_empty(self) -> bool:
        return not (self.roads or self.water or self.landmarks or self.streams or self.points)


@dataclass(frozen=True)
class ZipTract:
    """A tract that shares ground with a ZIP code's area."""

    geoid: str  # eleven digits, tract of 2010
    share: float  # of the people in the ZIP code's area in 2010, 0-1; 0 where nobody of it lives in the tract

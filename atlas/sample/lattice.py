"""Synthetic tract polygons: a hexagonal lattice with moved corners, small in the center, large outside.

Neighboring cells share their corners exactly, so the tiling has no gaps or overlaps. The city is a set
of whole cells whose outline is then moved a little, so that some tracts lie partly inside while every
cell keeps its majority side. Pure arithmetic (see fields.py).
"""

from dataclasses import dataclass

import numpy as np

from atlas.sample.cities import City
from atlas.sample.fields import generator

CORNERS = ((0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1))  # counter-clockwise, in half-width and half-side units
ROOT3 = 1.7320508075688772
KM_PER_DEGREE_LATITUDE = 110.57
KM_PER_DEGREE_LONGITUDE = 111.32  # at the equator

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class CityLattice:
    """Cells in drawing order (nearest first); rings are lon/lat, closed, counter-clockwise outside."""

    x: np.ndarray  # cell centers in tract diameters from the city's center
    y: np.ndarray
    in_city: np.ndarray  # bool
    cells: list[Ring]
    area_km2: np.ndarray
    place: list[Ring]  # outer ring first, then holes
    place_km2: float


def _cell_centres(count: int) -> list[tuple[int, int]]:
    reach = int((count / 2) ** 0.5) + 4
    centres = [(2 * q + r, 3 * r) for r in range(-reach, reach + 1) for q in range(-2 * reach, 2 * reach + 1)]
    return sorted(centres, key=lambda c: (3 * c[0] * c[0] + c[1] * c[1], c))[:count]


def _city_order(centres: list[tuple[int, int]], rng: np.random.Generator) -> list[int]:
    """Cells sorted by distance stretched by lobes of 2 and 3 petals, so the city is not a disc."""
    a2, b2, a3, b3 = (rng.random(4) - 0.5).tolist()

    def stretched(index: int) -> tuple[float, int]:
        x, y = centres[index][0] * ROOT3, float(centres[index][1])
        square = x * x + y * y
        if square == 0:
            return 0.0, index
        norm = square**0.5
        u, v = x / norm, y / norm
        lobes = a2 * (u * u - v * v) + b2 * 2 * u * v + a3 * (u**3 - 3 * u * v * v) + b3 * (3 * u * u * v - v**3)
        return norm * (1 + 0.45 * lobes), index

    return sorted(range(len(centres)), key=stretched)


def _choose_city(city: City, centres: list[tuple[int, int]], rng: np.random.Generator) -> np.ndarray:
    inside = np.zeros(len(centres), dtype=bool)
    order = _city_order(centres, rng)
    wanted = city.tracts_in_city + city.enclaves
    inside[order[:wanted]] = True
    enclaves = [order[wanted // 9 * (2 * number + 1)] for number in range(city.enclaves)]
    inside[enclaves] = False
    return inside


def _moved_corners(centres: list[tuple[int, int]], rng: np.random.Generator) -> dict[tuple[int, int], Point]:
    """Every corner moved by up to .25 of a side each way: cells cannot cross themselves."""
    keys = sorted({(x + dx, y + dy) for x, y in centres for dx, dy in CORNERS})
    shifts = ((rng.random((len(keys), 2)) - 0.5) * 0.5).tolist()
    return {key: (key[0] * ROOT3 / 2 + s[0], key[1] / 2 + s[1]) for key, s in zip(keys, shifts, strict=True)}


def _outline(centres: list[tuple[int, int]], inside: np.ndarray) -> list[list[tuple[int, int]]]:
    """Corner loops around the chosen cells; the longest loop first."""
    edges: dict[tuple[int, int], tuple[int, int]] = {}
    chosen = [c for c, flag in zip(centres, inside.tolist(), strict=True) if flag]
    directed: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    for x, y in chosen:
        corners = [(x + dx, y + dy) for dx, dy in CORNERS]
        directed.update(zip(corners, corners[1:] + corners[:1], strict=True))
    for start, end in directed:
        if (end, start) not in directed:
            edges[start] = end
    loops = []
    while edges:
        first = min(edges)
        loop, here = [first], edges.pop(first)
        while here != first:
            loop.append(here)
            here = edges.pop(here)
        loops.append(loop)
    return sorted(loops, key=len, reverse=True)


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _warp(point: Point, radius: float) -> Point:
    """Outer cells grow: twice the width at the city's radius."""
    x, y = point
    stretch = 1.0 + ((x * x + y * y) ** 0.5) / (2.0 * radius)
    return x * stretch, y * stretch


def _parallel_cosine(latitude: float) -> float:
    """Cosine of a latitude by its series, 9 decimals."""
    t = latitude * 0.017453292519943295
    s = t * t
    return round(1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56 * (1 - s / 90)))), 9)


def _to_degrees(ring: Ring, city: City, scale: float) -> Ring:
    east = scale / (KM_PER_DEGREE_LONGITUDE * _parallel_cosine(city.latitude))
    north = scale / KM_PER_DEGREE_LATITUDE
    points = [(round(city.longitude + x * east, 6), round(city.latitude + y * north, 6)) for x, y in ring]
    return [*points, points[0]]


def draw_city(city: City, seed: int) -> CityLattice:
    """Cells for all tracts of the city's counties and the place boundary."""
    rng = generator(seed, 100 + int(city.place_geoid))
    centres = _cell_centres(city.tracts)
    inside = _choose_city(city, centres, rng)
    corners = _moved_corners(centres, rng)
    radius = (0.83 * city.tracts_in_city) ** 0.5
    cells = [[_warp(corners[x + dx, y + dy], radius) for dx, dy in CORNERS] for x, y in centres]
    loops = _outline(centres, inside)
    place = []
    for loop in loops:
        shifts = ((rng.random((len(loop), 2)) - 0.5) * 0.5).tolist()
        place.append(
            [_warp((corners[k][0] + s[0], corners[k][1] + s[1]), radius) for k, s in zip(loop, shifts, strict=True)]
        )
    areas = np.array([_area(cell) for cell in cells])
    scale = float((city.land_km2 / areas[inside].sum()) ** 0.5)
    place_area = sum(_area(ring) for ring in place)
    return CityLattice(
        x=np.array([c[0] / 2 for c in centres]),
        y=np.array([c[1] / (2 * ROOT3) for c in centres]),
        in_city=inside,
        cells=[_to_degrees(cell, city, scale) for cell in cells],
        area_km2=areas * scale * scale,
        place=[_to_degrees(ring, city, scale) for ring in place],
        place_km2=place_area * scale * scale,
    )

"""A stored map: whole-number paths that neighbors share, a corner for the legend, names that cover nothing."""

import json
import re

import numpy as np
import pytest
import shapely

from atlas.drawing.build import Ground, build_drawing
from atlas.drawing.frame import CONTROLS, HEIGHT, LEGEND, WIDTH, choose_frame
from atlas.drawing.names import AT_FULL_VIEW, NEIGHBORHOODS, text_box
from atlas.drawing.paths import area_path
from atlas.records.drawing import drawing_from_json

SIDE = 0.02  # degrees: about 2 km


def grid_ground(rows: int, columns: int, own=lambda row, column: True) -> Ground:
    """Squares in a lattice west of Lake Michigan, one tract each."""
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    shapes = [shapely.box(-90 + c * SIDE, 42 - (r + 1) * SIDE, -90 + (c + 1) * SIDE, 42 - r * SIDE) for r, c in cells]
    geoids = [f"55101{number:06d}" for number in range(len(cells))]
    mine = np.array([own(r, c) for r, c in cells])
    names = [
        "Shelbyville, WI" if not inside else f"Hill {number}, Springfield, WI" if number % 2 else "Springfield, WI"
        for number, inside in enumerate(mine)
    ]
    return Ground(geoids, np.array(shapes, dtype=object), names, mine, np.zeros(len(cells), dtype=bool), {})


def corners(path: str) -> set[tuple[int, int]]:
    """Absolute corners of a relative path."""
    found, at = set(), (0, 0)
    for start, steps in re.findall(r"M([^l]+)l([^zM]*)", path):
        at = tuple(map(int, re.findall(r"-?\d+", start)))
        found.add(at)
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            at = (at[0] + dx, at[1] + dy)
            found.add(at)
    return found


def test_neighbors_share_their_corners_and_every_number_is_whole():
    drawn = build_drawing(grid_ground(4, 4), None, "Springfield", {})
    left, right = (corners(drawn.tracts[f"55101{number:06d}"]) for number in (0, 1))
    assert len(left & right) == 2
    assert all("." not in path for path in drawn.tracts.values())


def test_a_ring_smaller_than_a_cell_is_left_out_and_holes_stay():
    holed = shapely.Polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [[(40, 40), (60, 40), (60, 60), (40, 60)]])
    assert area_path(holed, 10).count("z") == 2
    assert area_path(shapely.box(0, 0, 2, 2), 10) == ""


@pytest.mark.parametrize("shape", [(1, 9), (9, 1), (5, 5)])
def test_controls_and_legend_cover_no_tract(shape):
    rows, columns = shape
    place = shapely.box(0, 0, columns * 1000, rows * 1000)
    frame = choose_frame(place)
    left, top, right, bottom = frame.box
    x = right - LEGEND[0] * frame.meters if frame.legend[1] == "e" else left
    y = bottom - LEGEND[1] * frame.meters if frame.legend[0] == "s" else top + CONTROLS[3] * frame.meters
    assert not place.intersects(shapely.box(x, y, x + LEGEND[0] * frame.meters, y + LEGEND[1] * frame.meters))
    assert left <= 0 and top <= 0 and right >= columns * 1000 and bottom >= rows * 1000


def test_a_lakes_tract_is_drawn_and_decides_neither_the_frame_nor_a_name():
    ground = grid_ground(4, 4)
    named = [f"Hill {number}, Springfield, WI" for number in range(16)]
    shore = [(-90 + column * SIDE, 42) for column in range(5)]
    lake = shapely.Polygon([*shore, (-90 + 4 * SIDE, 42 + 20 * SIDE), (-90, 42 + 20 * SIDE)])
    wet = Ground(
        [*ground.geoids, "55101990000"],
        np.array([*ground.shapes, lake], dtype=object),
        [*named, "Big Lake, Springfield, WI"],
        np.ones(17, dtype=bool),
        np.zeros(17, dtype=bool),
        {},
    )
    dry = build_drawing(
        Ground(ground.geoids, ground.shapes, named, ground.own, ground.beside, {}), None, "Springfield", {}
    )
    drawn = build_drawing(wet, None, "Springfield", {})
    assert (drawn.width, drawn.height, drawn.narrow, drawn.legend) == (dry.width, dry.height, dry.narrow, dry.legend)
    assert drawn.tracts["55101990000"] and "Big Lake" not in {name.text for name in drawn.names}


def test_names_cover_neither_one_another_nor_the_edge():
    drawn = build_drawing(grid_ground(9, 9), None, "Springfield", {})
    shown = [name for name in drawn.names if not name.is_deep]
    k = WIDTH / drawn.width
    boxes = [text_box(name.text, name.x * k, name.y * k) for name in shown]
    assert 1 <= sum(name.kind == "city" for name in shown) <= NEIGHBORHOODS
    assert len(shown) <= AT_FULL_VIEW
    for place, one in enumerate(boxes):
        assert one[0] >= 0 and one[1] >= 0 and one[2] <= WIDTH and one[3] <= HEIGHT
        assert not any(shapely.box(*one).buffer(-2).intersects(shapely.box(*other)) for other in boxes[place + 1 :])


def test_neighbors_and_what_is_partly_inside_are_no_tracts_of_the_place():
    ground = grid_ground(5, 9, own=lambda row, column: 0 < row < 4 and 3 <= column < 6)
    drawn = build_drawing(ground, None, "Springfield", {"55101": "Racine County"})
    assert len(drawn.tracts) == 9
    assert drawn.near.count("M") == 36
    assert [name.text for name in drawn.names if name.kind == "near"] == ["Shelbyville"]
    assert drawn.counties == ""  # one county: no border


def test_a_stored_drawing_reads_as_it_was_and_another_version_is_refused():
    drawn = build_drawing(grid_ground(3, 3), None, "Springfield", {})
    stored = json.loads(json.dumps(drawn.as_json()))
    assert drawing_from_json(stored) == drawn
    del stored["edge"]
    with pytest.raises(KeyError):
        drawing_from_json(stored)


def test_a_place_without_tracts_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        build_drawing(grid_ground(2, 2, own=lambda row, column: False), None, "Springfield", {})


def test_three_thousand_tracts_keep_to_the_grid_of_their_frame():
    drawn = build_drawing(grid_ground(50, 60), None, "Springfield", {})
    assert len(drawn.tracts) == 3000
    assert drawn.grid >= 10
    assert sum(map(len, drawn.tracts.values())) < 120_000

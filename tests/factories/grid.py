"""A city of 60 tracts in a grid, with standard errors, counts, rents and poverty that follow one pattern."""

from functools import partial
from pathlib import Path

import numpy as np

from atlas.models import City
from tests.factories import files, portal
from tests.factories.cached_pages import remembered

COLUMNS, ROWS = 10, 6
RENT = "Median_Rent_2012-16"


def geoids(count: int = COLUMNS * ROWS) -> list[str]:
    return [f"26163{600000 + 100 * index:06d}" for index in range(count)]


def simple_tracts(path: Path, values: dict[str, tuple[float, float, float]]) -> Path:
    """tract_outcomes_simple cut to what is needed: GEOID -> (kfr, se, count)."""
    lines = ["state,county,tract,cz,czname,kfr_pooled_pooled_p25,kfr_pooled_pooled_p25_se,pooled_pooled_count"]
    lines += [
        f"{int(g[:2])},{int(g[2:5])},{int(g[5:])},11600,Detroit,{kfr:.6f},{se:.6f},{count:.1f}"
        for g, (kfr, se, count) in values.items()
    ]
    return files.write(path, "\n".join(lines) + "\n")


@remembered
def build(folder: Path, *, errors: bool = True, sample: bool = False, rows: int = ROWS) -> City:
    """Ranks fall from west to east, poverty rises; two rents are codes. Without `errors`, dollars as downloaded."""
    bring = partial(portal.ingest, sample=sample)
    city = portal.add_city()
    codes = geoids(COLUMNS * rows)
    spots = {g: (index % COLUMNS, index // COLUMNS) for index, g in enumerate(codes)}
    boxes = {g: (-83.10 + 0.01 * x, 42.30 + 0.01 * y, 0.01, 0.01) for g, (x, y) in spots.items()}
    bring(files.tract_map(folder / "tracts.geojson", boxes))
    outline = (-83.10, 42.30, 0.01 * COLUMNS, 0.01 * rows)
    bring(files.place_map(folder / "place.geojson", city.place_geoid, city.name, outline))
    rng = np.random.default_rng(7)
    rank = {g: 0.45 - 0.015 * x + 0.01 * rng.standard_normal() for g, (x, _) in spots.items()}
    if errors:
        bring(
            simple_tracts(
                folder / "tracts.csv", {g: (rank[g], 0.01 + 0.001 * y, 200 + 20 * y) for g, (_, y) in spots.items()}
            )
        )
    else:
        usd = {g: f"{np.interp(100 * r, np.arange(101), portal.crosswalk_rows()):.0f}" for g, r in rank.items()}
        bring(files.shown_tract(folder / "kfr.csv", usd))
    bring(
        files.shown_tract(
            folder / "poor.csv", {g: f"{0.1 + 0.04 * x:.3f}" for g, (x, _) in spots.items()}, files.SHOWN["poor"]
        )
    )
    rents = {g: str(700 + 10 * (9 - x) + 20 * y) for g, (x, y) in spots.items()} | {codes[0]: "99", codes[9]: "3501"}
    bring(files.shown_tract(folder / "rent.csv", rents, RENT))
    # Three counties besides, as the share model needs them.
    elsewhere = {"06037101110": "45000", "36055000200": "54000", "55101000100": "63000"}
    children = {g: ("36.5", str(500 + 10 * x)) for g, (x, _) in spots.items()}
    bring(files.collapse(folder / "collapse.csv", children | dict.fromkeys(elsewhere, ("36.5", "1000"))))
    incomes = {g: str(60_000 - 3_000 * x) for g, (x, _) in spots.items()}
    bring(files.income2000(folder / "income.csv", incomes | elsewhere))
    counties = {"26163": (11600, "Detroit", ".34619635", ".00091179216", "15000")}
    counts = {"06037": "600", "36055": "520", "55101": "450"}
    counties |= {f: (1000 + i, "Else", ".4", ".001", n) for i, (f, n) in enumerate(counts.items())}
    bring(files.counties(folder / "county.csv", counties))
    bring(portal.crosswalk(folder / "pctile.csv"))
    return city

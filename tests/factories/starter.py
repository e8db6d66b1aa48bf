"""A tiny folder of publishers' files that a starter set can be made of: three tracts, one county, one place."""

from datetime import date
from pathlib import Path

from atlas.starter.make import make_starter_set
from atlas.starter.manifest import StarterSet
from tests.factories import context, files, portal

MADE_ON = date(2026, 11, 29)
USD = {"26163500100": "20000", "26163500200": "30000", "26163500300": ""}


def write_inputs(folder: Path) -> Path:
    """Two downloads, the crosswalk, a county and the outlines; a file nobody may pass on and a note beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    files.shown_tract(folder / "kfr.csv", USD)
    files.shown_tract(folder / "jail.csv", dict.fromkeys(USD, ".05"), files.SHOWN["jail"])
    files.counties(folder / "county.csv", {"26163": (11600, "Detroit", ".35", ".0009", "1500")})
    portal.crosswalk(folder / "pctile.csv")
    boxes = {geoid: (-83.10 + 0.01 * i, 42.30, 0.01, 0.01) for i, geoid in enumerate(USD)}
    files.tract_map(folder / "tracts.geojson", boxes)
    files.tract_map(folder / "elsewhere.geojson", {"36055000200": (-77.6, 43.1, 0.01, 0.01)})
    files.place_map(folder / "place.geojson", "2677777", "Springfield", (-83.10, 42.30, 0.026, 0.011))
    context.social_county(folder / "social.csv")
    files.write(folder / "notes.txt", "what is here\n")
    return folder


def make(folder: Path) -> tuple[StarterSet, Path]:
    """A set of those files, and the folder it is in."""
    inputs = write_inputs(folder / "inputs")
    made = make_starter_set(sorted(inputs.iterdir()), folder / "set", MADE_ON)
    return made, folder / "set"

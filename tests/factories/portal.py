"""A small portal: one city of three tracts with everything a headline needs, through the real pipeline."""

import hashlib
import json
from functools import partial
from pathlib import Path

import numpy as np

from atlas.ingest.pipeline import run
from atlas.models import City, LivePart, Release
from tests.factories import files
from tests.factories.cached_pages import remembered

CITY_TRACTS = ("26163500100", "26163500200", "26163500300")
OUTSIDE = "26163500400"
# Incomes at percentiles 0..100 that pass the publisher's check points (p25, p50); invented elsewhere.
_CHECKED = {0: 0.0, 9: 0.0, 10: 25.39, 25: 15_551.21, 35: 22_000.0, 50: 42_317.11, 75: 83_317.0, 100: 1_062_314.0}


def crosswalk_rows() -> list[float]:
    return np.interp(np.arange(101), list(_CHECKED), list(_CHECKED.values())).tolist()


def crosswalk(path: Path) -> Path:
    return files.write(path, "".join(f"{p}.000000,{usd:.6f}\n" for p, usd in enumerate(crosswalk_rows())))


def add_city(slug: str = "springfield", place: str = "2677777") -> City:
    return City.objects.create(
        slug=slug,
        name=slug.title(),
        state_name="Michigan",
        state_usps="MI",
        place_geoid=place,
        longitude=-83.05,
        latitude=42.35,
    )


def ingest(path: Path, sample: bool = False):
    if sample:
        path.write_bytes(path.read_bytes() + b"\n")  # generated files are no publisher's byte for byte
        declare_sample(path)
    report = run(path, commit=True)
    assert report.outcome == "activated", report.sentence()
    return report


def declare_sample(path: Path) -> Path:
    """The file into its folder's manifest of synthetic files."""
    manifest = path.parent / "manifest.json"
    found = json.loads(manifest.read_text()) if manifest.exists() else {"synthetic": True, "files": []}
    found["files"].append({"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()})
    manifest.write_text(json.dumps(found))
    return path


def build_maps(folder: Path, city: City, sample: bool = False) -> None:
    """The outlines of the tracts and of the city."""
    bring = partial(ingest, sample=sample)
    boxes = {
        g: (-83.10 + 0.01 * i, 42.30, 0.01, 0.01) for i, g in enumerate((*CITY_TRACTS[:2], OUTSIDE, CITY_TRACTS[2]))
    }
    boxes[OUTSIDE] = (-83.10, 42.31, 0.01, 0.01)
    boxes[CITY_TRACTS[2]] = (-83.08, 42.30, 0.01, 0.01)
    bring(files.tract_map(folder / "tracts.geojson", boxes))
    bring(files.place_map(folder / "place.geojson", city.place_geoid, city.name, (-83.10, 42.30, 0.026, 0.011)))


@remembered
def build(folder: Path, city: City | None = None, sample: bool = False) -> City:
    """Tracts side by side, each .01 degrees wide; the city covers two and 60% of the third, 10% of the fourth.

    With `sample` everything is declared synthetic.
    """
    bring = partial(ingest, sample=sample)
    city = city or add_city()
    build_maps(folder, city, sample)
    usd = {CITY_TRACTS[0]: "20000", CITY_TRACTS[1]: "30000", CITY_TRACTS[2]: "", OUTSIDE: "25000"}
    usd |= {"06037101110": "40000", "36055000200": "0", "55101000100": "35000"}
    bring(files.shown_tract(folder / "kfr.csv", usd))
    bring(files.shown_tract(folder / "jail.csv", dict.fromkeys(usd, ".05"), files.SHOWN["jail"]))
    bring(files.shown_tract(folder / "poor.csv", dict.fromkeys(usd, ".2"), files.SHOWN["poor"]))
    bring(files.collapse(folder / "collapse.csv", {g: ("36.5", "1000") for g in usd}))
    bring(files.income2000(folder / "income.csv", {g: str(40_000 + 9_000 * i) for i, g in enumerate(usd)}))
    counties = {
        "26163": (11600, "Detroit", ".34619635", ".00091179216", "1500"),
        "06037": (38300, "Los Angeles", ".41", ".001", "300"),
        "36055": (18000, "Buffalo", ".39", ".002", "270"),
        "55101": (24000, "Kenosha", ".40", ".003", "240"),
    }
    bring(files.counties(folder / "county.csv", counties))
    bring(crosswalk(folder / "pctile.csv"))
    return city


def forget_maps() -> None:
    """Takes every boundary out, as if none had been ingested."""
    LivePart.objects.filter(dataset__in=("tract_boundaries_2010", "place_boundaries")).delete()
    Release.objects.filter(dataset__in=("tract_boundaries_2010", "place_boundaries")).delete()

"""The shipped sample: one set of publisher-format files for the ten cities, with a manifest.

national_percentile_outcomes.csv is left out: its official columns are not known to us.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from atlas.sample.boundaries import write_boundaries
from atlas.sample.cities import CITIES
from atlas.sample.covariates import draw_covariates, write_covariates
from atlas.sample.crosswalk import write_crosswalk
from atlas.sample.downloads import draw_values, write_collapse, write_downloads, write_mean_income
from atlas.sample.fields import SAMPLE_SEED
from atlas.sample.outcomes import draw_latent, draw_outcomes
from atlas.sample.places_above import county_and_zone_rows
from atlas.sample.sample_tracts import place_tracts, sample_tract_list
from atlas.sample.simple_files import write_county_file, write_tract_file, write_zone_file


@dataclass(frozen=True)
class ManifestEntry:
    name: str
    sha256: str
    rows: int  # data rows, or features of a GeoJSON file
    seed: int
    synthetic: bool = True


def _write_files(folder: Path, seed: int) -> dict[Path, int]:
    written: dict[Path, int] = {}
    everything = []
    for city in CITIES:
        lattice, tracts = place_tracts(city, seed)
        everything += tracts
        written |= write_boundaries(folder, city, lattice, tracts)
    everything.sort(key=lambda tract: tract.geoid)
    listed = sample_tract_list(everything)
    latent = draw_latent(listed, seed)
    early, late = (draw_outcomes(listed, latent, seed, cohort) for cohort in ("early", "late"))
    covariates = draw_covariates(listed, latent, seed)
    counties, zones = county_and_zone_rows(listed, early, seed)
    for name, write in {
        "tract_outcomes_simple.csv": lambda path: write_tract_file(path, listed, early),
        "tract_outcomes_late_simple.csv": lambda path: write_tract_file(path, listed, late),
        "tract_covariates.csv": lambda path: write_covariates(path, listed, covariates),
        "county_outcomes_simple.csv": lambda path: write_county_file(path, counties),
        "cz_outcomes_simple.csv": lambda path: write_zone_file(path, zones),
        "pctile_to_dollar_cw.csv": write_crosswalk,
        "tract_collapse.csv": lambda path: write_collapse(path, listed, latent, early),
        "tract_covariates_hhinc_mean2000.csv": lambda path: write_mean_income(path, listed, covariates),
    }.items():
        written[folder / name] = write(folder / name)
    return written | write_downloads(folder, everything, draw_values(listed, latent, early, covariates, seed))


def write_sample(folder: Path, seed: int = SAMPLE_SEED) -> list[Path]:
    """Write all sample files and manifest.json into `folder` (made if absent). Returns sorted paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = _write_files(folder, seed)
    entries = [
        ManifestEntry(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), rows, seed)
        for path, rows in sorted(written.items())
    ]
    manifest = folder / "manifest.json"
    text = json.dumps({"synthetic": True, "files": [vars(entry) for entry in entries]}, indent=1)
    manifest.write_text(text + "\n", encoding="ascii", newline="")
    return sorted([*written, manifest])

"""Write the publisher's simple outcome files: tract (early and late cohort), county and commuting zone."""

from pathlib import Path

import numpy as np

from atlas.sample.columns import COUNTY_SIMPLE_COLUMNS, CZ_SIMPLE_COLUMNS, SIMPLE_COLUMNS, SIMPLE_VALUES
from atlas.sample.fields import SAMPLE_SEED
from atlas.sample.national import NATIONAL_TRACTS, national_tract_list
from atlas.sample.number_text import write_table
from atlas.sample.outcomes import draw_latent, draw_outcomes
from atlas.sample.tracts import TractList


def write_tract_file(path: Path, tracts: TractList, outcomes: dict[str, np.ndarray]) -> int:
    """tract_outcomes_simple.csv: 65 columns, state, county and tract without leading zeros. Returns rows."""
    values = np.stack([outcomes[name] for name in SIMPLE_VALUES], axis=1)
    with path.open("w", encoding="ascii", newline="") as handle:
        handle.write(",".join(SIMPLE_COLUMNS) + "\n")
        write_table(handle, tracts.id_text(), values)
    return len(tracts)


def write_county_file(path: Path, counties) -> int:
    """county_outcomes_simple.csv from the rows of `places_above`. Returns rows."""
    ids = [f"{int(fips[:2])},{int(fips[2:])},{zone.cz},{zone.name}" for fips, (zone, _) in counties.items()]
    return _write_rows(path, COUNTY_SIMPLE_COLUMNS, ids, [row for _, row in counties.values()])


def write_zone_file(path: Path, zones) -> int:
    """cz_outcomes_simple.csv from the rows of `places_above`. Returns rows."""
    ids = [f"{cz},{zone.name}" for cz, (zone, _) in zones.items()]
    return _write_rows(path, CZ_SIMPLE_COLUMNS, ids, [row for _, row in zones.values()])


def _write_rows(path: Path, columns, ids, rows) -> int:
    values = np.array([[row[name] for name in SIMPLE_VALUES] for row in rows])
    with path.open("w", encoding="ascii", newline="") as handle:
        handle.write(",".join(columns) + "\n")
        write_table(handle, ids, values, np.float64)
    return len(ids)


def write_simple(path: Path, tracts: int = NATIONAL_TRACTS, seed: int = SAMPLE_SEED, cohort: str = "early") -> int:
    """A national-size tract_outcomes_simple.csv over synthetic tracts in real counties. Returns rows."""
    listed = national_tract_list(tracts, seed)
    return write_tract_file(Path(path), listed, draw_outcomes(listed, draw_latent(listed, seed), seed, cohort))

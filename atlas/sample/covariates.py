"""tract_covariates.csv: 38 columns, neighborhood characteristics that go with the outcomes.

Units follow the publisher's codebook: dollars of the year in the name, shares 0-1, minutes, people or
jobs per square mile. Missing is empty: rents and wage growth for about a fifth of the tracts, job growth
for all of Massachusetts and the District of Columbia.
"""

from pathlib import Path

import numpy as np

from atlas.sample.columns import COVARIATE_COLUMNS, COVARIATE_VALUES
from atlas.sample.fields import generator, odds, squash
from atlas.sample.number_text import write_table
from atlas.sample.outcomes import Latent
from atlas.sample.tracts import TractList

NO_JOB_GROWTH_STATES = ("25", "11")


def draw_covariates(tracts: TractList, latent: Latent, seed: int) -> dict[str, np.ndarray]:
    """The 33 value columns; float64, NaN where missing."""
    rng = generator(seed, 5)
    size = len(tracts)

    def noise(scale: float) -> np.ndarray:
        return scale * rng.standard_normal(size)

    wealth = latent.affluence
    poor = 0.02 + 0.5 * squash(-1.1 * wealth - 0.7 + noise(0.15))
    college = 0.04 + 0.62 * squash(0.9 * wealth - 0.5 + noise(0.15))
    income = 52_000 * np.sqrt(odds(0.55 * wealth + noise(0.06)))
    single = 0.05 + 0.8 * squash(-0.7 * latent.opportunity - 0.4 * wealth - 0.3 + noise(0.15))
    dense = 2_600 * odds(-0.45 * wealth + noise(0.35))
    jobs = np.rint(60_000 * odds(noise(0.3) - 0.3 * wealth))
    # children of poor parents are not the whole population: shift their shares toward the majority
    people = latent.shares * np.array([1.5, 0.85, 0.8, 1.0])
    people /= people.sum(axis=1, keepdims=True)
    earlier = people * odds(0.06 * rng.standard_normal((size, 4)) + np.array([0.06, -0.01, -0.1, -0.05]))
    earlier /= earlier.sum(axis=1, keepdims=True)
    growth = 0.01 + noise(0.03)
    columns = {
        "hhinc_mean2000": income * (1 + noise(0.03)),
        "mean_commutetime2000": 23 + 3 * squash(wealth) + noise(3),
        "frac_coll_plus2000": np.clip(college - 0.03 + noise(0.01), 0, 1),
        "frac_coll_plus2010": college,
        "foreign_share2010": np.clip(0.01 + 0.3 * people[:, 2] + 0.3 * people[:, 3] + noise(0.01), 0, 1),
        "med_hhinc1990": 0.62 * income * (1 + noise(0.05)),
        "med_hhinc2016": np.rint(1.02 * income * (1 + noise(0.07))),
        "popdensity2000": dense * (1 + noise(0.03)),
        "poor_share2010": poor,
        "poor_share2000": np.clip(poor - 0.02 + noise(0.02), 0, 1),
        "poor_share1990": np.clip(poor - 0.02 + noise(0.03), 0, 1),
        "share_white2010": people[:, 0],
        "share_black2010": people[:, 1],
        "share_hisp2010": people[:, 2],
        "share_asian2010": 0.6 * people[:, 3],
        "share_black2000": earlier[:, 1],
        "share_white2000": earlier[:, 0],
        "share_hisp2000": earlier[:, 2],
        "share_asian2000": 0.55 * earlier[:, 3],
        "gsmn_math_g3_2013": 3.0 + 0.6 * wealth + 0.3 * latent.opportunity + noise(0.2),
        "rent_twobed2015": np.rint(np.maximum(850 + 170 * wealth + noise(90), 250)),
        "singleparent_share2010": single,
        "singleparent_share1990": np.clip(0.8 * single + noise(0.03), 0, 1),
        "singleparent_share2000": np.clip(0.92 * single + noise(0.03), 0, 1),
        "traveltime15_2010": np.clip(0.29 - 0.03 * wealth + noise(0.07), 0.01, 0.95),
        "emp2000": np.clip(0.59 + 0.07 * wealth + noise(0.04), 0.05, 0.95),
        "mail_return_rate2010": np.clip(77 + 5 * wealth + noise(3), 20, 100),
        "ln_wage_growth_hs_grad": growth - 0.02,
        "jobs_total_5mi_2015": jobs,
        "jobs_highpay_5mi_2015": np.rint(jobs * np.clip(0.42 + noise(0.04), 0.1, 0.8)),
        "popdensity2010": dense,
        "ann_avg_job_growth_2004_2013": growth,
        "job_density_2013": 900 * odds(noise(0.5)),
    }
    few = ~tracts.populated
    columns = {name: np.where(few, np.nan, values) for name, values in columns.items()}
    for name in ("rent_twobed2015", "ln_wage_growth_hs_grad"):
        columns[name] = np.where(rng.random(size) < 0.21, np.nan, columns[name])
    silent = np.array([county.fips[:2] in NO_JOB_GROWTH_STATES for county in tracts.counties])[tracts.county]
    columns["ann_avg_job_growth_2004_2013"] = np.where(silent, np.nan, columns["ann_avg_job_growth_2004_2013"])
    return columns


def write_covariates(path: Path, tracts: TractList, covariates: dict[str, np.ndarray]) -> int:
    """Write the file; returns rows."""
    values = np.stack([covariates[name] for name in COVARIATE_VALUES], axis=1)
    with path.open("w", encoding="ascii", newline="") as handle:
        handle.write(",".join(COVARIATE_COLUMNS) + "\n")
        write_table(handle, tracts.id_text(), values)
    return len(tracts)

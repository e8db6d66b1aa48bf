"""Per-variable tract files as opportunityatlas.org offers them: tract, Name, value. No errors, no counts.

UTF-8 with a byte-order mark, tract without its leading zero, sorted by value downwards, blanks last.
Income is whole 2015 dollars, shares have four decimals. Also the two wide companions (tract_collapse and
mean household income 2000), with Windows line ends, as they circulate.
"""

import csv
from pathlib import Path

import numpy as np

from atlas.sample.crosswalk import rank_to_dollars
from atlas.sample.fields import generator, squash
from atlas.sample.number_text import number_as_text
from atlas.sample.outcomes import Latent
from atlas.sample.sample_tracts import SampleTract
from atlas.sample.tracts import TractList

VALUE_HEADERS = {
    "kfr_rP_gP_p25": "Household_Income_at_Age_35_rP_gP_p25",
    "kfr_top20_rP_gP_p25": "Frac._in_Top_20%_Based_on_Household_Income_rP_gP_p25",
    "jail_rP_gP_pall": "Incarceration_Rate_rP_gP_pall",
    "working_rP_gP_pall": "Employment_Rate_rP_gP_pall",
    "teenbirth_rP_gF_pall": "Teenage_Birth_Rate_women_only_rP_gF_pall",
    "staycz_rP_gP_pall": "%_Staying_in_Same_Commuting_Zone_as_Adults_rP_gP_pall",
    "nonwhite_share2010": "Fraction_Non-White_in_2010",
    "poor_share2016": "Poverty_Rate_in_2012-16",
    "singleparent_share2016": "Fraction_Single_Parents_in_2012-16",
    "median_rent2016": "Median_Rent_2012-16",
}
BOTTOM_RENT, TOP_RENT = 99, 3501  # publisher's codes for "below 100" and "above 3,500"


def tract_name(tract: SampleTract) -> str:
    """ "Northeast, Dayton, OH" inside the city, "Montgomery County, OH" outside. Sides of the center only."""
    city = tract.city
    if not tract.in_city:
        county = next(part for part in city.counties if part.fips == tract.geoid[:5])
        return f"{county.name} County, {city.state_usps}"
    north = "North" if tract.y > 1 else "South" if tract.y < -1 else ""
    east = "east" if tract.x > 1 else "west" if tract.x < -1 else ""
    return f"{(north + east).capitalize() or 'Center'}, {city.name}, {city.state_usps}"


def draw_values(tracts: TractList, latent: Latent, outcomes, covariates, seed: int) -> dict[str, np.ndarray]:
    """One value per tract and file, NaN where missing."""
    rng = generator(seed, 6)
    size = len(tracts)

    def noise(scale: float) -> np.ndarray:
        return scale * rng.standard_normal(size)

    rank = outcomes["kfr_pooled_pooled_p25"].astype(np.float64)
    jail = outcomes["jail_pooled_pooled_p25"].astype(np.float64)
    hidden = np.isnan(rank)
    drop = np.where(hidden | (rng.random(size) < 0.003), np.nan, 0.0)
    income = rank + 0.05 * squash(latent.affluence) - 0.02
    rent = np.rint(covariates["rent_twobed2015"] * (1 + noise(0.05)) + 40)
    rent = np.where(rng.random(size) < 0.01, BOTTOM_RENT, np.where(rng.random(size) < 0.005, TOP_RENT, rent))
    return {
        "kfr_rP_gP_p25": np.rint(rank_to_dollars(rank)),
        "kfr_top20_rP_gP_p25": np.clip(0.11 + 1.1 * (rank - 0.4) + noise(0.02), 0, 1) + drop,
        "jail_rP_gP_pall": np.clip(0.7 * jail + noise(0.004), 0, 1) + drop,
        "working_rP_gP_pall": np.clip(0.74 + 0.4 * (income - 0.4) + noise(0.02), 0, 1) + drop,
        "teenbirth_rP_gF_pall": np.clip(0.27 - 1.5 * (income - 0.4) + noise(0.03), 0, 1) + drop,
        "staycz_rP_gP_pall": np.clip(0.74 - 0.05 * latent.affluence + noise(0.03), 0, 1) + drop,
        "nonwhite_share2010": np.clip(1 - covariates["share_white2010"], 0, 1),
        "poor_share2016": np.clip(covariates["poor_share2010"] + noise(0.03), 0, 1),
        "singleparent_share2016": np.clip(covariates["singleparent_share2010"] + noise(0.04), 0, 1),
        "median_rent2016": rent,
    }


def write_downloads(folder: Path, tracts: list[SampleTract], values: dict[str, np.ndarray]) -> dict[Path, int]:
    """Write shown_tract_*.csv for tracts sorted by GEOID; rows per path."""
    geoids = [int(tract.geoid) for tract in tracts]
    names = [tract_name(tract) if tract.ring is not None else "" for tract in tracts]
    written = {}
    for stem, header in VALUE_HEADERS.items():
        column = values[stem].tolist()
        decimals = 0 if stem in ("kfr_rP_gP_p25", "median_rent2016") else 4
        texts = [
            "" if v != v else (f"{v:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{v:.0f}") for v in column
        ]
        order = sorted(range(len(geoids)), key=lambda i: (texts[i] == "", -column[i] if texts[i] else 0.0, geoids[i]))
        path = folder / f"shown_tract_{stem}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as handle:
            handle.write(f'"tract","Name","{header}"\n')
            handle.writelines(
                f'{geoids[i]},"{names[i]}",{texts[i]}\n' if names[i] else f"{geoids[i]},,{texts[i]}\n" for i in order
            )
        written[path] = len(geoids)
    return written


def write_collapse(path: Path, tracts: TractList, latent: Latent, outcomes) -> int:
    """tract_collapse.csv: individual income rank x 100 and Census 2000 counts of everyone under 18. Returns rows."""
    kids = {
        "pooled": latent.kids,
        "white": latent.kids * latent.shares[:, 0],
        "black": latent.kids * latent.shares[:, 1],
    }
    header = ["state", "county", "tract"] + [f"kir_{race}_p25" for race in ("black", "pooled", "white")]
    header += [f"kid_{race}_n" for race in kids]
    with path.open("w", encoding="ascii", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(header)
        ranks = []
        for race, lift in (("black", 0.05), ("pooled", 0.03), ("white", 0.01)):
            rank = 100 * (0.2 + 0.55 * (outcomes[f"kfr_{race}_pooled_p25"].astype(np.float64) + lift))
            ranks.append([number_as_text(value) for value in rank.tolist()])
        counts = [[f"{value:.0f}" for value in column.tolist()] for column in kids.values()]
        for index, (county, code) in enumerate(zip(tracts.county.tolist(), tracts.codes.tolist(), strict=True)):
            fips = tracts.counties[county].fips
            row = [int(fips[:2]), int(fips[2:]), code, *(column[index] for column in ranks)]
            writer.writerow(row + [column[index] for column in counts])
    return len(tracts)


def write_mean_income(path: Path, tracts: TractList, covariates) -> int:
    """tract_covariates_hhinc_mean2000.csv: tract, county, state, mean household income 2000 in dollars."""
    texts = [number_as_text(value) for value in covariates["hhinc_mean2000"].tolist()]
    with path.open("w", encoding="ascii", newline="") as handle:
        handle.write("tract,county,state,hhinc_mean2000\r\n")
        for county, code, text in zip(tracts.county.tolist(), tracts.codes.tolist(), texts, strict=True):
            fips = tracts.counties[county].fips
            handle.write(f"{code},{int(fips[2:])},{int(fips[:2])},{text}\r\n")
    return len(tracts)

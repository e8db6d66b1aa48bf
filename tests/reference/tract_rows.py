"""A city's tracts beside all US tracts, from the publishers' files."""

import numpy as np
import pandas as pd
from scipy import stats

from tests.reference.raw_files import HALF, RawFiles


def tract_rows(raw: RawFiles, city: str) -> pd.DataFrame:
    """By GEOID: value in 2015 dollars, percent of US tracts below it (half of the equal ones), area inside."""
    mine = raw.members[raw.members.city == city].sort_values("geoid")
    values = raw.income.reindex(mine.geoid)
    percentile = [
        stats.percentileofscore(raw.income, one, kind="mean") if np.isfinite(one) else np.nan for one in values
    ]
    return pd.DataFrame(
        {
            "geoid": mine.geoid.map("{:011d}".format).to_numpy(),
            "value": values.to_numpy(),
            "national_percentile": percentile,
            "share_in_city": mine.share.to_numpy(),
            "belongs": (mine.share >= HALF).to_numpy(),
        }
    )


def own_values(raw: RawFiles, city: str) -> pd.Series:
    return raw.income.reindex(raw.own(city))


def band_rows(raw: RawFiles, city: str) -> pd.DataFrame:
    """Thirty or so even bands between the outer thousandths of US tracts; the outermost hold everything beyond."""
    found = own_values(raw, city).dropna()
    low, high = raw.income.quantile([0.001, 0.999])
    edges = np.linspace(low, high, 31)
    inner = edges[1:-1]

    def shares(values: pd.Series) -> np.ndarray:
        band = np.searchsorted(inner, values, side="right")
        return np.bincount(band, minlength=30) / len(values)

    return pd.DataFrame(
        {"from": edges[:-1], "to": edges[1:], "city_share": shares(found), "us_share": shares(raw.income)}
    )

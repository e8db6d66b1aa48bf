"""A place's headline with all that stands beside it, row by row from the publishers' files."""

import numpy as np
import pandas as pd

from tests.reference.raw_files import RawFiles, name

HOMES = {"detroit": "Wayne County", "new-orleans": "Orleans Parish", "racine": "Racine County"}
VALUE, ERROR = "kfr_pooled_pooled_p25", "kfr_pooled_pooled_p25_se"
SAME_GROUND = 0.99
PUBLISHED, OF_COUNTIES = "published", "average of published county values"
ZONE = "average of published county values"
ADJUSTED = "average of its tracts, adjusted to published county values"


def mean(raw: RawFiles, tracts: list[int]) -> dict:
    """What is published where the place is its counties, else the average of its tracts moved with its counties."""
    mine = raw.known[raw.known.index.isin(tracts)]
    inside = mine.groupby("county").weight.sum()
    share, county = inside / inside.sum(), raw.of_counties.reindex(inside.index)
    published = raw.counties.reindex(inside.index)
    own = float((mine["rank"] * mine.weight).sum() / mine.weight.sum())
    error = float(np.sqrt(((share * published[ERROR]) ** 2).sum()))
    is_whole = bool((inside / county.weight >= SAME_GROUND).all())
    moved = own + float((share * (published[VALUE] - county["mean"])).sum())
    value = float((share * published[VALUE]).sum()) if is_whole else moved
    return {
        "value": value,
        "standard_error": error if is_whole else np.nan,
        "tract_mean": own,
        "adjustment": value - own,
        "adjustment_in_errors": (value - own) / error,
        "usd_2015": raw.usd(value),
        "how": PUBLISHED if is_whole else ADJUSTED,
    }


def main_county(raw: RawFiles, city: str) -> int:
    mine = raw.known.reindex(raw.own(city)).dropna()
    return int(mine.groupby("county").weight.sum().idxmax())


def headline_rows(raw: RawFiles, city: str) -> pd.DataFrame:
    """The place, its county, its commuting zone, the nation, then the other cities by name."""
    known, county = raw.known, main_county(raw, city)
    zone = raw.counties.loc[county]
    counties = raw.counties.index[raw.counties.cz == zone.cz]
    beside = {"adjustment_in_errors": np.nan, "how": OF_COUNTIES}
    of_zone = f"{zone.czname} (zone {int(zone.cz)}), {ZONE}"
    rows = [
        {"place": name(city), **mean(raw, raw.own(city))},
        {"place": f"{HOMES[city]}, published", **mean(raw, known.index[known.county == county].tolist())},
        {"place": of_zone, **mean(raw, known.index[known.county.isin(counties)].tolist()), **beside},
        {"place": "United States, average low-income child", **mean(raw, known.index.tolist()), **beside},
    ]
    rows += [{"place": name(other), **mean(raw, raw.own(other))} for other in raw.cities() if other != city]
    return pd.DataFrame(rows)


def low_income_children(raw: RawFiles, tracts: list[int], race: str = "pooled") -> float:
    """Modeled children of the tracts, each county's by the publisher's count of it over the model's."""
    weight = raw.groups[race].weight
    whole = weight.groupby(weight.index // 10**6).sum()
    ratio = raw.counties[f"{race}_pooled_count"] / whole
    mine = weight.reindex(tracts)
    return float((mine * ratio.reindex(mine.index // 10**6).to_numpy()).sum())


def facts(raw: RawFiles, city: str) -> dict[str, float]:
    """Single numbers of the API's headline and summary: shares 0-1, variances of ranks 0-1."""
    weight, tracts, county = raw.tracts.weight, raw.own(city), main_county(raw, city)
    mine, used = weight.reindex(tracts), raw.known.reindex(tracts).dropna()
    touched = raw.members[raw.members.city == city].set_index("geoid").share
    children = weight.reindex(touched.index)
    belongs = touched.index.isin(tracts)
    share = used.weight / used.weight.sum()
    found = mean(raw, tracts)
    modelled = mean(raw, raw.known.index[raw.known.county == county].tolist())
    return {
        "value": found["value"],
        "raw_value": found["tract_mean"],
        "standard_error": found["standard_error"],
        "adjustment": found["adjustment"],
        "adjustment_in_errors": found["adjustment_in_errors"],
        "usd": found["usd_2015"],
        "tracts_used": len(used),
        "tracts_total": len(tracts),
        "coverage": used.weight.sum() / mine.sum(),
        "children": low_income_children(raw, tracts),
        "area_rule_coverage": (children * touched)[belongs].sum() / (children * touched).sum(),
        "outside_share": (children * (1 - touched))[belongs].sum() / children[belongs].sum(),
        "county_share": mine[mine.index // 10**6 == county].sum() / weight[raw.tracts.county == county].sum(),
        "at_or_below_zero_share": mine[raw.income.reindex(tracts) <= 0].sum() / mine.sum(),
        "measured_error": modelled["tract_mean"] - modelled["value"],
        "total_variance": float((share * (used["rank"] - found["tract_mean"]) ** 2).sum()),
        "place_share": used[used.county == county].weight.sum() / used.weight.sum(),
        "inside_share": used[used.county == county].weight.sum() / raw.of_counties.weight[county],
        "published": raw.counties.loc[county, VALUE],
        "published_error": raw.counties.loc[county, ERROR],
        "modelled": modelled["tract_mean"],
        "difference": modelled["value"] - modelled["tract_mean"],
    }

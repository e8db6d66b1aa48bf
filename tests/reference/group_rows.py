"""Levels and gaps of groups, row by row from the publishers' files."""

import numpy as np
import pandas as pd

from tests.reference import groups
from tests.reference.place_means import HOMES, low_income_children, main_county, mean
from tests.reference.raw_files import RawFiles, name

RACES = {"white": "white ", "black": "Black ", "hisp": "Hispanic "}
GENDERS = {"pooled": "children", "female": "girls", "male": "boys"}
LEVELS = [("pooled", "pooled"), *((race, "pooled") for race in RACES), ("pooled", "female"), ("pooled", "male")]
LEVELS += [(race, gender) for race in RACES for gender in ("female", "male")]
PAIRS = [(("white", gender), (race, gender)) for gender in GENDERS for race in ("black", "hisp")]
PAIRS += [((race, "female"), (race, "male")) for race in ("pooled", *RACES)]
MOST_KEPT = 0.6  # of the second group's children: under it no gap in the same neighborhoods is shown


def words(group: tuple[str, str]) -> str:
    race, gender = group
    return "all children" if group == ("pooled", "pooled") else f"{RACES.get(race, '')}{GENDERS[gender]}"


def pair_words(first: tuple[str, str], second: tuple[str, str]) -> str:
    same_gender = first[1] == second[1]
    one = words(first).removesuffix(f" {GENDERS[first[1]]}") if same_gender else words(first)
    other = words(second) if same_gender else GENDERS[second[1]]
    return f"{one[0].upper()}{one[1:]} minus {other}"


def nation(raw: RawFiles, group: tuple[str, str]) -> float:
    """Mean of all counties by the group's published counts; for everybody the nation the headline stands against."""
    if group == ("pooled", "pooled"):
        return mean(raw, raw.known.index.tolist())["value"]
    value, count = f"kfr_{group[0]}_{group[1]}_p25", f"{group[0]}_{group[1]}_count"
    known = raw.counties.dropna(subset=[value, f"{value}_se", count])
    return float((known[value] * known[count]).sum() / known[count].sum())


def level_rows(raw: RawFiles, city: str) -> pd.DataFrame:
    """Tracts' means of individual income first, then the county's published household income."""
    tracts, county = raw.own(city), raw.counties.loc[main_county(raw, city)]
    rows, everybody = [], low_income_children(raw, tracts)
    for race, table in raw.groups.items():
        own, children = table.reindex(tracts), low_income_children(raw, tracts, race)
        used = own.dropna()
        rows.append(
            {
                "ground": name(city),
                "group": words((race, "pooled")),
                "measure": f"kir_{race}_pooled_p25",
                "value": groups.level(own),
                "standard_error": np.nan,
                "nation": groups.level(table),
                "children": children if children <= everybody else np.nan,  # a part is not more than the whole
                "coverage": used.weight.sum() / own.weight.sum(),
                "tracts_used": (used.weight > 0).sum(),
            }
        )
    for group in LEVELS:
        slug = f"kfr_{group[0]}_{group[1]}_p25"
        if not np.isnan(county[slug]):
            rows.append(
                {
                    "ground": f"{HOMES[city]}, published",
                    "group": words(group),
                    "measure": slug,
                    "value": county[slug],
                    "standard_error": county[f"{slug}_se"],
                    "nation": nation(raw, group),
                    "children": county[f"{group[0]}_{group[1]}_count"],
                    "coverage": np.nan,
                    "tracts_used": np.nan,
                }
            )
    return pd.DataFrame(rows)


def gap_rows(raw: RawFiles, city: str) -> pd.DataFrame:
    """White minus Black over the city's tracts, then each pair of the county's published values."""
    tracts, county = raw.own(city), raw.counties.loc[main_county(raw, city)]
    rows = [_own_gap(raw, city, tracts)]
    for first, second in PAIRS:
        one, two = (f"kfr_{race}_{gender}_p25" for race, gender in (first, second))
        rows.append(
            {
                "ground": f"{HOMES[city]}, published",
                "gap": pair_words(first, second),
                "measure": "household income",
                "first": county[one],
                "second": county[two],
                "own": county[one] - county[two],
                "own_standard_error": np.hypot(county[f"{one}_se"], county[f"{two}_se"]),
            }
        )
    return pd.DataFrame(rows)


def _own_gap(raw: RawFiles, city: str, tracts: list[int]) -> dict:
    first, second = (raw.groups[race].reindex(tracts) for race in ("white", "black"))
    levels = groups.level(first), groups.level(second)
    common, kept = groups.common_gap(first, second)
    both = first["rank"].notna() & second.dropna().reindex(second.index)["rank"].notna() & (second.weight > 0)
    shown = kept >= MOST_KEPT
    return {
        "ground": name(city),
        "gap": pair_words(("white", "pooled"), ("black", "pooled")),
        "measure": "personal income",
        "first": levels[0],
        "second": levels[1],
        "own": levels[0] - levels[1],
        "own_standard_error": np.nan,
        "common": common if shown else np.nan,
        "common_standard_error": np.nan,
        "between": levels[0] - levels[1] - common if shown else np.nan,
        "between_standard_error": np.nan,
        "coverage": kept,
        "first_coverage": first.weight[both].sum() / first.weight.sum(),
        "tracts_dropped": (first["rank"].notna() ^ second["rank"].notna()).sum(),
    }

"""County and commuting-zone rows that agree with the synthetic tracts and the published check figures.

A county with tracts gets its tracts' count-weighted means plus a little (the publisher fits counties on
their own). The zone's other counties balance it, so that count-weighted county means give the zone's
published level (for five zones) or its rounded design level (for the other five; Kenosha's is moved by
the published figure of one of its counties). The rows of the five published zones carry the published
figures themselves: Opportunity Atlas, Chetty, Friedman, Hendren, Jones and Porter (2018), NBER WP 25147.
"""

import numpy as np

from atlas.sample.cities import COMMUTING_ZONES, PUBLISHED_COUNTY, CommutingZone
from atlas.sample.columns import SIMPLE_VALUES
from atlas.sample.fields import generator
from atlas.sample.outcomes import MINIMUM_CHILDREN
from atlas.sample.tracts import TractList

ESTIMATES = tuple(name for name in SIMPLE_VALUES if name.endswith("_p25"))
COUNTS = tuple(name for name in SIMPLE_VALUES if name.endswith("_count"))
Row = dict[str, float]
# A county's own standard error over that of its tracts taken as independent: children who lived in several tracts
# tie them together. New Orleans is its parish; every other county's errors are as if its tracts were independent.
ERROR_RATIO = {"22071": 1.31, "26163": 1.24}


def count_of(estimate: str) -> str:
    """The count column behind an estimate: kfr_black_male_p25 -> black_male_count."""
    return "_".join(estimate.split("_")[1:3]) + "_count"


def weighted_row(columns: dict[str, np.ndarray]) -> Row:
    """Count-weighted means over rows with a value; SE of independent rows; counts added up. NaN when empty."""
    row: Row = {name: _total(columns[name]) for name in COUNTS}
    for name in ESTIMATES:
        value, error, count = (columns[key].astype(np.float64) for key in (name, f"{name}_se", count_of(name)))
        seen = ~(np.isnan(value) | np.isnan(count))
        total = count[seen].sum()
        row[name] = float((value[seen] * count[seen]).sum() / total) if total > 0 else np.nan
        row[f"{name}_se"] = float(np.sqrt(((error[seen] * count[seen]) ** 2).sum()) / total) if total > 0 else np.nan
    return row


def _total(column: np.ndarray) -> float:
    seen = column[~np.isnan(column)].astype(np.float64)
    return float(seen.sum()) if len(seen) else np.nan


def _targets(zone: CommutingZone) -> dict[str, float]:
    """Published or designed levels that the zone's counties must average to."""
    by_race = {f"kfr_{race}_pooled_p25": getattr(zone, race) for race in ("black", "white", "hisp")}
    return {"kfr_pooled_pooled_p25": zone.kfr, **by_race}


def _counties_with_tracts(zone, tracts: TractList, outcomes, rng) -> dict[str, Row]:
    rows = {}
    for number, county in enumerate(tracts.counties):
        if county.cz == zone.cz:
            member = tracts.county == number
            rows[county.fips] = weighted_row({name: column[member] for name, column in outcomes.items()})
    if zone.other_counties:  # otherwise there is no other county to balance the departure
        for row in rows.values():
            for name in ESTIMATES:
                row[name] += 0.25 * row[f"{name}_se"] * max(-2.0, min(2.0, float(rng.standard_normal())))
    for fips, row in rows.items():  # after the departures, which the ratio does not change
        for name in ESTIMATES:
            row[f"{name}_se"] *= ERROR_RATIO.get(fips, 1.0)
    return rows


def _balance(target: float, name: str, rows: list[Row], rest_children: float) -> float:
    """The value the other counties need for the zone's count-weighted mean to meet its target."""
    weight = count_of(name)
    known = [(row[name], row[weight]) for row in rows if row[name] == row[name]]
    return (target * (sum(n for _, n in known) + rest_children) - sum(v * n for v, n in known)) / rest_children


def _other_counties(zone: CommutingZone, rows: list[Row], rng: np.random.Generator) -> dict[str, Row]:
    """Rows for counties without tracts in the sample; pooled first, race and gender follow the known counties."""
    if not zone.other_counties:
        return {}
    known = weighted_row({name: np.array([row[name] for row in rows]) for name in SIMPLE_VALUES})
    left = zone.count - known["pooled_pooled_count"]
    sizes = 0.3 + rng.random(len(zone.other_counties))
    sizes *= left / sizes.sum()
    less_black = {"white": 1.25, "black": 0.5, "hisp": 0.8, "pooled": 1.0}
    counts = {
        name: sizes * known[name] / known["pooled_pooled_count"] * less_black[name.split("_")[0]] for name in COUNTS
    }
    columns: dict[str, np.ndarray] = {}
    targets = _targets(zone)
    for name in ESTIMATES:
        outcome, race, gender, _ = name.split("_")
        pooled = f"{outcome}_{race}_pooled_p25"
        if name in targets:
            base = _balance(targets[name], name, rows, float(counts[count_of(name)].sum()))
        elif gender != "pooled":
            base = float("nan")  # set from the pooled column below
        else:
            base = known[name] * (1.0 if outcome == "kfr" else 0.8)
        count = counts[count_of(name)]
        noise = (0.01 if outcome == "kfr" else 0.003) * rng.standard_normal(len(sizes))
        columns[name] = base + noise - (noise * count).sum() / count.sum()
        if gender != "pooled":
            columns[name] = columns[pooled] + known[name] - known[pooled] + noise / 4
        spread = 0.42 if outcome == "kfr" else 1.7 * np.sqrt(max(known[name], 0.002))
        columns[f"{name}_se"] = spread / np.sqrt(count) * (1 + 0.1 * rng.random(len(sizes)))
    columns |= counts
    for name in ESTIMATES:
        few = counts[count_of(name)] < MINIMUM_CHILDREN
        columns[name] = np.where(few, np.nan, columns[name])
        columns[f"{name}_se"] = np.where(few, np.nan, columns[f"{name}_se"])
    for name in COUNTS:
        columns[name] = np.where(counts[name] < MINIMUM_CHILDREN, np.nan, counts[name])
    return {
        fips: {name: float(columns[name][number]) for name in SIMPLE_VALUES}
        for number, fips in enumerate(zone.other_counties)
    }


def county_and_zone_rows(tracts: TractList, outcomes: dict[str, np.ndarray], seed: int):
    """(rows by county FIPS with their zone, rows by zone), both sorted."""
    counties: dict[str, tuple[CommutingZone, Row]] = {}
    zones: dict[int, tuple[CommutingZone, Row]] = {}
    for zone in sorted(COMMUTING_ZONES, key=lambda z: z.cz):
        rng = generator(seed, 10_000 + zone.cz)
        rows = _counties_with_tracts(zone, tracts, outcomes, rng)
        rows |= _other_counties(zone, list(rows.values()), rng)
        for fips, (value, error) in PUBLISHED_COUNTY.items():
            if fips in rows:
                rows[fips] |= {"kfr_pooled_pooled_p25": value, "kfr_pooled_pooled_p25_se": error}
        total = weighted_row({name: np.array([row[name] for row in rows.values()]) for name in SIMPLE_VALUES})
        if zone.published:
            total |= _targets(zone)
            assert zone.kfr_se is not None, "a published zone has a published standard error"
            total |= {"kfr_pooled_pooled_p25_se": zone.kfr_se, "pooled_pooled_count": zone.count}
        zones[zone.cz] = (zone, total)
        counties |= {fips: (zone, row) for fips, row in rows.items()}
    return dict(sorted(counties.items())), zones
